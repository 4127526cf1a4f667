from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "mingqu.cases"
    label = "cases"

    def ready(self) -> None:
        from mingqu.cases import wiring

        wiring.connect()
