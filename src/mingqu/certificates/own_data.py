"""What this room holds of a person: her certificates."""

from collections.abc import Iterable
from uuid import UUID

from mingqu.certificates.models import Certificate
from mingqu.identity.services.own_data import Holding, Part, table


def holding() -> Holding:
    names = frozenset({"certificates.Certificate.holder_id"})
    return Holding("certificates", names, copy, keeps=keeps, owns=owns)


def keeps(person_id: UUID) -> bool:
    """They stay valid and verifiable without an account."""
    return Certificate.objects.filter(holder_id=person_id).exists()


def owns(person_id: UUID, number: str) -> bool:
    return Certificate.objects.filter(holder_id=person_id, number=number).exists()


def copy(person_id: UUID) -> Iterable[Part]:
    yield table(
        "certificates",
        "证照",
        (
            ("number", "证照编号"),
            ("type", "种类"),
            ("holder", "持证人"),
            ("organ", "发证机关"),
            ("valid_from", "开始"),
            ("valid_until", "到期"),
            ("issued_at", "签发时间"),
        ),
        Certificate.objects.filter(holder_id=person_id).select_related("type").order_by("-issued_at"),
        lambda one: (
            one.number,
            one.type.name,
            one.holder_name,
            one.organ_name,
            one.valid_from,
            one.valid_until,
            one.issued_at,
        ),
    )
