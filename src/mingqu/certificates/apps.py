from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "mingqu.certificates"
    label = "certificates"
