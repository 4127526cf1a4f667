from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegulationConfig(AppConfig):
    name = "mingqu.regulation"
    label = "regulation"
    verbose_name = "事后监管"

    def ready(self) -> None:
        from mingqu.identity.services import own_data, settling
        from mingqu.kernel.standing_aside import tells_who_stands_aside
        from mingqu.regulation import own_data as held
        from mingqu.regulation.models import SUPERVISED
        from mingqu.regulation.selectors import barred_from
        from mingqu.regulation.settling import TIES
        from mingqu.regulation.wiring import to_inspect
        from mingqu.ui import menu

        menu.register_waiting("regulation:desk", to_inspect)
        menu.register(
            menu.Entry("open", _("监督检查记录公开"), "regulation:open", order=31),
            menu.Entry("staff", "事后监管", "regulation:desk", order=158, group="审查和决定"),
        )
        own_data.register(held.holding())
        tells_who_stands_aside("regulation", barred_from, of=SUPERVISED)
        settling.register("regulation", *TIES)
