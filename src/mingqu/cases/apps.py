from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "mingqu.cases"
    label = "cases"
