"""Rules of appointments and queues: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import quantiles
from typing import TYPE_CHECKING, Final
from uuid import UUID

from mingqu.hall.errors import (
    BookingSettled,
    CountMissing,
    CountWrong,
    NumberMovedOn,
    OpeningWrong,
    PaperMovedOn,
    SlotOver,
    TooEarly,
    TooLate,
)

if TYPE_CHECKING:
    from mingqu.hall.types import Counted, Returned

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
PAPER: Final[Mapping[str, Mapping[str, str]]] = {
    "kept": {"send": "moving", "give_back": "returned", "file": "filed", "shift": "kept"},
    "moving": {"receive": "kept", "miss": "kept", "call_back": "kept"},
    "returned": {},
    "filed": {},
}
_FETCHED: Final = {
    "collected": "moving",
    "moving": "moving",
    "delivering": "delivering",
    "failed": "moving",
    "signed": "signed",
    "returned": "returned",
}
# Tellings may be late or lost: what comes out of turn leads on, never back behind what is over. The courier may have
# been ordered before we wrote it down, and may have fetched what was cancelled a moment before.
CONSIGNMENT: Final[Mapping[str, Mapping[str, str]]] = {
    "waiting": {"order": "ordered", "cancel": "cancelled"} | _FETCHED,
    "ordered": {"cancel": "cancelled"} | _FETCHED,
    "moving": {
        "moving": "moving",
        "delivering": "delivering",
        "failed": "moving",
        "signed": "signed",
        "returned": "returned",
    },
    "delivering": {"failed": "moving", "signed": "signed", "returned": "returned"},
    "signed": {},
    "returned": {},
    "cancelled": _FETCHED,
}
MOST_PAPERS = 99  # of a case and of a slip: two digits in the code of a paper
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


def consignment_after(state: str, happens: str) -> str | None:
    """What becomes of a parcel; None where nothing does any more."""
    return CONSIGNMENT[state].get(happens)


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


def paper_after(state: str, act: str) -> str:
    """Raises PaperMovedOn."""
    found = PAPER[state].get(act)
    if found is None:
        raise PaperMovedOn()
    return found


def counted(expected: Mapping[UUID, int], answers: Iterable[Counted]) -> dict[UUID, Counted]:
    """
    What was found of each line of a slip: every line answered once, none with more than was handed over.

    Raises CountMissing or CountWrong; nothing is believed that names a line of another slip.
    """
    found = {one.line_id: one for one in answers if one.line_id in expected}
    if found.keys() != expected.keys():
        raise CountMissing()
    if any(not 0 <= one.copies <= expected[line] for line, one in found.items()):
        raise CountWrong()
    return found


def missing_of_return(returned: Returned) -> tuple[str, str] | None:
    """(field, words) of what giving papers back still asks for: who took them, who that is, the signature."""
    asked = (
        (not returned.receiver.strip(), "receiver", "领回的人的姓名"),
        (returned.relation not in {"self", "agent", "family", "firm"}, "relation", "和申请人的关系"),
        (returned.relation != "self" and not returned.document.strip(), "document", "领回的人的证件"),
        (returned.drawn is None and not returned.proof.strip(), "signature", "领回的人的签名"),
    )
    return next(((field, words) for lacking, field, words in asked if lacking), None)


def number_of_slip(region_code: str, day: date, serial: int) -> str:
    """JJ, region 6, day 8, serial 4 (材料交接单编号, own form)."""
    return f"JJ{region_code[:6]}{day:%Y%m%d}{serial:04d}"


def number_of_shift(region_code: str, day: date, serial: int) -> str:
    """JB, region 6, day 8, serial 4 (换班交接单编号, own form)."""
    return f"JB{region_code[:6]}{day:%Y%m%d}{serial:04d}"


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
