from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutreachConfig(AppConfig):
    name = "mingqu.outreach"
    label = "outreach"
    verbose_name = "就近办理、帮办代办、上门服务"

    def ready(self) -> None:
        from mingqu.cases import services as cases
        from mingqu.cases.services import window
        from mingqu.outreach.services import require_consent, require_fix_consent
        from mingqu.outreach.wiring import about_a_case, papers, to_do, visits
        from mingqu.ui import menu

        window.ask_before_filing("outreach", require_consent)
        cases.ask_before_supplement("outreach", require_fix_consent)
        cases.offer_further("outreach", about_a_case, of_window=True)
        menu.register_waiting("outreach:desk", to_do)
        menu.register_waiting("outreach:papers", papers)
        menu.register_waiting("outreach:visits", visits)
        menu.register(
            menu.Entry("help", _("就近办理：便民服务点"), "outreach:points", order=15),
            menu.Entry("help", _("上门服务"), "outreach:ask", order=16),
            menu.Entry("staff", "帮办代办", "outreach:desk", order=200, group="帮办和上门"),
            menu.Entry("staff", "复核委托书", "outreach:papers", order=201, group="帮办和上门"),
            menu.Entry("staff", "上门服务", "outreach:visits", order=202, group="帮办和上门"),
            menu.Entry("staff", "便民服务点", "outreach:manage", order=203, group="帮办和上门"),
        )

        from mingqu.identity.services import own_data
        from mingqu.outreach import own_data as held

        own_data.register(held.holding())

        from mingqu.identity.services import settling
        from mingqu.outreach.settling import TIES

        settling.register("outreach", *TIES)
