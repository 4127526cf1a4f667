"""
The values of the clock: terms, ledger entries, the deadline, its explanation. Frozen; no behaviour.

What they mean together is in `rules`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from mingqu.clocks.types.words import (
    ART_DECIDE,
    ART_DECIDE_JOINTLY,
    ART_DEEMED,
    ART_DELIVER,
    SPECIAL_PROCEDURES,
    Action,
    Approver,
    Article,
    Kind,
    StartedBy,
    State,
    Unit,
    Why,
)


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """The extension a clock allows: `times` times at most `limit` units, by this approver, under this article."""

    limit: int
    approver: Approver
    article: Article
    times: int = 1


@dataclass(frozen=True, slots=True)
class Within:
    """A period in another unit, counted from the same start, after which a clock never ends."""

    limit: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """
    The terms under which one clock starts; copied into its first entry, so that later edits of a
    definition never reach a running clock.

    `limit` is a whole number ≥ 1 of `unit`. `pauses` are codes of GROUNDS. `closing` is the close of
    business where the rule has one (民法典 203), else the last day ends at 24:00. `licence`: the
    clock of a 行政许可; of any other type of item 行政许可法 is not named beside it. `fee_article`: what says that the
    time until a fee is paid is not counted, where `pauses` has that ground. `within`, of a promise: the period of the
    law, where that is in another unit and could end before.
    """

    kind: Kind
    limit: int
    unit: Unit = Unit.WORKING_DAYS
    article: Article | None = None
    ref: str = ""
    started_by: StartedBy = StartedBy.ACCEPTED
    extension: ExtensionRule | None = None
    pauses: tuple[str, ...] = ()
    closing: time | None = None
    licence: bool = True
    fee_article: Article | None = None
    within: Within | None = None


# The clocks the licence law itself sets (行政许可法 32(4), 42, 44); a definition promises less, never more.
CORRECTION_NOTICE = ClockSpec(Kind.CORRECTION_NOTICE, 5, article=ART_DEEMED, started_by=StartedBy.RECEIVED)
DELIVERY = ClockSpec(Kind.DELIVERY, 10, article=ART_DELIVER, started_by=StartedBy.DECIDED)
LICENCE = ClockSpec(
    Kind.STATUTORY,
    20,
    article=ART_DECIDE,
    extension=ExtensionRule(10, Approver.ORGAN_HEAD, ART_DECIDE),
    pauses=SPECIAL_PROCEDURES,
)
JOINT_LICENCE = ClockSpec(
    Kind.STATUTORY,
    45,
    article=ART_DECIDE_JOINTLY,
    extension=ExtensionRule(15, Approver.GOVERNMENT_HEAD, ART_DECIDE_JOINTLY),
    pauses=SPECIAL_PROCEDURES,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One line of a clock's ledger. Never changed; `seq` is the order of recording, from 1.

    `day` is the legal day on which it takes effect, `at` the instant (clocks in hours or minutes need
    it), `recorded_at` when it was written. Only `start` has `spec`; only `pause` has `ground`, `proof`
    and `expected_until`; only `extend` has `limit` and `approver`; only `reverse` has `reverses`.
    """

    seq: int
    action: Action
    day: date
    recorded_at: datetime
    at: datetime | None = None
    reason: str = ""
    spec: ClockSpec | None = None
    ground: str = ""
    proof: str = ""
    expected_until: date | None = None
    limit: int = 0
    approver: Approver | None = None
    reverses: int = 0


@dataclass(frozen=True, slots=True)
class Deadline:
    """
    What a ledger says at one instant.

    `due_on` is the last day in law and `due_at` the instant at which it ends; both are None while a pause
    is open, because no last day exists until the clock resumes. `projected_on` is the last day if an open
    pause ended on the asking day, or on its announced last day if that is later. `total`, `elapsed`,
    `remaining` and `overdue_by` are in `counted_in` (days for months and years). `in_time` is None until
    the clock stops. `provisional`: a day beyond the published calendar decided it.
    """

    kind: Kind
    ref: str
    unit: Unit
    counted_in: Unit
    state: State
    started_on: date
    due_on: date | None
    due_at: datetime | None
    projected_on: date
    total: int
    elapsed: int
    remaining: int
    overdue_by: int
    paused_since: date | None
    stopped_on: date | None
    in_time: bool | None
    provisional: bool
    calendar_version: str


@dataclass(frozen=True, slots=True)
class Row:
    """One day (or, for hours and minutes, one span until `until`) of the explanation."""

    day: date
    counted: bool
    why: Why
    text: str
    number: int
    article: Article | None = None
    provisional: bool = False
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The deadline, day by day and in sentences that can be printed (Chinese)."""

    deadline: Deadline
    rows: tuple[Row, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockKey:
    """One clock of a root."""

    kind: Kind
    ref: str = ""


@dataclass(frozen=True, slots=True)
class RootClocks:
    """Every clock of one root at one instant."""

    root_id: UUID
    deadlines: tuple[Deadline, ...]

    @property
    def binding(self) -> Deadline | None:
        """The clock that binds the root first: of those still running, the one with the earliest last day."""
        dated = [
            d for d in self.deadlines if d.kind.binds_root and d.stopped_on is None and d.due_on is not None
        ]
        return min(dated, key=lambda d: d.due_on or date.max, default=None)

    def of(self, kind: Kind, ref: str = "") -> Deadline | None:
        return next((d for d in self.deadlines if (d.kind, d.ref) == (kind, ref)), None)


@dataclass(frozen=True, slots=True)
class PauseOrder:
    """Why time is not counted, the notice that told it, and the last day of the time needed, as told."""

    ground: str
    proof: str
    expected_until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExtensionOrder:
    """How much, who approved, and the reason that is told to the applicant."""

    limit: int
    approver: Approver
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Entries to take back (by seq) and entries to write in their place, in order."""

    reverses: tuple[int, ...]
    entries: Sequence[Entry] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored copy of a last day that is not what the ledger gives."""

    owner: str
    root_id: UUID
    stored: date | None
    computed: date | None


@dataclass(frozen=True, slots=True)
class StoredDue:
    """
    Where an owner keeps copies of last days for sorting.

    `rows` gives (root, stored copy) of every root whose clocks still run; `rewrite(root, day, at)` is the
    owner's command that corrects one. `key` None: the copy is the earliest binding day of the root.
    """

    name: str
    rows: Callable[[], Iterable[tuple[UUID, date | None]]]
    rewrite: Callable[[UUID, date | None, datetime], None]
    key: ClockKey | None = None


@dataclass(frozen=True, slots=True)
class NoticeImported:
    """The calendar as it is after a holiday notice."""

    version: str
    known_until: date
    days: int
