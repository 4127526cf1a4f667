from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HallConfig(AppConfig):
    name = "mingqu.hall"
    label = "hall"
    verbose_name = "大厅预约和叫号"

    def ready(self) -> None:
        from mingqu.ui import menu

        menu.register(
            menu.Entry("help", _("预约到大厅办"), "hall:mine", order=20),
            menu.Entry("staff", "寄递", "hall:parcels", order=104, group="窗口和收费"),
            menu.Entry("staff", "大厅管理", "hall:halls", order=240, group="大厅"),
        )
        from mingqu.cases.services import offer_whereabouts
        from mingqu.hall import own_data as held
        from mingqu.hall.courier import registry
        from mingqu.hall.courier.double import DoubleCourier
        from mingqu.hall.further import parcels_waiting, where_it_is
        from mingqu.hall.settling import TIES
        from mingqu.identity.services import own_data, settling

        own_data.register(held.holding())
        settling.register("hall", *TIES)
        registry.register(DoubleCourier())
        menu.register_waiting("hall:parcels", parcels_waiting)
        offer_whereabouts("hall", where_it_is)
