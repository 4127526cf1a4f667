"""
What a case adds to the figures of which day, what two spans are compared with, and what a rate is: pure.

A case adds to several days: of its receipt, its acceptance, its end, each correction, each rating. What adds is worked
out anew from its facts whenever something happens, and the difference to what it added before is what changes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from mingqu.insight.types import Compared, Facts, Span, Timing

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
YEAR_OF_WEEKS = timedelta(days=364)  # the same day of the week
MINIMUM = 10  # cases below which nothing is ranked by a rate: one case would move it too far

Added = Counter[tuple[date, str]]


def added(facts: Facts) -> Added:
    """Day and measure → how much this case adds."""
    found: Added = Counter()
    for day, measure, amount in _amounts(facts):
        if amount:
            found[day, measure] += amount
    return found


def _amounts(facts: Facts) -> Iterator[tuple[date, str, int]]:
    yield facts.received_on, "received", 1
    yield facts.received_on, "online", int(facts.online)
    yield facts.received_on, "bundled", int(facts.in_bundle)
    if facts.accepted_on is not None:
        yield facts.accepted_on, "accepted", 1
        yield facts.accepted_on, "owed", int(facts.owed)
    for day in facts.corrections:
        yield day, "corrections", 1
    for day, level in facts.ratings:
        yield day, f"level{level}", 1
    if facts.ended_on is not None and facts.ending:
        yield facts.ended_on, "ended", 1
        yield facts.ended_on, facts.ending, 1
        if facts.decided:
            yield from _decided(facts.ended_on, facts)


def _decided(day: date, facts: Facts) -> Iterator[tuple[date, str, int]]:
    yield day, "decided", 1
    yield day, "zero_visit", int(facts.visits == 0)
    yield day, "full_online", int(facts.online and facts.visits == 0 and facts.electronic)
    yield day, "visits", facts.visits
    yield day, "same_day", int(facts.accepted_on == day)
    yield day, "promised_days", facts.promised_days
    yield day, "statutory_days", facts.statutory_days
    if facts.timing:
        yield day, "timed", 1
        yield day, "early", int(facts.timing == "early")
        yield day, "on_time", int(facts.timing in ("early", "on_day"))
        yield day, "late", int(facts.timing in ("late", "late_law"))
        yield day, "late_law", int(facts.timing == "late_law")


def timing(*, ended_on: date, due_on: date | None, in_time: bool, in_time_by_law: bool) -> Timing:
    """How a decision stands to its last day; without a last day (it stood still to the end) it is early."""
    if not in_time_by_law:
        return "late_law"
    if not in_time:
        return "late"
    return "on_day" if due_on == ended_on else "early"


def overdue_from(due_on: date | None, ended_on: date | None) -> date | None:
    """
    The first day on which a case is overdue: the one after its last day, where it had not ended by then. None where it
    has no last day, or ended in time.
    """
    if due_on is None or (ended_on is not None and ended_on <= due_on):
        return None
    return due_on + DAY


# Rates ----------------------------------------------------------------------------------------------------------------


def share(numerator: int, denominator: int) -> Decimal | None:
    """In percent, to one decimal; None of nothing."""
    if denominator < 1:
        return None
    return (Decimal(numerator * 100) / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)


def average(numerator: int, denominator: int) -> Decimal | None:
    """To two decimals; None of nothing."""
    if denominator < 1:
        return None
    return (Decimal(numerator) / denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


def total(of: tuple[str, ...], sums: Mapping[str, int]) -> int:
    """Of several measures; one with a minus before it is taken off."""
    return sum(-sums.get(one[1:], 0) if one.startswith("-") else sums.get(one, 0) for one in of)


def change(now: int, before: int) -> Decimal | None:
    """By how much percent more (or less) than before; None where before was nothing."""
    return share(now - before, before)


# Days -----------------------------------------------------------------------------------------------------------------


def span_of(kind: str, on: date) -> Span:
    """The day, the week from Monday, the month or the year that `on` lies in."""
    if kind == "week":
        monday = on - DAY * on.weekday()
        return Span(monday, monday + WEEK - DAY)
    if kind == "month":
        first = on.replace(day=1)
        return Span(first, following_month(first) - DAY)
    if kind == "year":
        return Span(on.replace(month=1, day=1), on.replace(month=12, day=31))
    return Span(on, on)


def following_month(first: date) -> date:
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def before(kind: str, span: Span) -> Span:
    """
    The span just before (环比): as many days of the month, week or year before as are asked about; a day's is the day
    before. Where the month before is shorter, it ends with it.
    """
    if kind == "month":
        first = (span.since - DAY).replace(day=1)
        last = span.since - DAY
        whole = span.until + DAY == following_month(span.since)
        return Span(first, last if whole else min(last, first + DAY * (span.days - 1)))
    if kind == "year":
        return Span(year_ago(span.since), year_ago(span.until))
    if kind == "week":
        return Span(span.since - WEEK, span.until - WEEK)
    return Span(span.since - DAY * span.days, span.since - DAY)


def compared(kind: str, on: date, today: date) -> Compared:
    """The span that `on` lies in, up to today where it is not over, and what it is compared with."""
    whole = span_of(kind, on)
    now = Span(whole.since, max(whole.since, min(whole.until, today)))
    if kind == "week":
        last = Span(now.since - YEAR_OF_WEEKS, now.until - YEAR_OF_WEEKS)
    else:
        last = Span(year_ago(now.since), _end_a_year_ago(kind, now))
    return Compared(now, before(kind, now), last)


def compared_span(span: Span) -> Compared:
    """The same for days freely chosen."""
    return Compared(span, before("", span), Span(year_ago(span.since), year_ago(span.until)))


def year_ago(day: date) -> date:
    """The same day of the year before; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _end_a_year_ago(kind: str, now: Span) -> date:
    """The whole month a year ago where the whole month is asked about: February may be a day longer."""
    if kind == "month" and now.until + DAY == following_month(now.since):
        return following_month(year_ago(now.since)) - DAY
    return year_ago(now.until)


def previous(kind: str, span: Span) -> date:
    """A day of the span before: for the link back."""
    return span.since - DAY


def following(kind: str, span: Span) -> date:
    return span_of(kind, span.since).until + DAY


def latest(kind: str, on: date, number: int) -> list[Span]:
    """So many spans of the kind, the last the one that `on` lies in, the oldest first: for a drawing."""
    found = [span_of(kind, on)]
    while len(found) < number:
        found.append(span_of(kind, found[-1].since - DAY))
    return found[::-1]
