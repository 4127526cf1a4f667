"""
Statistics: sums of the days' figures within what a post watches over. Never a scan of cases; a handful of statements
whatever the span. Training regions are nobody's figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum

from mingqu.catalogue import selectors as catalogue
from mingqu.identity import selectors as identity
from mingqu.insight import rules
from mingqu.insight.models import NOBODY
from mingqu.insight.selectors.figures import figure, figures, line, value, values
from mingqu.insight.selectors.kept import Kept, standing_on, sums_by, sums_of, watched
from mingqu.insight.types import STANDING, Asked, Compared, Line, Row, Span, Value
from mingqu.kernel.ids import id_or_none
from mingqu.kernel.models_regions import Region
from mingqu.kernel.types import Actor

KINDS = {"day": "日", "week": "周", "month": "月", "year": "年", "days": "自选"}
# What rows may be made by: the column, and what it is called.
DIMENSIONS = {
    "department": ("department_id", "部门"),
    "item": ("item_code", "事项"),
    "window": ("post_id", "窗口岗位"),
    "clerk": ("clerk_id", "收件人员"),
    "region": ("street_code", "镇街"),
    "channel": ("channel", "渠道"),
    "day": ("day", "日"),
}
CHANNELS = {"online": "网上", "window": "窗口", "kiosk": "自助机"}
NO_STREET, NOT_SAID = "none", "未填"  # what an address says for "", and its name
WITHOUT = {"window": "不经窗口", "clerk": "不经窗口"}
LONGEST = 366  # days that one page takes in
DRAWN = 8  # spans of a drawing
SHOWN = 100  # rows of a page; a spreadsheet has all of them


@dataclass(frozen=True)
class Statistics:
    """
    What a page shows. `shown`: the figure that is drawn; `drawn`: its value in each of the latest spans, and a year
    before.
    """

    asked: Asked
    spans: Compared
    lines: tuple[Line, ...]
    rows: tuple[Row, ...]
    shown: str
    drawn: tuple[tuple[str, Value, Value], ...]
    departments: tuple[tuple[str, str], ...]
    items: tuple[tuple[str, str], ...]
    streets: tuple[tuple[str, str], ...]
    more: int  # rows that are not shown


@dataclass(frozen=True)
class Morning:
    """One figure of the morning: today, this week, this month, each beside what it is compared with."""

    name: str
    code: str
    cells: tuple[tuple[str, Span, Line], ...]


def spans(asked: Asked, today: date) -> Compared:
    """What is asked about, up to today; days freely chosen never turned round and never longer than a year."""
    if asked.kind == "days":
        last = min(asked.until or today, today)
        first = min(asked.since or last - timedelta(days=29), last)
        return rules.compared_span(Span(max(first, last - timedelta(days=LONGEST - 1)), last))
    return rules.compared(asked.kind, min(asked.on or today, today), today)


def statistics(actor: Actor, asked: Asked, today: date, *, most: int = SHOWN) -> Statistics:
    """Figures of the span with what they are compared with, by one dimension; a dozen statements."""
    over = spans(asked, today)
    everything = watched(actor)
    found = narrowed(everything, asked)
    now, before, year_ago = sums_of(found, (over.now, over.before, over.year_ago))
    rows = _rows(found, over.now, asked)
    shown = figure(asked.shown) or figures()[0]
    return Statistics(
        asked=asked,
        spans=over,
        lines=tuple(line(one, now, before, year_ago) for one in figures()),
        rows=rows[:most],
        shown=shown.code,
        drawn=_drawn(found, asked, over.now, shown.code),
        departments=_departments(everything, over.now),
        items=_items(everything, over.now),
        streets=_streets(everything, over.now),
        more=max(0, len(rows) - most),
    )


def narrowed(kept: Kept, asked: Asked) -> Kept:
    return kept.filter(place_filter(asked))


def place_filter(asked: Asked) -> Q:
    """The parts of an address that say where; an unreadable one finds nothing, it never widens what is shown."""
    found = Q()
    for name, column in (("department", "department_id"), ("window", "post_id")):
        if given := getattr(asked, name):
            wanted = id_or_none(given)
            found &= Q(pk__in=()) if wanted is None else Q(**{column: wanted})
    for name, column in (("item", "item_code"), ("channel", "channel")):
        if given := getattr(asked, name):
            found &= Q(**{column: given})
    if asked.region:
        found &= Q(street_code="" if asked.region == NO_STREET else asked.region)
    return found


def _rows(kept: Kept, span: Span, asked: Asked) -> tuple[Row, ...]:
    made = rows_by(kept, span, asked.by)
    return tuple(sorted(made, key=lambda row: _order(row, asked)))


def rows_by(kept: Kept, span: Span, by: str) -> list[Row]:
    """A row for each value of a dimension with anything in it, the most received first; three statements."""
    counted = sums_by(kept, span, DIMENSIONS[by][0])
    names = _names(by, counted)
    made = [
        Row(str(key) or NO_STREET, names.get(key, str(key)), values(one), one["received"])
        for key, one in counted.items()
    ]
    return sorted(made, key=lambda row: (-row.number, row.name))


def _order(row: Row, asked: Asked) -> tuple[object, ...]:
    """By the figure asked for, the best first; what is too few to be ranked comes last. Days in their order."""
    if asked.by == "day" and not asked.sort:
        return (row.key,)
    of = next((one for one in row.values if one.figure.code == asked.sort), None)
    if of is None or of.number is None:
        return (2 if asked.sort else 1, -row.number, row.name)
    sign = 1 if of.figure.better == "lower" and of.figure.kind != "count" else -1
    return (1 if of.few else 0, sign * of.number, -row.number, row.name)


def _names(by: str, found: Mapping[object, object]) -> dict[object, str]:
    keys = list(found)
    if by == "department":
        return {key: one.name for key, one in identity.departments_by_id(keys).items()}
    if by == "item":
        return dict(catalogue.names(keys))
    if by in WITHOUT:
        real = [key for key in keys if key != NOBODY]
        named = identity.post_names(real) if by == "window" else identity.names_of(real)
        return {**named, NOBODY: WITHOUT[by]}
    if by == "region":
        known = Region.objects.filter(code__in=keys).order_by("valid_from").values_list("code", "name")
        return {"": NOT_SAID, **dict(known)}
    if by == "channel":
        return dict(CHANNELS)
    return {key: f"{key:%Y-%m-%d}" for key in keys}


def _drawn(kept: Kept, asked: Asked, now: Span, shown: str) -> tuple[tuple[str, Value, Value], ...]:
    """The figure in each of the latest spans of the kind and a year before, the oldest first; one statement."""
    of = figure(shown)
    assert of is not None
    kind = "month" if asked.kind in ("year", "days") else asked.kind
    latest = rules.latest(kind, now.until, DRAWN)
    wanted = {one.lstrip("-") for one in (*of.of, *of.by)}
    # A span that is not over is drawn beside as many days of a year ago.
    pairs = [
        (one, rules.compared(kind, end, end).year_ago)
        for one in latest
        for end in (min(one.until, now.until),)
    ]
    if wanted <= {*STANDING}:
        stood = standing_on(kept, (min(span.until, now.until) for pair in pairs for span in pair))
        said = {day: value(of, {"overdue": many}) for day, many in stood.items()}
        return tuple(
            (span_words(kind, one), said[min(one.until, now.until)], said[before.until])
            for one, before in pairs
        )
    first, last = zip(*((before.since, before.until) for _one, before in pairs), strict=True)
    within = kept.days.filter(
        Q(day__gte=latest[0].since, day__lte=latest[-1].until) | Q(day__gte=min(first), day__lte=max(last))
    )
    by_day = {
        row["day"]: row for row in within.values("day").annotate(**{f"sum_{one}": Sum(one) for one in wanted})
    }

    def summed(span: Span) -> Value:
        inside = [row for day, row in by_day.items() if span.since <= day <= span.until]
        return value(of, {one: sum(row[f"sum_{one}"] for row in inside) for one in wanted})

    return tuple((span_words(kind, one), summed(one), summed(before)) for one, before in pairs)


def span_words(kind: str, span: Span) -> str:
    if kind == "month":
        return f"{span.since.year}年{span.since.month}月"
    if kind == "year":
        return f"{span.since.year}年"
    if span.since == span.until:
        return f"{span.since.month}月{span.since.day}日"
    return f"{span.since.month}月{span.since.day}日至{span.until.month}月{span.until.day}日"


def _departments(kept: Kept, span: Span) -> tuple[tuple[str, str], ...]:
    within = kept.days.filter(day__gte=span.since, day__lte=span.until)
    ids = list(within.values_list("department_id", flat=True).distinct())
    return tuple(sorted((str(key), one.name) for key, one in identity.departments_by_id(ids).items()))


def _items(kept: Kept, span: Span) -> tuple[tuple[str, str], ...]:
    within = kept.days.filter(day__gte=span.since, day__lte=span.until)
    codes = list(within.values_list("item_code", flat=True).distinct())
    return tuple(sorted(catalogue.names(codes).items(), key=lambda one: one[1]))


def _streets(kept: Kept, span: Span) -> tuple[tuple[str, str], ...]:
    """By code, which is the order of the list of regions; those that did not say come last."""
    within = kept.days.filter(day__gte=span.since, day__lte=span.until)
    codes = set(within.values_list("street_code", flat=True).distinct())
    names = _names("region", dict.fromkeys(codes))
    named = [(code, names.get(code, code)) for code in sorted(codes) if code]
    return (*named, *([(NO_STREET, NOT_SAID)] if "" in codes else []))


def morning(actor: Actor, today: date, codes: tuple[str, ...]) -> tuple[Morning, ...]:
    """Today, this week and this month, against just before and a year ago; two statements."""
    over = {kind: rules.compared(kind, today, today) for kind in ("day", "week", "month")}
    wanted = [figure(code) for code in codes]
    measures = {m.lstrip("-") for one in wanted if one for m in (*one.of, *one.by)}
    days = Q()
    for one in over.values():
        for span in (one.now, one.before, one.year_ago):
            days |= Q(day__gte=span.since, day__lte=span.until)
    kept, stands = watched(actor), measures & {*STANDING}
    flows = measures - stands
    grouped = kept.days.filter(days).values("day").annotate(**{f"sum_{m}": Sum(m) for m in flows})
    by_day = {row["day"]: {m: row[f"sum_{m}"] for m in flows} for row in grouped}
    ends = [span.until for one in over.values() for span in (one.now, one.before, one.year_ago)]
    stood = standing_on(kept, ends) if stands else {}

    def within(span: Span) -> dict[str, int]:
        inside = [one for day, one in by_day.items() if span.since <= day <= span.until]
        return {m: sum(one[m] for one in inside) for m in flows} | {"overdue": stood.get(span.until, 0)}

    words = {"day": "今天", "week": "本周", "month": "本月"}
    return tuple(
        Morning(
            one.name,
            one.code,
            tuple(
                (words[kind], c.now, line(one, within(c.now), within(c.before), within(c.year_ago)))
                for kind, c in over.items()
            ),
        )
        for one in wanted
        if one is not None
    )
