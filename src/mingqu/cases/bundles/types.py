"""Results of commands and shapes that pages read."""

from dataclasses import dataclass, field
from uuid import UUID

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
