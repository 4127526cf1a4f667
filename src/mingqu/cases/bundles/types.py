"""Results of commands and shapes that pages read."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from mingqu.cases.types import VisitParty
from mingqu.documents.types import CheckedUpload
from mingqu.kernel.types import Instant

# Before the path of a question of the form, where a notice names it beside the codes of materials.
FORM = "form:"


@dataclass(frozen=True)
class FiledBundle:
    bundle_id: UUID
    number: str
    query_code: str = field(default="", repr=False)


@dataclass(frozen=True)
class BundleDone:
    """A command that leads to no more than a new status."""

    bundle_id: UUID
    status: str


@dataclass(frozen=True)
class OutsideResult:
    """
    What the outside system came to, as the clerk entered it: `outcome` granted or refused; `number` of the licence;
    where the part brings the subject, its credit code and registered name; `reasons` of a refusal.
    """

    outcome: str
    number: str = ""
    credit_code: str = ""
    name: str = ""
    reasons: str = field(default="", repr=False)


@dataclass(frozen=True)
class NewProject:
    """A project to be registered; `owner_id` None: the person who acts (`handler_id`) owns it herself."""

    name: str
    handler_id: UUID
    region_code: str
    national_code: str = ""
    owner_id: UUID | None = None


@dataclass(frozen=True)
class ProjectRegistered:
    project_id: UUID
    number: str


@dataclass(frozen=True)
class VisitDate:
    """One date for the visits of several departments, and what the applicant is asked to prepare."""

    planned_for: Instant
    place: str = field(repr=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True)
class VisitAnswer:
    """A department agrees and names the officers who will come, or says why it can't."""

    agreed: bool
    officers: tuple[UUID, ...] = ()
    reason: str = field(default="", repr=False)


@dataclass(frozen=True)
class RecordOf:
    """The shared record of one joint visit (联合踏勘), and the part one writes in it for."""

    bundle_id: UUID
    joint_id: UUID
    part: str


@dataclass(frozen=True)
class NewFinding:
    """
    What was found: of what (`subject`), and in words, as a number with its unit, or as a photo; one of them at least.
    """

    subject: str = field(repr=False)
    text: str = field(default="", repr=False)
    amount: Decimal | None = None
    unit: str = ""
    photo: CheckedUpload | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Correction:
    """What stands in the place of a finding from now on, and why. Without a photo the old one stays."""

    finding_id: UUID
    finding: NewFinding
    reason: str = field(repr=False)


@dataclass(frozen=True)
class Closing:
    """Who was there for the applicant; `absent`: parts that the page said did not come."""

    party: VisitParty
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class FindingDone:
    """A command on a shared record: the finding it was about, where it was about one."""

    bundle_id: UUID
    joint_id: UUID
    finding_id: UUID | None = None
