from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "mingqu.portal"
    label = "portal"
