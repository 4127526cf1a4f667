"""What happened to people, for the rooms above."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class AccountBound(Event):
    """An account belongs to the person a clerk had registered; what `before` had begun is that person's (root_id)."""

    name: ClassVar[str] = "identity.account_bound"
    before: UUID
    user_id: UUID


@dataclass(frozen=True)
class CapacityOffered(Event):
    """Somebody was asked to act for a firm or a person (root_id: the capacity); whoever has the telephone is told."""

    name: ClassVar[str] = "identity.capacity_offered"


@dataclass(frozen=True)
class CapacityAnswered(Event):
    """The one asked accepted or declined; who granted it is told."""

    name: ClassVar[str] = "identity.capacity_answered"
    accepted: bool
    granted_by: UUID


@dataclass(frozen=True)
class CapacityEnded(Event):
    """An authority was ended by either side, with at once nothing to rest on; the other side is told."""

    name: ClassVar[str] = "identity.capacity_ended"
    ended_by: UUID
    granted_by: UUID
    agent_id: UUID | None


@dataclass(frozen=True)
class PhoneRecoveryAsked(Event):
    """A clerk asked for another number for who lost hers (root_id: the request); the old number is told."""

    name: ClassVar[str] = "identity.phone_recovery_asked"


@dataclass(frozen=True)
class PhoneRecovered(Event):
    """A second person agreed: the new number signs in; the old one and the person are told."""

    name: ClassVar[str] = "identity.phone_recovered"


@dataclass(frozen=True)
class ClosingAskedFor(Event):
    """Somebody wants her account closed (root_id: the closing); she is told until when she may change her mind."""

    name: ClassVar[str] = "identity.closing_asked"
    person_id: UUID


@dataclass(frozen=True)
class ClosingEnded(Event):
    """An account was not closed because something was under way on the last day; its owner is told."""

    name: ClassVar[str] = "identity.closing_stopped"
    person_id: UUID


@dataclass(frozen=True)
class AccountClosed(Event):
    """
    An account was closed: what rooms hold for it alone (drafts, choices, copies) goes. `kept`: the person stays known.
    """

    name: ClassVar[str] = "identity.account_closed"
    person_id: UUID
    user_id: UUID
    kept: bool


@dataclass(frozen=True)
class CopyReady(Event):
    """A copy of a person's data is made (root_id: the copy); she is told."""

    name: ClassVar[str] = "identity.own_copy_ready"
    person_id: UUID


@dataclass(frozen=True)
class DepartmentChanged(Event):
    """A department (root_id) was renamed, came under another or ended; `kind` of DepartmentChange."""

    name: ClassVar[str] = "identity.department_changed"
    kind: str
