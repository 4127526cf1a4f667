from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "mingqu.ui"
    label = "ui"
