"""What assist tells its own pages."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class About:
    """What could not be done, and the organ that owns it; `caught`: no organ of its own, the window of last resort."""

    department_id: UUID
    organ: str
    region_code: str
    item_type: str = ""
    item_code: str = ""
    item_name: str = ""
    case_id: UUID | None = None
    case_number: str = ""
    caught: bool = False


@dataclass(frozen=True)
class NewStuck:
    """`text`: what could not be done, in own words. `contact`: a telephone, of who has no account."""

    text: str = field(repr=False)
    contact: str = field(default="", repr=False)


@dataclass(frozen=True)
class Filed:
    """The number, the code that opens it without an account ("" for who has one), and the last day of an answer."""

    number: str
    due_on: date
    code: str = field(default="", repr=False)


@dataclass(frozen=True)
class Done:
    number: str
    on: date


@dataclass(frozen=True)
class Outcome:
    """
    What an owner says came of it: done or not, or, with `until_on`, that it goes on and is answered again by then.
    """

    solved: bool = False
    until_on: date | None = None
    going: bool = False


@dataclass(frozen=True)
class AnswerView:
    round: int
    solved: bool
    text: str = field(repr=False)
    answered_at: datetime
    until_on: date | None = None


@dataclass(frozen=True)
class Wanted:
    """Which matters of a post's list: waiting or answered, with this number; only late ones, only those asked again."""

    done: bool = False
    number: str = ""
    late: bool = False
    again: bool = False

    @property
    def narrowed(self) -> bool:
        return bool(self.number or self.late or self.again)


@dataclass(frozen=True)
class StuckLine:
    number: str
    state: str
    state_words: str
    tag: str
    organ: str
    about: str
    filed_on: date
    due_on: date
    round: int
    overdue: bool
    channel: str = ""
    late: bool = False  # the first answer came after its day
    concerns_reader: bool = False


@dataclass(frozen=True)
class StuckView:
    line: StuckLine
    case_number: str
    text: str = field(repr=False)
    contact: str = field(repr=False)
    author: str = field(repr=False)
    filed_at: datetime
    answers: tuple[AnswerView, ...]
    caught: bool
    put_off: bool = False


@dataclass(frozen=True)
class StuckPage:
    lines: tuple[StuckLine, ...]
    more: str


@dataclass(frozen=True)
class ToAnswer:
    all: int
    late: int


@dataclass(frozen=True)
class Tally:
    """Of one organ in the last twelve months; None where so few that the numbers would tell who it was."""

    organ: str
    all: int | None
    in_time: int | None = None
    solved: int | None = None
    going: int | None = None
