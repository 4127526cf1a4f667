"""What the public pages show, put together from several rooms. Plain values for templates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from mingqu.cases.types import Turn
from mingqu.catalogue.types import Definition, Document, Material
from mingqu.law.types import Mention
from mingqu.ui.types import Bar, Fact, FlowLayout, FlowStep


@dataclass(frozen=True)
class Filters:
    """
    What a list of services is narrowed to; "" means everything. `audience`: personal, legal or all; `gate`: applicable;
    `kind`: the handling kind; `region`: the beginning of a division code; `across`: "yes", what halls of other
    districts receive (通办).
    """

    audience: str = "all"
    theme: str = ""
    department: str = ""
    life_event: str = ""
    gate: str = ""
    kind: str = ""
    region: str = ""
    across: str = ""
    words: str = ""


@dataclass(frozen=True)
class Choice:
    """One way to narrow the list: its words, its address, whether it is chosen, how many there are (0: not told)."""

    label: str
    url: str
    chosen: bool
    number: int = 0


@dataclass(frozen=True)
class ServiceLine:
    """
    A service or bundle in a list. `tag`, `state`: how it can be handled, as colour and words; `name` may carry marks;
    `url` leads to its guide, `apply_url` straight to applying, "" where it can't be applied for; `across`: a hall of
    another district receives it.
    """

    code: str
    name: str
    summary: str
    department: str
    audiences: tuple[str, ...]
    url: str = ""
    apply_url: str = ""
    tag: str = ""
    state: str = ""
    why: str = ""
    across: bool = False


@dataclass(frozen=True)
class ServicePage:
    """Some services by name; `before` and `after` are codes to turn the page with, "" where there is none."""

    services: tuple[ServiceLine, ...]
    before: str
    after: str


@dataclass(frozen=True)
class SearchPage:
    """Services and bundles that answer a question, best first; `said`: everyday words and how they were read."""

    services: tuple[ServiceLine, ...]
    after: str
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class EntryLine:
    """An entry of a published list: of which list, of which region, whose."""

    name: str
    url: str
    kind: str
    region: str
    organ: str


@dataclass(frozen=True)
class Elsewhere:
    """What stands in laws (by name, by article in force) and in lists."""

    laws: tuple[Mention, ...]
    articles: tuple[Mention, ...]
    entries: tuple[EntryLine, ...]


@dataclass(frozen=True)
class CaseLine:
    """One case as its owner's lists show it."""

    number: str
    name: str
    turn: Turn
    organ: str
    asked: tuple[str, ...] = ()  # fields of the form and materials to be corrected
    at_work: tuple[str, ...] = ()  # open steps, each with whose it is
    why: str = ""  # why the last day is that day
    late: bool = False
    to_rate: bool = False
    owes: bool = False  # 容缺: something promised is still to be brought
    party: str = ""  # the firm in whose name it is
    is_bundle: ClassVar[bool] = False


@dataclass(frozen=True)
class DraftLine:
    draft_id: UUID
    name: str
    saved_at: datetime
    expires_at: datetime
    bundle: bool = False  # of a bundle (一件事): opened at another address
    errand: str = ""  # number of the errand where an agent is filling it in
    point: str = ""  # at which point


@dataclass(frozen=True)
class BundleLine:
    """A bundle in one line with its parts: (name, state in words)."""

    number: str
    name: str
    turn: Turn
    parts: tuple[tuple[str, str], ...]
    to_correct: bool
    owes: bool = False
    party: str = ""
    is_bundle: ClassVar[bool] = True


@dataclass(frozen=True)
class Asked:
    """
    What a person wants to see of her own list. `shown`: open, done or all; `turn`: "" or whose it is (you, others);
    `whose`: "" everything, own, or the id of a firm; `words`: parts of numbers and names; `order`: todo, due or new.
    """

    shown: str = "open"
    turn: str = ""
    whose: str = ""
    words: str = ""
    order: str = "todo"


@dataclass(frozen=True)
class OwnPage:
    """Some of one's own cases and bundles; `more`: where the next page goes on, "" at the end."""

    lines: tuple["CaseLine | BundleLine", ...]
    more: str


@dataclass(frozen=True)
class Told:
    """A text of the guide; `unconfirmed`: it says itself that nobody has confirmed it yet."""

    text: str
    unconfirmed: bool = False


@dataclass(frozen=True)
class FormLine:
    """One line of the sample application form (申请书示范文本)."""

    title: str
    how: str
    example: str
    required: bool


@dataclass(frozen=True)
class GuideMaterial:
    """One line of the list of materials: the material, how it is handed in, and when."""

    material: Material
    how: Sequence[str]
    need: str
    form: bool = False  # has 空白表格 or 样表


@dataclass(frozen=True)
class HandlingChoice:
    """A 业务办理项 to choose on the guide: its materials and limit in a few words."""

    code: str
    name: str
    words: str
    current: bool


@dataclass(frozen=True)
class Guide:
    """Everything 行政许可法 30 wants told about one service, and where to go on."""

    code: str
    definition: Definition
    handlings: Sequence[HandlingChoice]
    organ: str
    post: str
    item_type: str
    licence: bool
    level: str
    audiences: tuple[str, ...]
    facts: Sequence[Fact]
    basics: Sequence[Fact]
    limits: Sequence[Fact]
    conditions: Sequence[Told]
    not_needed: Sequence[tuple[str, Told]]
    materials: Sequence[GuideMaterial]
    form: Sequence[FormLine]
    faq: Sequence[tuple[str, Told]]
    wide: FlowLayout
    tall: FlowLayout
    steps: Sequence[FlowStep]
    unconfirmed: int
    doubtful: Sequence[str]  # what stands on a template's default or on a basis nobody has confirmed
    revision: int
    published_at: datetime

    @property
    def has_forms(self) -> bool:
        return any(line.form for line in self.materials)


@dataclass(frozen=True)
class Listed:
    """A service that is shown and can't be applied for: why, and what people can do instead."""

    code: str
    document: Document
    organ: str
    item_type: str
    kind: str  # enquiry, ex_officio or incomplete
    missing: Sequence[str]  # what the guide still lacks
    revision: int
    published_at: datetime


@dataclass(frozen=True)
class RatingBox:
    """Public figures of good and bad ratings."""

    since: date
    until: date
    total: int
    rate: str  # "96.2%", or "" below the minimum
    minimum: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class BoardLine:
    """
    One result on the screen of a hall: only who has the number knows her own by its end. Granted or refused, and for
    whom, is not for the wall.
    """

    tail: str
    received_on: date
    name: str
    decided_on: date
    at_window: bool  # lies at the window for collection


@dataclass(frozen=True)
class Board:
    """Of today: applications received, decisions made; good ratings; the latest results."""

    received: int
    decided: int
    ratings: RatingBox
    lines: tuple[BoardLine, ...]


@dataclass(frozen=True)
class CheckpointLine:
    number: int
    at: datetime
    size: int
    root: str
    signer: str


@dataclass(frozen=True)
class Verdict:
    """The answer to an uploaded receipt. `state`: good, partly (some entries unsealed), foreign or bad."""

    state: str
    summary: str
    findings: tuple[str, ...] = field(default=())
    sealed_until: str = ""
