from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "mingqu.forms"
    label = "forms"
