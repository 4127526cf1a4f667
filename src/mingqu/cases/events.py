"""What happened to a case, told to the rooms above (and to our own receivers for what need not hurry)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class CaseEvent(Event):
    """Every event of a case says which, whose and about what."""

    number: str
    item_code: str
    applicant_id: UUID


@dataclass(frozen=True)
class CaseReceived(CaseEvent):
    """收件: the materials are in; the five days of 行政许可法 32(4) run."""

    name = "cases.received"
    received_on: date


@dataclass(frozen=True)
class CorrectionAsked(CaseEvent):
    """一次性告知补正: codes of materials, and paths of the fields of the form."""

    name = "cases.correction_asked"
    asked_on: date
    materials: list[str]
    fields: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CaseSupplemented(CaseEvent):
    name = "cases.supplemented"
    supplemented_on: date


@dataclass(frozen=True)
class CaseAccepted(CaseEvent):
    """
    受理, or deemed so (`deemed`) from the day the materials were received. `on_the_spot`: decided at the same
    instant (行政许可法 34).
    """

    name = "cases.accepted"
    accepted_on: date
    due_on: date
    deemed: bool
    on_the_spot: bool = False


@dataclass(frozen=True)
class CaseNotAccepted(CaseEvent):
    """
    不予受理, with reason and remedies, or told that no licence is needed; `ground` is a code of
    types.NON_ACCEPTANCE_GROUNDS.
    """

    name = "cases.not_accepted"
    on: date
    ground: str = "not_competent"


@dataclass(frozen=True)
class StepCompleted(CaseEvent):
    """One step of the review is done; `finding` is met or not_met."""

    name = "cases.step_completed"
    step: str
    step_name: str
    finding: str


@dataclass(frozen=True)
class StepReturned(CaseEvent):
    """内部退回: `to` is done again; inside the house only, the deadlines run on."""

    name = "cases.returned_inside"
    step: str
    to: str


@dataclass(frozen=True)
class CaseSuspended(CaseEvent):
    """特别程序 (行政许可法 45): the deadlines stand still; `expected_until` is the last day told in writing."""

    name = "cases.suspended"
    ground: str
    since: date
    expected_until: date


@dataclass(frozen=True)
class SuspensionLasts(CaseEvent):
    """特别程序 goes on past `expected_until`, or is `put_off` to it, which the applicant was told."""

    name = "cases.suspension_lasts"
    ground: str
    expected_until: date
    put_off: bool


@dataclass(frozen=True)
class CaseResumed(CaseEvent):
    """The special procedure is over; the deadlines run again."""

    name = "cases.resumed"
    on: date
    due_on: date


@dataclass(frozen=True)
class CaseExtended(CaseEvent):
    """延长办理期限 (行政许可法 42), with the new last day in law."""

    name = "cases.extended"
    on: date
    statutory_on: date


@dataclass(frozen=True)
class CaseDecided(CaseEvent):
    """准予 or 不予行政许可; `outcome` is granted or refused. `deemed`: by lapse of time (行政许可法 50)."""

    name = "cases.decided"
    outcome: str
    decided_on: date
    deemed: bool = False


@dataclass(frozen=True)
class CaseTerminated(CaseEvent):
    """终止办理."""

    name = "cases.terminated"
    on: date


@dataclass(frozen=True)
class CaseDelivered(CaseEvent):
    """送达 of the decision; `outcome` as decided."""

    name = "cases.delivered"
    outcome: str
    delivered_on: date


@dataclass(frozen=True)
class CaseWithdrawn(CaseEvent):
    """撤回申请."""

    name = "cases.withdrawn"
    on: date


@dataclass(frozen=True)
class CaseArchived(CaseEvent):
    """归档."""

    name = "cases.archived"
    on: date


@dataclass(frozen=True)
class OwedBrought(CaseEvent):
    """容缺补齐: these owed materials (codes) came; `left` still are owed."""

    name = "cases.owed_brought"
    brought_on: date
    materials: list[str]
    left: list[str]


@dataclass(frozen=True)
class OwedDueSoon(CaseEvent):
    """The time for these owed materials ends within a working day."""

    name = "cases.owed_due_soon"
    materials: list[str]
    until: date


@dataclass(frozen=True)
class OwedMissed(CaseEvent):
    """An owed material did not come in time; told once for each."""

    name = "cases.owed_missed"
    material: str
    until: date


@dataclass(frozen=True)
class CommitmentBroken(CaseEvent):
    """The check after the decision found that a promise (告知承诺) was not true."""

    name = "cases.commitment_broken"
    check_id: UUID
    material: str
    found_on: date


@dataclass(frozen=True)
class VisitPlanned(CaseEvent):
    """
    现场核查 is agreed on, or moved (`moved`) to another date; people and place stand in the visit. `together`: with the
    other departments of its bundle, which tells the applicant.
    """

    name = "cases.visit_planned"
    visit_id: UUID
    planned_for: datetime
    moved: bool
    together: bool = False


@dataclass(frozen=True)
class NewDateAsked(CaseEvent):
    """The applicant asks for another date of the visit; the clock runs on."""

    name = "cases.new_date_asked"
    visit_id: UUID


@dataclass(frozen=True)
class VisitToBeRepeated(CaseEvent):
    """整改后复查: what was found is to be put right by `by`, then the officers come again."""

    name = "cases.visit_to_be_repeated"
    visit_id: UUID
    by: date


@dataclass(frozen=True)
class CasePartyChanged(CaseEvent):
    """The application is a firm's from now on (名称登记、主体登记以后)."""

    name = "cases.party_changed"
    party_id: UUID


