from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "mingqu.workbench"
    label = "workbench"
