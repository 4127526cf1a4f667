from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "mingqu.clocks"
    label = "clocks"
