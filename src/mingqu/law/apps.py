from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LawConfig(AppConfig):
    name = "mingqu.law"
    label = "law"
    verbose_name = "法规库"

    def ready(self) -> None:
        from mingqu.ui import menu

        menu.register(
            menu.Entry("open", _("法规库"), "law:laws", order=40),
            menu.Entry("staff", "法规库", "law:library", order=309, group="事项、证照、法规"),
        )
