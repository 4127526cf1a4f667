from django.apps import AppConfig


class ProcessConfig(AppConfig):
    name = "mingqu.process"
    label = "process"

    def ready(self) -> None:
        from mingqu.identity.services import settling
        from mingqu.process.settling import TIES

        settling.register("process", *TIES)
