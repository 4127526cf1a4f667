"""Rules of what one place receives for another (通办): pure."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from mingqu.across.types import Facts
from mingqu.kernel.identifiers import COUNTY

WORDS_LIMIT = 500  # characters of a reason or of terms

# What is counted of receptions, in the month in which it happened, in words.
MEASURES: Mapping[str, str] = {
    "received": "代收",
    "sent": "材料送对方",
    "returned": "退回补正",
    "decided": "已决定",
    "late": "超期决定",
    "given": "结果已发",
    "given_here": "在代收大厅发",
}
MOST_DAYS = 366  # natural days from receipt to giving out; this many or more
HALF, MOST = 50, 90  # per cent
AGES = ((0, 5), (6, 15), (16, 30), (31, 60), (61, None))  # natural days since receipt, of what goes on

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


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two spans of days have one in common; both ends count, None: without end."""
    (begins, ends), (other, until) = first, second
    return (ends is None or other <= ends) and (until is None or begins <= until)


def span_of(from_on: date, until_on: date | None, ends_on: date | None) -> tuple[date, date | None]:
    """The days of an agreement: of one that was left until the day before."""
    last = ends_on - timedelta(days=1) if ends_on is not None else None
    ends = [one for one in (until_on, last) if one is not None]
    return from_on, min(ends, default=None)


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


def given_elsewhere(home_gives: bool, delivery_way: str, by_post: bool) -> bool:
    """Whether the hall that received gives the result out: what is collected, unless the home side took that over."""
    return delivery_way == "window" and not by_post and not home_gives


def may_move_giving(status: str, delivery_way: str, by_post: bool) -> bool:
    """Until it is given out, and only of what is collected."""
    return (
        status in ("received", "correction", "accepted", "decided")
        and delivery_way == "window"
        and not by_post
    )


def month_of(day: date) -> date:
    return day.replace(day=1)


def month_after(month: date, by: int = 1) -> date:
    """The first day of the month `by` months later; earlier where it is negative."""
    count = month.year * 12 + month.month - 1 + by
    return date(count // 12, count % 12 + 1, 1)


def added(facts: Facts | None) -> Counter[tuple[date, str, int]]:
    """What one reception adds to (month, measure, days); None, what was never counted, adds nothing."""
    found: Counter[tuple[date, str, int]] = Counter()
    if facts is None:
        return found
    once = {
        "received": facts.received_on,
        "sent": facts.sent_on,
        "decided": facts.decided_on,
        "late": facts.decided_on if facts.late else None,
        "given_here": facts.given_on if facts.given_here else None,
    }
    for measure, day in once.items():
        if day is not None:
            found[month_of(day), measure, 0] += 1
    for day in facts.returned_on:
        found[month_of(day), "returned", 0] += 1
    if facts.given_on is not None:
        took = max((facts.given_on - facts.received_on).days, 0)
        found[month_of(facts.given_on), "given", min(took, MOST_DAYS)] += 1
    return found


def within_days(taken: Mapping[int, int], percent: int) -> int | None:
    """The least number of days within which so many per cent were done; None of nothing. `taken`: days → how many."""
    wanted = -(-sum(taken.values()) * percent // 100)
    done = 0
    for days in sorted(taken):
        done += taken[days]
        if done >= wanted > 0:
            return days
    return None
