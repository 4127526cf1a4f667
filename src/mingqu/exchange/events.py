"""What happened to a matter in another system, told to the rooms above; root is the owner's aggregate."""

from dataclasses import dataclass
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class HandoverEvent(Event):
    """Which one, and what it is in its owner (`part`)."""

    handover_id: UUID
    part: str


@dataclass(frozen=True)
class HandoverMoved(HandoverEvent):
    """The other side stands at another state now: a code of types.OUTSIDE, or `sent` when it took the matter."""

    name = "exchange.handover_moved"
    state: str


@dataclass(frozen=True)
class HandoverNeedsHand(HandoverEvent):
    """It does not go on by itself: `needs` is a code of rules.NEEDS."""

    name = "exchange.handover_needs_hand"
    needs: str


ALL = (HandoverMoved, HandoverNeedsHand)
