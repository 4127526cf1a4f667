"""
The clocks of a definition, and whether its promise keeps within what the law gives: pure.

Not in `rules`, because a promise is judged by the working-day calendar.
"""

from dataclasses import replace
from functools import lru_cache

from mingqu.catalogue import fees
from mingqu.catalogue.types import ClockRule, Clocks, Definition
from mingqu.clocks.selectors import Calendar, can_end_later, kept_within, seed_calendar
from mingqu.clocks.types import Approver, Article, ClockSpec, ExtensionRule, Kind, StartedBy, Unit

LICENCE = "01"  # 行政许可, of the types of items
LONG_REST = "放假安排还没有公布的年份长假前一日"


def clock_specs(definition: Definition, started_by: StartedBy = StartedBy.ACCEPTED) -> list[ClockSpec]:
    """
    The statutory and the promised clock of a definition.

    What is not counted for the law (行政许可法 45) is not counted for the promise either, unless the definition says
    otherwise. An extension (42) lengthens what the law gives; the promise moves only where the definition says so.
    """
    statutory, promised = definition.clocks.statutory, definition.clocks.promised
    if statutory.from_receipt:
        started_by = StartedBy.RECEIVED
    law = _spec(Kind.STATUTORY, statutory, started_by, statutory.pauses)
    ours = _spec(Kind.PROMISED, promised, started_by, promised.pauses or statutory.pauses)
    return [
        replace(fees.spared(spec, definition), licence=definition.item.type == LICENCE)
        for spec in (law, kept_within(ours, law))
    ]


def problem(clocks: Clocks, calendar: Calendar | None = None) -> str:
    """
    Why the promise is no promise: on some day of receipt it would end after the law's last day (行政许可法 42);
    "" where it fits on every day. Without a calendar by the one that the product is delivered with.
    """
    calendar = calendar or _delivered()
    law, ours = (
        _spec(kind, rule, StartedBy.ACCEPTED, [])
        for kind, rule in ((Kind.STATUTORY, clocks.statutory), (Kind.PROMISED, clocks.promised))
    )
    day = can_end_later(law, ours, calendar)
    if day is None:
        return ""
    if law.unit is ours.unit:
        return "承诺时限不能长于法定时限"
    periods = f"承诺时限{ours.limit}{ours.unit.text}会比法定时限{law.limit}{law.unit.text}晚到期"
    when = f"{day.year}年{day.month}月{day.day}日" if day <= calendar.known_until else LONG_REST
    return f"{periods}（例如{when}起算），承诺时限不能长于法定时限：请改用同一个单位，或者写短一些"


@lru_cache(maxsize=1)
def _delivered() -> Calendar:
    return seed_calendar()


def _spec(kind: Kind, rule: ClockRule, started_by: StartedBy, pauses: list[str]) -> ClockSpec:
    extension = None
    if longer := rule.extension:
        article = Article(longer.law, longer.article)
        extension = ExtensionRule(longer.limit, Approver(longer.approver), article)
    return ClockSpec(
        kind,
        rule.limit,
        Unit(rule.unit),
        article=Article(rule.law, rule.article, rule.paragraph) if rule.law else None,
        started_by=started_by,
        extension=extension,
        pauses=tuple(pauses),
    )
