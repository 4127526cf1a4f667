"""Rules of appointments and queues: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import quantiles
from typing import Final

from mingqu.hall.errors import BookingSettled, NumberMovedOn, OpeningWrong, SlotOver, TooEarly, TooLate

# The tables of README.md: what a state allows, and what it becomes.
BOOKING: Final[Mapping[str, Mapping[str, str]]] = {
    "booked": {"move": "booked", "cancel": "cancelled", "check_in": "checked_in", "end_day": "missed"},
    "checked_in": {},
    "cancelled": {},
    "missed": {},
}
NUMBER: Final[Mapping[str, Mapping[str, str]]] = {
    "waiting": {"call": "called", "end_day": "gone"},
    "called": {
        "call_again": "called",
        "skip": "skipped",
        "transfer": "waiting",
        "finish": "done",
        "end_day": "gone",
    },
    "skipped": {"recall": "called", "end_day": "gone"},
    "done": {},
    "gone": {},
}
SHORTEST, LONGEST, MOST_PLACES = 5, 120, 50
FEW = 4  # finished numbers below which what the hall planned is told
AROUND = (0.7, 1.5)  # of what is planned, where nothing was measured yet


@dataclass(frozen=True, slots=True)
class Opening:
    """Every working day from `begins` to `ends`: slots of so many minutes with so many places."""

    begins: time
    ends: time
    minutes: int
    places: int


def booking_after(state: str, act: str) -> str:
    """Raises BookingSettled."""
    found = BOOKING[state].get(act)
    if found is None:
        raise BookingSettled()
    return found


def number_after(state: str, act: str) -> str:
    """Raises NumberMovedOn."""
    found = NUMBER[state].get(act)
    if found is None:
        raise NumberMovedOn()
    return found


def check_not_begun(begins_at: datetime, at: datetime) -> None:
    """Raises SlotOver."""
    if at >= begins_at:
        raise SlotOver()


def check_time_of_check_in(begins_at: datetime, ends_at: datetime, at: datetime, early_minutes: int) -> None:
    """Raises TooEarly or TooLate."""
    if at < begins_at - timedelta(minutes=early_minutes):
        raise TooEarly(minutes=early_minutes)
    if at >= ends_at:
        raise TooLate()


def check_openings(openings: Sequence[Opening]) -> None:
    """Raises OpeningWrong."""
    last = time.min
    for one in sorted(openings, key=lambda opening: opening.begins):
        whole = (
            one.begins < one.ends and SHORTEST <= one.minutes <= LONGEST and 1 <= one.places <= MOST_PLACES
        )
        if not whole or one.begins < last or not times_of(one):
            raise OpeningWrong()
        last = one.ends


def times_of(opening: Opening) -> list[tuple[time, time]]:
    """(begins, ends) of its slots; what is left over at the end is too short for one."""
    step = timedelta(minutes=opening.minutes)
    some_day = datetime.combine(date(2000, 1, 1), opening.begins)
    end = datetime.combine(date(2000, 1, 1), opening.ends)
    found = []
    while some_day + step <= end:
        found.append((some_day.time(), (some_day + step).time()))
        some_day += step
    return found


def wait(seconds: Iterable[int], ahead: int, windows: int, planned_minutes: int) -> tuple[int, int]:
    """
    Between how many and how many minutes somebody waits who has so many ahead, with so many windows at work: from the
    middle half of the measured handling times, or around what is planned where too few were measured.

    In whole minutes, the first rounded down, the second up and never the same as the first.
    """
    measured = sorted(seconds)
    if len(measured) >= FEW:
        first, _, third = quantiles(measured, n=4, method="inclusive")
    else:
        first, third = (planned_minutes * 60 * part for part in AROUND)
    rounds = ahead / max(1, windows)
    low, high = int(rounds * first // 60), int(-(-rounds * third // 60))
    return low, max(high, low + 1)


def number_of_booking(region_code: str, day: date, serial: int) -> str:
    """YY, region 6, day of the visit as first booked 8, serial 6 (预约编号, own form)."""
    return f"YY{region_code[:6]}{day:%Y%m%d}{serial:06d}"
