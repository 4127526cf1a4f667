"""What halls tell the rooms above, and themselves: nothing of who it is."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class AppointmentBooked(Event):
    name = "hall.booked"
    hall_id: UUID
    line_id: UUID
    begins_at: datetime


@dataclass(frozen=True)
class AppointmentMoved(Event):
    name = "hall.moved"
    hall_id: UUID
    begins_at: datetime


@dataclass(frozen=True)
class AppointmentCancelled(Event):
    """By the person, or by the hall with a reason."""

    name = "hall.cancelled"
    hall_id: UUID
    by_hall: bool
    reason: str


@dataclass(frozen=True)
class AppointmentMissed(Event):
    name = "hall.missed"
    hall_id: UUID
    day: date


@dataclass(frozen=True)
class NumberIssued(Event):
    name = "hall.number_issued"
    number_id: UUID
    line_id: UUID
    label: str
    booked: bool


@dataclass(frozen=True)
class NumberCalled(Event):
    """`times`: how often it was called; recalled after it was skipped counts on."""

    name = "hall.called"
    number_id: UUID
    label: str
    window: int
    times: int


@dataclass(frozen=True)
class NumberSkipped(Event):
    name = "hall.skipped"
    number_id: UUID
    label: str


@dataclass(frozen=True)
class NumberTransferred(Event):
    name = "hall.transferred"
    number_id: UUID
    label: str
    line_id: UUID


@dataclass(frozen=True)
class NumberFinished(Event):
    name = "hall.finished"
    number_id: UUID
    line_id: UUID
    label: str
    seconds: int


@dataclass(frozen=True)
class DayClosed(Event):
    """A hall does not work on a day; what was booked is cancelled."""

    name = "hall.day_closed"
    day: date
    reason: str
