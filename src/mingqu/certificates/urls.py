"""Addresses of verification and of one's own certificates."""

from django.urls import path

from mingqu.certificates.views import own

app_name = "certificates"

urlpatterns = [
    path("verify/", own.verify, name="verify"),
    path("verify/<str:code>/", own.verify_code, name="verify_code"),
    path("certificates/", own.wallet, name="wallet"),
    path("certificates/<str:number>/", own.detail, name="detail"),
    path("certificates/<str:number>/file/", own.download, name="download"),
    path("certificates/<str:number>/show/", own.show, name="show"),
]
