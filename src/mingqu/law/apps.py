from django.apps import AppConfig


class LawConfig(AppConfig):
    name = "mingqu.law"
    label = "law"
