from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "mingqu.cases"
    label = "cases"

    def ready(self) -> None:
        from mingqu.cases import wiring
        from mingqu.ui import menu

        wiring.connect()
        menu.register_page("case", "cases:progress")
        menu.register(
            menu.Entry("open", _("查办件进度"), "cases:query", order=10),
            menu.Entry("help", _("接着填以前的草稿"), "cases:resume", order=50),
        )
