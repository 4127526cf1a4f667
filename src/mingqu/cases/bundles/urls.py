from django.urls import path

from mingqu.cases.bundles import views

app_name = "bundles"
urlpatterns = [
    path("bundles/mine/<str:number>/", views.progress, name="progress"),
]
