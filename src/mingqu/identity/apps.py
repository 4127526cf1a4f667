from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "mingqu.identity"
    label = "identity"
