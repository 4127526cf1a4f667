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
    home_gives: bool = False  # the home side took giving the result out back over
    district: str = ""  # for which it is received


@dataclass(frozen=True)
class ReceptionPage:
    lines: tuple[ReceptionView, ...]
    more: str


@dataclass(frozen=True)
class ReceivedAt:
    """
    For the page of the case: which hall of another district took it in, who there, under which agreement; `home`, the
    own hall, and whether it gives the result out (`home_gives`).
    """

    hall: str
    clerk: str
    on: date
    agreement: str
    home: str = ""
    home_gives: bool = False

    @property
    def giver(self) -> str:
        return self.home if self.home_gives else self.hall


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


@dataclass(frozen=True)
class Facts:
    """
    What of one reception is counted. `returned_on`: days on which a correction was asked for; `late`: decided after its
    last day; `given_here`: the result was given out by the hall that received it.
    """

    received_on: date
    sent_on: date | None = None
    returned_on: tuple[date, ...] = ()
    decided_on: date | None = None
    late: bool = False
    given_on: date | None = None
    given_here: bool = False


@dataclass(frozen=True)
class Asked:
    """What is asked of the figures; months by their first days, both included. `side`: away (我方代收) or home."""

    side: str
    since: date
    until: date
    by: str = "agreement"
    agreement: str = ""
    item: str = ""
    hall: str = ""
    measure: str = ""


@dataclass(frozen=True)
class Counted:
    """Figures of one row or of all; `half`, `most`: natural days within which half, nine of ten were given out."""

    received: int = 0
    sent: int = 0
    returned: int = 0
    decided: int = 0
    late: int = 0
    given: int = 0
    given_here: int = 0
    half: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class FigureRow:
    key: str
    name: str
    counted: Counted


@dataclass(frozen=True)
class OpenOnes:
    """What goes on now: by age (words, first and last day of receipt in it, how many), and how many are overdue."""

    ages: tuple[tuple[str, str, int], ...]
    all: int
    overdue: int
    more: bool  # there are more than are counted


@dataclass(frozen=True)
class Figures:
    asked: Asked
    rows: tuple[FigureRow, ...]
    total: Counted
    months: tuple[FigureRow, ...]
    open: OpenOnes


@dataclass(frozen=True)
class FactLine:
    """One reception behind a number; nothing personal."""

    number: str
    item: str
    hall: str
    organ: str
    agreement: str
    received_on: date
    decided_on: date | None
    given_on: date | None
    days: int | None
    opens: bool = False  # this post may open the case
