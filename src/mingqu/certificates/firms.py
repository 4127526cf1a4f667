"""
For which firms a person acts, and what is applied for, is known to the room that has the applications: it says it here.
Nobody asked, nobody acts for anybody.
"""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from mingqu.certificates.models import Certificate
from mingqu.certificates.types import HeldFirm
from mingqu.kernel.types import Actor

FirmsOf = Callable[[Actor], Sequence[HeldFirm]]
HandlersOf = Callable[[UUID, date], Sequence[UUID]]  # of a case → who hears of it on a day
UnderWay = Callable[[UUID], bool]  # of a certificate: an undecided application acts on it

_asked: list[FirmsOf] = []
_handlers: list[HandlersOf] = []
_under_way: list[UnderWay] = []


def offer_firms(firms_of: FirmsOf) -> None:
    if firms_of not in _asked:
        _asked.append(firms_of)


def offer_handlers(handlers_of: HandlersOf) -> None:
    if handlers_of not in _handlers:
        _handlers.append(handlers_of)


def offer_under_way(said: UnderWay) -> None:
    if said not in _under_way:
        _under_way.append(said)


def under_way(certificate_id: UUID) -> bool:
    """Whether an application with this certificate waits for its decision: it is not struck off before."""
    return any(said(certificate_id) for said in _under_way)


def whom_to_tell(row: Certificate, day: date) -> list[UUID]:
    """
    Who hears about a certificate: its holder; of a firm's, who applied for it, else who may act for the firm in it now.
    """
    if row.holder_kind == "person":
        return [row.holder_id] if row.holder_id else []
    if row.case_id is None:
        return []
    return [person_id for said in _handlers for person_id in said(row.case_id, day)]


def firms_of(actor: Actor | None) -> list[HeldFirm]:
    """By name; none for anybody but a citizen."""
    if actor is None or actor.kind != "citizen":
        return []
    found = [firm for said in _asked for firm in said(actor)]
    return sorted(found, key=lambda firm: (firm.name, firm.id))


def may_see(actor: Actor | None, row: Certificate) -> bool:
    """Whether it is the certificate of a firm that this person acts for, as far as she does."""
    if row.holder_kind != "firm" or row.holder_id is None:
        return False
    for firm in firms_of(actor):
        if firm.id == row.holder_id:
            return firm.cases is None or row.case_id in firm.cases
    return False
