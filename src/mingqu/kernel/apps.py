from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "mingqu.kernel"
    label = "kernel"

    def ready(self) -> None:
        # Subscribers, jobs and periodic work of every room register themselves on import.
        autodiscover_modules("receivers", "tasks")
