"""What happened to a bundle, and what its commands want of its parts' cases."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class BundleEvent(Event):
    number: str
    applicant_id: UUID


@dataclass(frozen=True)
class BundleFiled(BundleEvent):
    """收件 of a bundle; `firm_id`: its subject has only a reserved name and is registered by it."""

    name = "cases.bundle_filed"
    code: str
    project_id: UUID | None
    firm_id: UUID | None
    received_on: date


@dataclass(frozen=True)
class PartOrdered(BundleEvent):
    """
    A command of the bundle wants something of the case of one part: `order` is file, accept, correct, supplement,
    withdraw, end, delivery, deliver, party or visit. Who wants it: `by_kind`, `by_id`, `by_post`; `ref` is the key of
    that command.
    """

    name = "cases.bundle_part_ordered"
    order: str
    part: str
    case_id: UUID
    by_kind: str
    by_id: UUID
    by_post: UUID | None
    ref: UUID


@dataclass(frozen=True)
class PartsOutside(BundleEvent):
    """The turn of these parts has come in the systems of others."""

    name = "cases.bundle_parts_outside"
    parts: list[str]


@dataclass(frozen=True)
class OutsideEnded(BundleEvent):
    """A part in another system has ended here: `outcome` granted, refused or withdrawn."""

    name = "cases.bundle_outside_ended"
    part: str
    outcome: str


@dataclass(frozen=True)
class BundleAccepted(BundleEvent):
    """One acceptance notice: these parts are accepted."""

    name = "cases.bundle_accepted"
    parts: list[str]
    on: date


@dataclass(frozen=True)
class BundleCorrectionAsked(BundleEvent):
    """One correction notice for these parts (一次性告知补正)."""

    name = "cases.bundle_correction_asked"
    parts: list[str]
    on: date


@dataclass(frozen=True)
class BundleExtended(BundleEvent):
    """延期 of the joint limit: its last day is `due_on` from now on."""

    name = "cases.bundle_extended"
    on: date
    due_on: date


@dataclass(frozen=True)
class BundleVisitAgreed(BundleEvent):
    """Every department that was asked comes on one date for its 现场核查; people and place stand in the proposal."""

    name = "cases.bundle_visit_agreed"
    joint_id: UUID
    planned_for: datetime
    parts: list[str]


@dataclass(frozen=True)
class JointVisitRecorded(BundleEvent):
    """联合踏勘: the shared findings are closed; of the departments that agreed, these came and these did not."""

    name = "cases.joint_visit_recorded"
    joint_id: UUID
    came: list[str]
    missed: list[str]


@dataclass(frozen=True)
class SharedFindingCorrected(BundleEvent):
    """A shared finding was corrected, or (`by_finding_id` None) taken out: who rests on it already is told."""

    name = "cases.shared_finding_corrected"
    joint_id: UUID
    finding_id: UUID
    by_finding_id: UUID | None


@dataclass(frozen=True)
class BundleDecided(BundleEvent):
    """Every part has ended; some may be granted and others refused."""

    name = "cases.bundle_decided"
    granted: list[str]
    refused: list[str]
    on: date


@dataclass(frozen=True)
class BundleDelivered(BundleEvent):
    """One delivery of all results."""

    name = "cases.bundle_delivered"
    on: date


@dataclass(frozen=True)
class BundleWithdrawn(BundleEvent):
    name = "cases.bundle_withdrawn"
    on: date


@dataclass(frozen=True)
class SubjectBound(BundleEvent):
    """The subject is a registered firm from now on."""

    name = "cases.bundle_subject_bound"
    firm_id: UUID


@dataclass(frozen=True)
class ProjectOpened(Event):
    """A project is registered."""

    name = "cases.project_registered"
    number: str


ALL = (
    BundleFiled,
    PartOrdered,
    PartsOutside,
    OutsideEnded,
    BundleAccepted,
    BundleCorrectionAsked,
    BundleExtended,
    BundleVisitAgreed,
    JointVisitRecorded,
    SharedFindingCorrected,
    BundleDecided,
    BundleDelivered,
    BundleWithdrawn,
    SubjectBound,
    ProjectOpened,
)
