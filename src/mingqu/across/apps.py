from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AcrossConfig(AppConfig):
    name = "mingqu.across"
    label = "across"
    verbose_name = "通办"

    def ready(self) -> None:
        from mingqu.across.selectors import joint_regions
        from mingqu.across.services import require_agreement, require_giver
        from mingqu.across.wiring import to_answer
        from mingqu.cases.services import consulting, service_of_papers, window
        from mingqu.ui import menu

        consulting.ask_elsewhere("across", joint_regions)
        window.ask_before_filing("across", require_agreement)
        service_of_papers.ask_before_giving("across", require_giver)
        menu.register_waiting("across:agreements", to_answer)
        menu.register(menu.Entry("help", _("通办：在别的区县办"), "across:places", order=18))
        menu.register(menu.Entry("staff", "通办协议", "across:agreements", order=241, group="大厅"))
        menu.register(menu.Entry("staff", "通办统计", "across:figures", order=283, group="统计"))

        from mingqu.across import own_data as held
        from mingqu.identity.services import own_data

        own_data.register(held.holding())
