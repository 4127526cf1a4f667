from django.urls import path

from mingqu.ui import views

app_name = "ui"
urlpatterns = [
    path("display/elder/", views.set_elder, name="elder"),
    path("display/audience/", views.set_audience, name="audience"),
    path("display/language/", views.set_language, name="language"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
