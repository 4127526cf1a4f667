"""What this room tells its pages."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class NewAgreement:
    """`own`, `other`: codes of halls; `receives`: whether the own hall receives for the other, or the reverse."""

    own: str
    other: str
    receives: bool
    way: str
    items: tuple[str, ...]
    from_on: date
    until_on: date | None = None
    terms: str = ""


@dataclass(frozen=True)
class Done:
    number: str
    on: date


@dataclass(frozen=True)
class ItemLine:
    code: str
    name: str
    organ: str = ""


@dataclass(frozen=True)
class DeedLine:
    """What one side did, by whom (public in office)."""

    words: str
    side: str
    post: str
    person: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class AgreementView:
    id: UUID
    number: str
    way: str
    way_words: str
    state: str
    state_words: str
    tag: str
    home: str
    away: str
    from_on: date
    until_on: date | None
    ends_on: date | None
    terms: str
    in_force: bool
    turn: str
    items: tuple[ItemLine, ...]
    deeds: tuple[DeedLine, ...] = ()
    may_answer: bool = False
    may_take_back: bool = False
    may_withdraw: bool = False


@dataclass(frozen=True)
class AgreementPage:
    lines: tuple[AgreementView, ...]
    more: str


@dataclass(frozen=True)
class Offered:
    """What may be received here today for another district: item and 业务办理项, who decides, under which agreement."""

    agreement_id: UUID
    agreement: str
    item_code: str
    handling: str
    name: str
    organ: str
    home: str


@dataclass(frozen=True)
class Opened:
    reception_id: UUID


@dataclass(frozen=True)
class ReceptionView:
    """What the receiving hall sees: state, what is missing, by when; nothing that was said inside the other organ."""

    id: UUID
    state: str
    state_words: str
    tag: str
    item_name: str
    person: str
    person_id: UUID
    organ: str
    home: str
    hall: str
    agreement: str
    clerk: str
    opened_on: date
    filed_on: date | None
    next: str
    due_on: date | None = None
    case_id: UUID | None = None
    case_number: str = ""
    case_state: str = ""
    begun: bool = False


@dataclass(frozen=True)
class ReceptionPage:
    lines: tuple[ReceptionView, ...]
    more: str


@dataclass(frozen=True)
class ReceivedAt:
    """For the page of the case: which hall of another district took it in, who there, under which agreement."""

    hall: str
    clerk: str
    on: date
    agreement: str


@dataclass(frozen=True)
class PublicLine:
    """What everybody may read: an item, who decides, where else it is received, in which way."""

    code: str
    name: str
    organ: str
    theme: str
    way: str
    way_words: str
    hall: str
    address: str
    hours: str
