"""What this room holds of a person: what a hall of another district received for her."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from mingqu.across.models import Reception
from mingqu.identity.services.own_data import Holding, Matter, Part, table

NAMES = frozenset({"across.Reception.person_id"})


def holding() -> Holding:
    return Holding("across", NAMES, copy, open_matters, keeps)


def open_matters(person_id: UUID, day: date) -> Iterable[Matter]:
    """Nothing: a case that goes on is told by its own room, and an open form hands in nothing by itself."""
    return ()


def keeps(person_id: UUID) -> bool:
    return Reception.objects.filter(person_id=person_id).exists()


def copy(person_id: UUID) -> Iterable[Part]:
    yield table(
        "received_elsewhere",
        "别的区县大厅代收的",
        (
            ("item", "事项代码"),
            ("hall", "大厅"),
            ("state", "状态"),
            ("opened_on", "开始"),
            ("filed_on", "收件"),
        ),
        Reception.objects.filter(person_id=person_id).select_related("hall").order_by("-id"),
        lambda one: (one.item_code, one.hall.name, one.get_state_display(), one.opened_on, one.filed_on),
    )