@dataclass(frozen=True)
class ConsultationAsked(CaseEvent):
    """征求意见: another department's post (by code) is asked by `due_on`; the applicant is not told."""

    name = "cases.consultation_asked"
    consultation_id: UUID
    post: str
    due_on: date


@dataclass(frozen=True)
class ConsultationRemind(CaseEvent):
    """The limit ends within a working day, or (`overdue`) is past; told once each."""

    name = "cases.consultation_remind"
    consultation_id: UUID
    post: str
    due_on: date
    overdue: bool


@dataclass(frozen=True)
class ConsultationAnswered(CaseEvent):
    name = "cases.consultation_answered"
    consultation_id: UUID
    step: str
    outcome: str


@dataclass(frozen=True)
class ConsultationEnded(CaseEvent):
    """Called off, with its step or by a person, or settled by silence where the definition says so."""

    name = "cases.consultation_ended"
    consultation_id: UUID
    post: str
    state: str


@dataclass(frozen=True)
class RecusalAsked(CaseEvent):
    """回避: an officer asked to stand aside; the head of the organ decides (公务员法 77). Not who, nor why."""

    name = "cases.recusal_asked"
    recusal_id: UUID


@dataclass(frozen=True)
class RecusalDecided(CaseEvent):
    """回避 was decided: stands or lifted; the person is told."""

    name = "cases.recusal_decided"
    recusal_id: UUID
    state: str


@dataclass(frozen=True)
class StepStranded(CaseEvent):
    """Everybody who holds the post of an open step stands aside: the head of its organ is told."""

    name = "cases.step_stranded"
    task_id: UUID
    post: str
    step_name: str


@dataclass(frozen=True)
class StepHanded(CaseEvent):
    """A step, or a signature of it, waits for another post from now on; `how`: passed, lent, recalled, added, named."""

    name = "cases.step_handed"
    post: str
    step_name: str
    how: str


@dataclass(frozen=True)
class StepPutBack(CaseEvent):
    """放回 by the head of the organ: who had claimed the step is told that it is open to the post again."""

    name = "cases.step_put_back"
    claimed_by: UUID
    post: str
    step_name: str


@dataclass(frozen=True)
class DiscretionAsked(CaseEvent):
    """裁量: what is to be decided lies outside the range; this post (by code) is to agree or send it back."""

    name = "cases.discretion_asked"
    discretion_id: UUID
    post: str


@dataclass(frozen=True)
class DiscretionAnswered(CaseEvent):
    """裁量 outside the range was agreed to (and decided) or sent back (`state`); who asked is told."""

    name = "cases.discretion_answered"
    discretion_id: UUID
    state: str


@dataclass(frozen=True)
class CaseVoided(CaseEvent):
    """作废: taken in at a window by mistake; it never counts as received. The number stays."""

    name = "cases.voided"
    on: date


@dataclass(frozen=True)
class EntryMended(CaseEvent):
    """更正: what a clerk mistyped is mended; the row of the change says what, in its encrypted columns."""

    name = "cases.entry_mended"
    change_id: UUID


@dataclass(frozen=True)
class FlowTold(CaseEvent):
    """A drawn flow came to a message to the applicant: the words of the drawing, nothing personal."""

    name = "cases.flow_told"
    sending_id: UUID
    words: str


@dataclass(frozen=True)
class FlowAsks(CaseEvent):
    """A drawn flow waits for a message that another system may bring: what waits, and nothing of what it is about."""

    name = "cases.flow_asks"
    wait_id: UUID


@dataclass(frozen=True)
class ArrivalCame(CaseEvent):
    """来件 that another system may bring was noted, by an officer or as that system told it."""

    name = "cases.arrival_came"
    wait_id: UUID


@dataclass(frozen=True)
class FlowSignals(CaseEvent):
    """A drawn flow of a part of a 一件事 threw a signal, or waits for one: its other parts are looked at."""

    name = "cases.flow_signals"
    bundle_id: UUID


ALL = (
    CaseReceived, CorrectionAsked, CaseSupplemented, CaseAccepted, CaseNotAccepted, StepCompleted,
    StepReturned, CaseSuspended, SuspensionLasts, CaseResumed, CaseExtended, CaseDecided,
    CaseTerminated, CaseDelivered, CaseWithdrawn, CaseArchived, OwedBrought, OwedDueSoon, OwedMissed,
    CommitmentBroken, VisitPlanned, NewDateAsked, VisitToBeRepeated, CasePartyChanged,
    ConsultationAsked, ConsultationRemind, ConsultationAnswered, ConsultationEnded, RecusalAsked,
    RecusalDecided, StepStranded, StepHanded, StepPutBack, DiscretionAsked, DiscretionAnswered,
    CaseVoided, EntryMended, FlowTold, FlowAsks, ArrivalCame, FlowSignals,
)  # fmt: skip
