"""Addresses of verification and of one's own certificates."""

from django.urls import path

from mingqu.certificates import views

app_name = "certificates"

urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verify_code, name="verify_code"),
    path("certificates/", views.wallet, name="wallet"),
    path("certificates/<str:number>/", views.detail, name="detail"),
    path("certificates/<str:number>/file/", views.download, name="download"),
    path("certificates/<str:number>/show/", views.show, name="show"),
]
