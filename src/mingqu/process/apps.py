from django.apps import AppConfig


class ProcessConfig(AppConfig):
    name = "mingqu.process"
    label = "process"
