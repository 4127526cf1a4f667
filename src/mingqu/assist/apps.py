from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssistConfig(AppConfig):
    name = "mingqu.assist"
    label = "assist"
    verbose_name = "办不成事反映"

    def ready(self) -> None:
        from mingqu.assist.wiring import about_a_case, to_answer
        from mingqu.cases import services as cases
        from mingqu.ui import menu

        cases.offer_further("assist", about_a_case)
        menu.register_waiting("assist:desk", to_answer)
        menu.register(
            menu.Entry("help", _("办不成事，到这里说"), "assist:new", order=25),
            menu.Entry("open", _("办不成事反映的办理情况"), "assist:figures", order=45),
            menu.Entry("staff", "办不成事反映", "assist:desk", order=223, group="评价和诉求"),
            menu.Entry("staff", "登记办不成的事", "assist:counter", order=111, group="窗口和收费"),
        )
        from mingqu.assist import own_data as held
        from mingqu.identity.services import own_data

        own_data.register(held.holding())

        from mingqu.assist.settling import TIES
        from mingqu.identity.services import settling

        settling.register("assist", *TIES)
