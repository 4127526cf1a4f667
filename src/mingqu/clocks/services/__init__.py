"""What may be done to clocks and calendar."""

from mingqu.clocks.selectors import due_on
from mingqu.clocks.services.calendar import import_holiday_notice, load_seed_calendar
from mingqu.clocks.services.copies import check_stored, recompute_stored, register_stored_due
from mingqu.clocks.services.ledger import (
    begin,
    correct,
    extend,
    hand_over,
    pause,
    resume,
    start,
    start_round,
    stop,
)

__all__ = [
    "begin",
    "check_stored",
    "correct",
    "due_on",
    "extend",
    "hand_over",
    "import_holiday_notice",
    "load_seed_calendar",
    "pause",
    "recompute_stored",
    "register_stored_due",
    "resume",
    "start",
    "start_round",
    "stop",
]
