"""What happened to a fee, told to the rooms above; root is the notice."""

from dataclasses import dataclass
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class FeeEvent(Event):
    """Which case it is of. `waits`: the case's time stands still until it is settled."""

    case_id: UUID
    number: str
    waits: bool


@dataclass(frozen=True)
class FeeDue(FeeEvent):
    """A fee is to be paid: 缴款通知."""

    name = "payments.fee_due"


@dataclass(frozen=True)
class FeeOverdue(FeeEvent):
    """The day by which it was to be paid has passed, and it is still owed; told once."""

    name = "payments.fee_overdue"


@dataclass(frozen=True)
class FeeSettled(FeeEvent):
    """Nothing is owed any more: `how` paid, exempted or cancelled."""

    name = "payments.fee_settled"
    how: str = "paid"


@dataclass(frozen=True)
class FeeRefunded(FeeEvent):
    """What was paid has been given back."""

    name = "payments.fee_refunded"
