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


@dataclass(frozen=True)
class ResultArrived(Event):
    """出件: the result of a case lies at a counter and can be collected."""

    name = "hall.result_arrived"
    hall_id: UUID


@dataclass(frozen=True)
class ResultUncollected(Event):
    """It has been lying there for the days of the setting, or again for as many; `times`: which reminder this is."""

    name = "hall.result_uncollected"
    hall_id: UUID
    arrived_on: date
    times: int


@dataclass(frozen=True)
class ResultNotThere(Event):
    """到件 was registered by mistake; who was told so is told of the mistake."""

    name = "hall.result_not_there"
    hall_id: UUID


@dataclass(frozen=True)
class PapersGivenBack(Event):
    """Originals of the applicant's were given back and signed for."""

    name = "hall.papers_given_back"
    number: str
    applicant_id: UUID
    papers: int


@dataclass(frozen=True)
class SlipAnsweredWithDifferences(Event):
    """Who counted found fewer than the slip says; the sender is to look for the rest."""

    name = "hall.slip_differs"
    number: str
    sender_post_id: UUID
    papers: int


@dataclass(frozen=True)
class ParcelSent(Event):
    """寄递: the courier has fetched the result; the applicant is told the waybill."""

    name = "hall.parcel_sent"
    consignment_id: UUID


@dataclass(frozen=True)
class ParcelSigned(Event):
    """Somebody signed for it: the case is served by post, on that day."""

    name = "hall.parcel_signed"
    consignment_id: UUID


@dataclass(frozen=True)
class ParcelReturned(Event):
    """It came back to the counter; the applicant is told."""

    name = "hall.parcel_returned"
    consignment_id: UUID
