from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "mingqu.payments"
    label = "payments"
    verbose_name = "缴费"

    def ready(self) -> None:
        from mingqu.payments.providers import registry
        from mingqu.payments.providers.double import DoubleBank
        from mingqu.payments.selectors import days_waiting, waiting
        from mingqu.ui import menu

        registry.register(DoubleBank())
        menu.register(
            menu.Entry("main", _("我的缴费"), "payments:mine", order=45),
            menu.Entry("staff", "缴费", "payments:desk", order=106, group="窗口和收费"),
            menu.Entry("staff", "每日对账", "payments:days", order=107, group="窗口和收费"),
        )
        menu.register_waiting("payments:desk", waiting)
        menu.register_waiting("payments:days", days_waiting)
        from mingqu.identity.services import own_data
        from mingqu.payments import own_data as held

        own_data.register(held.holding())

        from mingqu.identity.services import settling
        from mingqu.payments.settling import TIES

        settling.register("payments", *TIES)
