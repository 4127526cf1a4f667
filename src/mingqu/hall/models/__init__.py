"""Halls, their times and places, appointments, numbers; results that lie at a counter and originals kept."""

from mingqu.hall.models.consignments import (
    Consignment,
    ConsignmentReference,
    ConsignmentTrack,
    DoubleParcel,
)
from mingqu.hall.models.devices import DeviceBridge
from mingqu.hall.models.halls import (
    Booker,
    Booking,
    BookingNumber,
    ClosedDay,
    DayQueue,
    Hall,
    OpeningRule,
    QueueLine,
    QueueNumber,
    Slot,
    SlotPlace,
    Terminal,
    Window,
)
from mingqu.hall.models.paper import GivenBack, KeptPaper, Result, Slip, SlipLine, SlipNumber
from mingqu.hall.models.shifts import Shift, ShiftLine

__all__ = [
    "Booker",
    "Booking",
    "BookingNumber",
    "ClosedDay",
    "Consignment",
    "ConsignmentReference",
    "ConsignmentTrack",
    "DayQueue",
    "DeviceBridge",
    "DoubleParcel",
    "GivenBack",
    "Hall",
    "KeptPaper",
    "OpeningRule",
    "QueueLine",
    "QueueNumber",
    "Result",
    "Shift",
    "ShiftLine",
    "Slip",
    "SlipLine",
    "SlipNumber",
    "Slot",
    "SlotPlace",
    "Terminal",
    "Window",
]
