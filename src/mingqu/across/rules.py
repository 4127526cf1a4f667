"""Rules of what one place receives for another (通办): pure."""

from collections.abc import Mapping
from datetime import date

WORDS_LIMIT = 500  # characters of a reason or of terms
COUNTY = 6  # digits of a region code that tell a district

# State and deed → state of an agreement. What is not listed can't be done.
MOVES: Mapping[tuple[str, str], str] = {
    ("proposed", "agree"): "agreed",
    ("proposed", "decline"): "declined",
    ("proposed", "take_back"): "taken_back",
    ("agreed", "withdraw"): "withdrawn",
}


def after(state: str, deed: str) -> str | None:
    """The state after a deed; None where it can't be done."""
    return MOVES.get((state, deed))


def in_force(state: str, from_on: date, until_on: date | None, ends_on: date | None, day: date) -> bool:
    """
    Whether an agreement holds on a day: its first and its last day count; `ends_on` is the first day on which a
    withdrawn one does not hold any more.
    """
    held = state in ("agreed", "withdrawn") and from_on <= day
    return held and (until_on is None or day <= until_on) and (ends_on is None or day < ends_on)


def another_place(home: str, away: str) -> bool:
    """Whether two regions are different districts; both are codes of twelve digits."""
    return home[:COUNTY] != away[:COUNTY]


def within(area: int | None, home: str, away: str) -> bool:
    """
    Whether an item of one region may be received in another: `area` is how many digits of their codes its 通办范围
    wants alike; None: it names none, so that nobody else receives it.
    """
    return area is not None and home[:area] == away[:area]


def lies_in(place: str, region: str) -> bool:
    """Whether a place lies in the district of a region."""
    return place.startswith(region[:COUNTY].rstrip("0") or region[:2])


def number_of(region_code: str, day: str, serial: int) -> str:
    """XY (协议), region 6, day 8, serial 4 (own form)."""
    return f"XY{region_code[:6]}{day}{serial:04d}"


def words(text: str) -> str | None:
    """A reason as it is kept; None where it is missing or too long."""
    text = text.strip()
    return text if text and len(text) <= WORDS_LIMIT else None
