"""What staff pages show: values made by the selectors, read by the templates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from mingqu.cases.selectors import Picture
from mingqu.cases.types import RevealedApplicant
from mingqu.clocks.types import Explanation
from mingqu.documents.selectors import DocumentView, FileView
from mingqu.exchange.types import HandoverView
from mingqu.forms.types import AnswerRow

if TYPE_CHECKING:
    from mingqu.workbench.case_types import ClaimLine, MarkView, Preview, SimilarCase

Claim = Literal["", "own", "free"]
DueState = Literal["ok", "soon", "late", "stopped", "done"]


@dataclass(frozen=True)
class ClockWords:
    """The clock of a row: how much is left in words, its colour, the last day."""

    words: str
    state: DueState
    day: date | None = None


@dataclass(frozen=True)
class StatusWords:
    """The state of a case: a code of ui's `status` tag, and the word."""

    code: str
    words: str


@dataclass(frozen=True)
class DeskRow:
    """One line of the desk."""

    number: str
    item: str
    handling_item: str
    applicant: str  # masked
    status: StatusWords
    clock: ClockWords
    step: str
    received_on: date
    item_code: str
    labels: list[StatusWords] = field(default_factory=list)
    taken: bool = False  # a colleague at the same post has claimed it


@dataclass(frozen=True)
class DeskQuery:
    """
    What the address of a desk page asks for; unknown words have become the default. `sort`: "" by deadline, or
    "received"; `step` (an id) only together with its item; `group`: "item", or "" for one table;
    `claim`: of the steps of the post those one has claimed ("own"), or those nobody has ("free").
    """

    tab: str
    item: str = ""
    status: str = ""
    step: str = ""
    sort: str = ""
    group: str = ""
    claim: Claim = ""
    after: str = ""
    trail: tuple[str, ...] = ()

    @property
    def filtered(self) -> bool:
        return bool(self.item or self.status or self.step or self.claim)


@dataclass(frozen=True)
class DeskPage:
    """
    One page of one list with what it may be filtered by. `late` and `today` count this page only: a full count would
    read everything. `counts`: of each list in words, 「99+」 at most. `every_item`: whether `items` are all there are.
    """

    rows: list[DeskRow]
    next_after: str
    items: list[tuple[str, str]]
    statuses: list[tuple[str, str]]
    steps: list[tuple[str, str]]
    counts: Mapping[str, str]
    every_item: bool = True

    @property
    def late(self) -> int:
        return sum(row.clock.state == "late" for row in self.rows)

    @property
    def today(self) -> int:
        return sum(row.clock.words == "今日到期" for row in self.rows)


@dataclass(frozen=True)
class TurnWords:
    """The first line: whose turn ("you": the reader's), what to do, by when, and what else to know."""

    whose: str
    what: str
    by: date | None = None
    note: str = ""


@dataclass(frozen=True)
class DeadlineView:
    """One clock with its explanation day by day."""

    label: str
    day: date
    state: DueState
    explanation: Explanation | None
    running: bool


@dataclass(frozen=True)
class MaterialView:
    """
    A material with what was handed in for it; `asked`: what the applicant was told to correct; `how` it was provided
    where that was not by upload; `owed_until`: by when it is to follow (容缺).
    """

    code: str
    name: str
    state: str
    state_words: str
    asked: str
    points: list[str]
    files: list[FileView]
    replaced: list[FileView]
    how: str = "upload"
    how_words: str = ""
    origin: str = ""  # of a certificate that was looked up: which, checked when, how it stands now
    owed_until: date | None = None
    marks: list["MarkView"] = field(default_factory=list)


