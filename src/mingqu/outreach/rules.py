"""Rules of help near home (帮办代办, 上门服务): pure."""

import re
from collections.abc import Mapping
from datetime import date

CODE_MINUTES = 10  # how long a consent code holds
CODE_DIGITS = 6
WORDS_LIMIT = 500  # characters of a reason or a note
OPEN_VISITS = 3  # so many visits one person may have asked for at a time
LEVELS = (2, 4, 6, 9, 12)  # digits of a region code of a province, city, district, street, village
VISIT_DAYS = 30  # calendar days ahead within which one may wish for a day

DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00)?)?")

# State and deed → state of an errand. What is not listed can't be done.
MOVES: Mapping[tuple[str, str], str] = {
    ("open", "send"): "open",
    ("open", "agree"): "agreed",
    ("open", "paper"): "paper",
    ("paper", "confirm"): "agreed",
    ("paper", "refuse"): "open",
    ("agreed", "file"): "filed",
    ("filed", "send"): "filed",  # a code for the correction that is asked for
    ("filed", "agree_fix"): "filed",
    ("filed", "bring"): "brought",
    ("open", "end"): "ended",
    ("paper", "end"): "ended",
    ("agreed", "end"): "ended",
    ("filed", "end"): "ended",
    ("brought", "end"): "ended",
}

# The same of a visit at home. A planned one may be planned anew.
VISIT_MOVES: Mapping[tuple[str, str], str] = {
    ("asked", "plan"): "planned",
    ("planned", "plan"): "planned",
    ("planned", "done"): "done",
    ("asked", "impossible"): "impossible",
    ("planned", "impossible"): "impossible",
    ("asked", "withdraw"): "withdrawn",
    ("planned", "withdraw"): "withdrawn",
}


def after(state: str, deed: str) -> str | None:
    """The state of an errand after a deed; None where it can't be done."""
    return MOVES.get((state, deed))


def visit_after(state: str, deed: str) -> str | None:
    """The state of a visit after a deed; None where it can't be done."""
    return VISIT_MOVES.get((state, deed))


def in_force(from_on: date, until_on: date | None, day: date) -> bool:
    """Whether a delegation holds on a day; its first and its last day count."""
    return from_on <= day and (until_on is None or day <= until_on)


def lies_in(place: str, region: str) -> bool:
    """Whether a place lies in a region; both are codes of twelve digits."""
    level = next(one for one in (0, *LEVELS) if not region[one:].strip("0"))
    return place[:level] == region[:level]


def number_of(kind: str, region_code: str, day: str, serial: int) -> str:
    """DB (代办) or SM (上门), region 6, day 8, serial 6 (own form)."""
    return f"{kind}{region_code[:6]}{day}{serial:06d}"


def words(text: str) -> str | None:
    """A reason or a note as it is kept; None where it is missing or too long."""
    text = text.strip()
    return text if text and len(text) <= WORDS_LIMIT else None


def day_of(text: str) -> date | None:
    """A day as people and spreadsheets write it; None where it is none."""
    found = DAY.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
