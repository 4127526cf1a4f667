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
