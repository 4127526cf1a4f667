"""What the pages of visits on the spot show."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from mingqu.cases.bundles.selectors import AgreedVisit, Shared, Unanswered
from mingqu.cases.types import PointFound
from mingqu.kernel.legal_day import legal_day


@dataclass(frozen=True)
class VisitRow:
    """One visit ahead in the list of days. `late`: its hour is over and nothing was recorded."""

    number: str
    item: str
    applicant: str  # masked
    visit_id: UUID
    when: datetime
    place: str
    officers: list[str]
    own: bool
    late: bool
    wish: str
    joint: tuple[str, UUID] | None = None  # number of the bundle, and the joint visit it is part of


@dataclass(frozen=True)
class VisitDay:
    day: date
    rows: list[VisitRow]


@dataclass(frozen=True)
class VisitPage:
    """One page of the list, by day."""

    days: list[VisitDay]
    next_after: str
    proposed: list[Unanswered] = field(default_factory=list)  # dates the acting post is asked about


@dataclass(frozen=True)
class VisitView:
    """A visit on the page of its case. `own`: the reader is one of its officers."""

    visit_id: UUID
    state: str
    state_words: str
    when: datetime
    place: str
    officers: list[str]
    own: bool
    due: bool  # its day has come: the record can be finished
    wish: str = ""
    wish_on: date | None = None
    outcome: str = ""
    outcome_words: str = ""
    again_by: date | None = None
    text: str = ""
    photos: int = 0
    adopted: str = ""  # why the shared findings of a joint visit stand for it
    used: int = 0  # shared findings it rests on
    corrected: list[tuple[str, str, str]] = field(default_factory=list)  # of these: subject, before, now


@dataclass(frozen=True)
class VisitPanel:
    """
    Visits of a case; `task_id`: the step the acting post may plan one for, `moves` who may change the date; `beside`:
    what other departments agreed on for the same 一件事.
    """

    visits: list[VisitView]
    task_id: UUID | None = None
    moves: bool = False
    beside: list[AgreedVisit] = field(default_factory=list)
    law: str = ""  # why there are two officers, in brackets, where a law says so
    proposed: datetime | None = None  # what the lead proposed to all departments, not agreed on yet
    joint_id: UUID | None = None  # 联合踏勘: where the shared record is

    @property
    def apart(self) -> bool:
        """Somebody goes there on another day: the applicant waits twice."""
        days = {one.day for one in self.beside}
        return any(v.state == "planned" and legal_day(v.when) not in days for v in self.visits if days)


@dataclass(frozen=True)
class SpotPoint:
    """A line of the checklist with what was kept of it."""

    number: int
    code: str
    text: str
    critical: bool
    basis: str
    state: str
    note: str


@dataclass(frozen=True)
class SpotPhoto:
    photo_id: UUID
    taken_at: datetime | None
    added_at: datetime


@dataclass(frozen=True)
class Spot:
    """The page on the spot: list, photos, who signs."""

    number: str
    item: str
    applicant: str
    visit_id: UUID
    step_name: str
    when: datetime
    place: str
    checklist: str
    points: list[SpotPoint]
    photos: list[SpotPhoto]
    officers: list[tuple[UUID, str]]
    began_at: datetime | None
    saved_at: datetime | None
    computed: str  # met or not_met: what the critical points say so far
    due: bool
    found: tuple[PointFound, ...] = field(default=(), repr=False)
    shared: Shared | None = field(default=None, repr=False)  # what was found together (联合踏勘)

    @property
    def looked_at(self) -> datetime | None:
        """When this department looked together with others, whose record it uses: its own may be written days later."""
        shared = self.shared
        if shared is None or not shared.own.came or shared.joint.planned_for != self.when:
            return None
        began: datetime | None = shared.joint.began_at
        return began

    @property
    def left(self) -> list[SpotPoint]:
        return [point for point in self.points if not point.state]

    @property
    def not_met(self) -> list[SpotPoint]:
        return [point for point in self.points if point.state == "not_met"]