@dataclass(frozen=True)
class StepView:
    """
    A step of the review with who is asked and, once given, the opinion; `round`: which time it is done, `kind` in
    words (承办, 审核, 批准, 现场核查).
    """

    step: str
    name: str
    post: str
    people: int
    limit_on: date | None
    given: bool
    open: bool
    finding: str = ""
    finding_words: str = ""
    text: str = ""
    by: str = ""
    second_officer: str = ""
    at: datetime | None = None
    points_not_met: list[str] = field(default_factory=list)
    points: list[tuple[str, bool, str]] = field(default_factory=list)  # text, met, how it is known in words
    kind: str = ""
    standard: str = ""
    risk: "RiskWords | None" = None
    round: int = 1
    returned_to: str = ""  # the step that is done again, in words
    note: str = ""  # how it is signed, who lent it, whether it stands still
    undone: str = ""  # why its opinion was taken back
    stands: bool = False  # 特别程序: no day runs, and none is shown
    advice: bool = False  # 委派: said for the post that answers
    later: bool = False  # 依次: its turn comes later

    @property
    def returned(self) -> bool:
        return self.finding == "returned"


@dataclass(frozen=True)
class HistoryLine:
    """One entry of the ledger as the case page tells it."""

    at: datetime
    what: str
    who: str
    notes: list[str]
    action: str = ""


@dataclass(frozen=True)
class Applicant:
    """Who applies: masked, unless it was asked for and written down."""

    name: str
    number: str
    phone: str
    shown: bool


@dataclass(frozen=True)
class ActLink:
    """A button of the action bar. `out`: it reaches the applicant; `inside`: it stays in the organ, unheard by her."""

    label: str
    route: str
    key: str
    kind: str
    says: str
    out: bool = False
    inside: bool = False


@dataclass(frozen=True)
class OwnTask:
    """The open step of the acting post, with the points to be checked."""

    task_id: UUID
    step: str
    name: str
    people: int
    due_on: date | None
    points: tuple[tuple[str, str, str], ...]  # material code, material name, point
    kind: str = "review"  # review 承办, check 审核, visit 现场核查
    standard: str = ""  # 审查标准
    risk: "RiskWords | None" = None
    law: str = ""  # why two officers are needed, in brackets, where a law says so


@dataclass(frozen=True)
class RiskWords:
    """廉政风险点 of a step, in words: 高, 中 or 低, and how it is kept in check."""

    level: str
    control: str


@dataclass(frozen=True)
class Returnable:
    """The open step of the acting post and the earlier steps (id, name, whose) it may be returned to."""

    task_id: UUID | None
    steps: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Moved:
    """A clock before and after something that is not entered yet."""

    label: str
    was: date
    then: date


@dataclass(frozen=True)
class CasePage:
    """Everything on the page of one case."""

    number: str
    item: str
    handling_item: str
    received_on: date
    status: StatusWords
    labels: list[StatusWords]
    turn: TurnWords
    clock: ClockWords
    deadlines: list[DeadlineView]
    applicant: Applicant
    visits: int  # 到现场次数, as counted
    may_reveal: bool
    may_retry: bool
    situation: list[tuple[str, str]]
    answers: tuple[AnswerRow, ...]
    corrected: list[
        tuple[str, str, str]
    ]  # fields corrected on demand: the question, the answer before, and now
    materials: list[MaterialView]
    preview: "Preview | None"
    similar: list["SimilarCase"]
    may_mark: bool
    steps: list[StepView]
    flow: Picture
    papers: list[DocumentView]
    history: list[HistoryLine]
    decision: Mapping[str, str] | None
    acts: list[ActLink]
    task: OwnTask | None
    away: list[HandoverView] = field(default_factory=list)  # steps in other systems
    claims: list["ClaimLine"] = field(default_factory=list)
    post_names: Mapping[str, str] = field(default_factory=dict)  # by code: the posts that this case knows

    @property
    def running(self) -> list[DeadlineView]:
        return [one for one in self.deadlines if one.running]

    @property
    def ended(self) -> list[DeadlineView]:
        return [one for one in self.deadlines if not one.running]

    @property
    def asked(self) -> int:
        """How many steps were asked; one that is done again counts once."""
        return len(self._latest)

    @property
    def given(self) -> int:
        return sum(step.given for step in self._latest)

    @property
    def _latest(self) -> list[StepView]:
        latest = {(step.step, step.post): step for step in self.steps if not step.advice}
        return [step for step in latest.values() if not step.returned]


Revealed = RevealedApplicant | None
