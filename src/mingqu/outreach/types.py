"""What outreach tells its own pages."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class NewPoint:
    """`posts`: codes of the agents' posts that serve there."""

    code: str
    name: str
    region_code: str
    address: str
    hours: str
    telephone: str = ""
    posts: tuple[str, ...] = ()
    closed: bool = False


@dataclass(frozen=True)
class DelegationView:
    item_code: str
    item_name: str
    from_on: date
    until_on: date | None
    in_force: bool


@dataclass(frozen=True)
class PointView:
    code: str
    name: str
    region: str
    address: str
    hours: str
    telephone: str
    open: bool
    items: tuple[DelegationView, ...] = ()


@dataclass(frozen=True)
class Offered:
    """What an agent may take in: an item in one of its forms."""

    item_code: str
    handling: str
    name: str

    @property
    def key(self) -> str:
        return f"{self.item_code}|{self.handling}"


@dataclass(frozen=True)
class Opened:
    errand_id: UUID
    number: str


@dataclass(frozen=True)
class Done:
    number: str
    on: date


@dataclass(frozen=True)
class PaperAnswer:
    """What the second person saw; `covers_fixes`: the person ticked that the agent may hand in corrections too."""

    agreed: bool
    reason: str = ""
    covers_fixes: bool = False


@dataclass(frozen=True)
class ErrandLine:
    number: str
    state: str
    state_words: str
    tag: str
    item_name: str
    person: str = field(repr=False)
    point: str
    opened_on: date
    next: str  # what has to be done now, in words
    due_on: date | None = None
    case_number: str = ""


@dataclass(frozen=True)
class ErrandView:
    line: ErrandLine
    id: UUID
    own: bool  # of the acting agent's post
    has_telephone: bool
    code_sent: bool
    consent_words: str
    paper_id: UUID | None
    said: str = field(repr=False)
    agent: str
    case_words: str
    case_number: str
    query_code: str = field(repr=False)
    begun: bool
    fix: str = ""  # what is asked to be corrected: ask (consent is missing), ready, or nothing


@dataclass(frozen=True)
class ErrandPage:
    lines: tuple[ErrandLine, ...]
    more: str


@dataclass(frozen=True)
class Helped:
    """Who helped with a case, for its pages."""

    number: str
    point: str
    telephone: str
    agent: str
    on: date | None
    consent: str
    ended: bool


@dataclass(frozen=True)
class NewVisit:
    """`reason`: a code of home_visits.yaml; `half`: am or pm."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    about: str = field(repr=False)
    reason: str
    region_code: str
    wished_on: date
    half: str


@dataclass(frozen=True)
class VisitLine:
    number: str
    state: str
    state_words: str
    tag: str
    region: str
    reason: str
    due_on: date
    when: str
    who: str
    overdue: bool
    wished: str
    day: date
    half: str
    wished_on: date
    wished_half: str


@dataclass(frozen=True)
class VisitView:
    line: VisitLine
    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    about: str = field(repr=False)
    note: str = field(repr=False)
    asked_at: datetime
    channel: str


@dataclass(frozen=True)
class VisitPage:
    lines: tuple[VisitLine, ...]
    more: str


@dataclass(frozen=True)
class Handed:
    """The person gave papers to an agent and signed; `signature_id`: drawn on the screen, None: on the printed list."""

    errand: str
    point: str
    at: datetime
    many: int
    signature_id: UUID | None
