from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext

from mingqu.kernel import errors


class KernelConfig(AppConfig):
    name = "mingqu.kernel"
    label = "kernel"

    def ready(self) -> None:
        errors.use_language(gettext)
        # Subscribers, jobs and periodic work of every room register themselves on import.
        autodiscover_modules("receivers", "tasks")
