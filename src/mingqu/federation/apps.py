from django.apps import AppConfig

from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting


class FederationConfig(AppConfig):
    name = "mingqu.federation"
    label = "federation"
    verbose_name = "数据上报"

    def ready(self) -> None:
        from mingqu.ui import menu

        menu.register(menu.Entry("staff", "数据上报", "federation:tables", order=263, group="外部系统"))
        menu.register_waiting("federation:tables", _waiting)


def _waiting(actor: Actor, at: Instant) -> Waiting | None:
    from mingqu.federation import selectors
    from mingqu.identity.services import access

    if not access.may(actor, "report.ask_again"):
        return None
    many = selectors.rejected_now()
    return Waiting(f"{many}条数据被上级平台退回") if many else None
