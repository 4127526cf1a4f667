from django.apps import AppConfig

from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting

STATES = frozenset({"exchange:states", "exchange:states_file"})


class ExchangeConfig(AppConfig):
    name = "mingqu.exchange"
    label = "exchange"
    verbose_name = "外部系统"

    def ready(self) -> None:
        from mingqu.exchange.connectors import registry
        from mingqu.exchange.connectors.double import DoubleRegistry
        from mingqu.ui import menu

        registry.register(DoubleRegistry())
        menu.register(
            menu.Entry("staff", "外部系统办理", "exchange:desk", order=260, group="外部系统", also=STATES),
            menu.Entry("staff", "外部系统对账", "exchange:days", order=261, group="外部系统"),
            menu.Entry("staff", "外部系统连接", "exchange:connections", order=262, group="外部系统"),
        )
        menu.register_waiting("exchange:desk", _waiting)
        menu.register_waiting("exchange:days", _days)

        from mingqu.exchange.settling import TIES
        from mingqu.identity.services import settling

        settling.register("exchange", *TIES)


def _waiting(actor: Actor, at: Instant) -> Waiting | None:
    from mingqu.exchange import selectors

    many = selectors.waiting_for(actor)
    return Waiting(f"{many}件等您处理") if many else None


def _days(actor: Actor, at: Instant) -> Waiting | None:
    from mingqu.exchange import selectors

    return selectors.days_waiting(actor, at)
