"""Rules of what could not be done (办不成事反映): pure."""

from collections.abc import Mapping
from datetime import date

from mingqu.assist.errors import StuckWords

TEXT_LIMIT = 1000  # characters
ROUNDS = 2  # who is not satisfied asks once again
FEWEST = 10  # below this the public figures of an organ would tell who it was

# State and deed → state. `again` is what not being satisfied with the first answer means.
MOVES: Mapping[tuple[str, str], str] = {
    ("filed", "answer"): "answered",
    ("again", "answer"): "answered",
    ("filed", "go on"): "going",
    ("again", "go on"): "going",
    ("going", "answer"): "answered",
    ("answered", "satisfied"): "settled",
    ("answered", "again"): "again",
    ("answered", "unsatisfied"): "unsettled",
}


def deed_of(satisfied: bool, round_: int) -> str:
    """What somebody's word on an answer is: the second answer is not asked again."""
    if satisfied:
        return "satisfied"
    return "again" if round_ < ROUNDS else "unsatisfied"


def until_allowed(until: date | None, today: date, latest: date) -> bool:
    """Whether what goes on may be put off until that day: after today, no later than the latest."""
    return until is not None and today < until <= latest


def after(state: str, deed: str) -> str | None:
    """The state after a deed; None where it can't be done."""
    return MOVES.get((state, deed))


def checked_words(text: str) -> str:
    """Raises StuckWords."""
    text = text.strip()
    if not text or len(text) > TEXT_LIMIT:
        raise StuckWords(field="text", most=TEXT_LIMIT)
    return text


def number_of(region_code: str, day: str, serial: int) -> str:
    """BC, region 6, day 8, serial 6 (own form)."""
    return f"BC{region_code[:6]}{day}{serial:06d}"


def told(count: int) -> bool:
    """Whether the figures of so many are shown to everybody."""
    return count >= FEWEST
