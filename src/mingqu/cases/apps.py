from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "mingqu.cases"
    label = "cases"

    def ready(self) -> None:
        from mingqu.cases import wiring
        from mingqu.catalogue import services as catalogue
        from mingqu.ui import menu

        wiring.connect()
        catalogue.offer_look("提问、申请表和核对", "像申请人一样走一遍", "cases:preview_start", 20)
        menu.register_page("case", "cases:progress")
        menu.register(
            menu.Entry("open", _("查办件进度"), "cases:query", order=10),
            menu.Entry("help", _("接着填以前的草稿"), "cases:resume", order=50),
            menu.Entry("help", _("批量申报"), "cases:many", order=55),
        )
        from mingqu.cases import own_data as held
        from mingqu.identity.services import own_data

        own_data.register(held.holding())

        from mingqu.cases.settling import TIES
        from mingqu.identity.services import settling

        settling.register("cases", *TIES)
