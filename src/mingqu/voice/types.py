"""What voice tells other rooms, and its own pages."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class NewTicket:
    """
    What a person says: kind (complaint, consultation, suggestion), own words, and about what: a case of theirs
    (`case_number`), a service (`item_code`) or an organ (`department_id`); the first that is given counts.
    """

    kind: str
    text: str = field(repr=False)
    case_number: str = ""
    item_code: str = ""
    department_id: UUID | None = None


@dataclass(frozen=True)
class Filed:
    """The result of filing."""

    number: str
    due_on: date


@dataclass(frozen=True)
class Answered:
    """The result of an answer, and of saying whether it settled the matter."""

    number: str
    on: date


@dataclass(frozen=True)
class ToAnswer:
    """How many tickets wait for an answer of a post; of them complaints, and those past their day."""

    all: int
    complaints: int
    late: int


@dataclass(frozen=True)
class Wanted:
    """Which tickets of a post's list: waiting or answered, of one kind, with this number; only late ones."""

    done: bool = False
    kind: str = ""
    number: str = ""
    late: bool = False

    @property
    def narrowed(self) -> bool:
        return bool(self.kind or self.number or self.late)


@dataclass(frozen=True)
class About:
    """What a ticket is about, and who answers for it."""

    department_id: UUID
    organ: str
    region_code: str
    item_type: str = ""
    item_code: str = ""
    item_name: str = ""
    case_id: UUID | None = None
    case_number: str = ""


@dataclass(frozen=True)
class TicketLine:
    """A ticket as a list shows it. `concerns_reader`: the officer reading had a hand in the case complained about."""

    number: str
    kind: str
    kind_words: str
    state: str
    state_words: str
    tag: str
    organ: str
    about: str
    filed_on: date
    due_on: date
    overdue: bool
    answered_on: date | None = None
    late: bool = False  # the answer came after its last day
    concerns_reader: bool = False


@dataclass(frozen=True)
class TicketView:
    """One ticket with its words; for its author and for who may answer it."""

    line: TicketLine
    case_number: str
    text: str = field(repr=False)
    reply: str = field(repr=False)
    filed_at: datetime
    answered_at: datetime | None
    said_on: date | None
    author: str = field(repr=False)
    passed_from: str = ""
    passed_on: date | None = None
    passed_because: str = field(repr=False, default="")


@dataclass(frozen=True)
class TicketPage:
    """Some tickets; `more` is the cursor to go on from, "" at the end."""

    lines: tuple[TicketLine, ...]
    more: str
