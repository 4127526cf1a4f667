"""通办统计: figures of both sides, the receptions behind a number, the table that is taken away."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mingqu.across import rules, selectors
from mingqu.across.types import Asked, Counted, FigureRow
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX, book
from mingqu.ui.access import staff
from mingqu.ui.text import month_written
from mingqu.ui.types import Bar

FIRST_YEAR = 2000
USUAL = 12  # months shown where none are asked for
LIMIT = 64
HEADERS = (*(f"{words}（件）" for words in rules.MEASURES.values()), "一半在几天内发出", "九成在几天内发出")
OPEN = "open"
# The word that a narrow screen has room for.
NARROW = {
    "received": "代收",
    "sent": "送去",
    "returned": "补正",
    "decided": "决定",
    "late": "超期",
    "given": "发出",
    "given_here": "代发",
}


def _month(text: str) -> date | None:
    """ "2026-09"; what is unreadable is as if it was not there."""
    month = month_written(text)
    return month if month and month.year >= FIRST_YEAR else None  # months are counted back from it


def _asked(given: Mapping[str, str], today: date, sides: list[str]) -> Asked:
    """Up to this month; never turned round, never longer than LONGEST months."""
    until = min(_month(given.get("until", "")) or rules.month_of(today), rules.month_of(today))
    since = min(_month(given.get("since", "")) or rules.month_after(until, 1 - USUAL), until)
    side, by, measure = given.get("side", ""), given.get("by", ""), given.get("measure", "")
    return Asked(
        side=side if side in selectors.SIDES else next(iter(sides), "away"),
        since=max(since, rules.month_after(until, 1 - selectors.LONGEST)),
        until=until,
        by=by if by in selectors.DIMENSIONS else "agreement",
        agreement=given.get("agreement", "")[:LIMIT],
        item=given.get("item", "")[:LIMIT],
        hall=given.get("hall", "")[:LIMIT],
        measure=measure if measure in rules.MEASURES or measure.startswith(OPEN) else "",
    )


def _query(asked: Asked, **other: object) -> str:
    """The address that asks this, with some parts otherwise; "" leaves a part out."""
    own = {name: getattr(asked, name) for name in ("side", "by", "agreement", "item", "hall", "measure")}
    own |= {"since": f"{asked.since:%Y-%m}", "until": f"{asked.until:%Y-%m}"}
    return urlencode({name: str(value) for name, value in (own | other).items() if value})


def _of_row(asked: Asked, row: FigureRow, numbers: dict[str, str]) -> dict[str, object]:
    """What narrows to this row; an organ is no narrowing of its own, so that its numbers lead nowhere."""
    if asked.by == "month":
        return {"since": row.key[:7], "until": row.key[:7]}
    return {asked.by: numbers.get(row.key, row.key)}


def _cells(counted: Counted, asked: Asked, narrow: dict[str, object] | None) -> list[tuple[str, int, str]]:
    """(word of a narrow screen, number, query of the list behind it, "" where there is none)."""
    return [
        (
            words,
            getattr(counted, measure),
            _query(asked, **narrow, measure=measure)
            if narrow is not None and getattr(counted, measure)
            else "",
        )
        for measure, words in NARROW.items()
    ]


@staff("across.figures")
@never_cache
@require_safe
def page(request: Any) -> HttpResponse:
    """Of this post's halls and organ, on one side: by agreement, item, hall, organ or month."""
    today, sides = legal_day(request.at), selectors.sides(request.actor)
    asked = _asked(request.GET, today, sides)
    found = selectors.figures(request.actor, asked, today)
    agreements, items, halls = selectors.figure_choices(request.actor, asked.side)
    drawn = [Bar(one.name, float(one.counted.received), f"{one.counted.received}件") for one in found.months]
    ages = [
        (words, number, _query(asked, measure=f"{OPEN}{code}")) for words, code, number in found.open.ages
    ]
    numbers = {row.key: row.name.split()[0] for row in found.rows} if asked.by == "agreement" else {}
    context = {
        "asked": asked,
        "found": found,
        "today": today,
        "sides": [(code, words) for code, words in selectors.SIDES.items()],
        "side_words": selectors.SIDES[asked.side],
        "dimensions": [(code, words) for code, (_column, words) in selectors.DIMENSIONS.items()],
        "dimension": selectors.DIMENSIONS[asked.by][1],
        "heads": list(rules.MEASURES.values()),
        "rows": [
            (row, _cells(row.counted, asked, None if asked.by == "organ" else _of_row(asked, row, numbers)))
            for row in found.rows
        ],
        "total": _cells(found.total, asked, {}),
        "agreements": agreements,
        "items": items,
        "halls": halls,
        "bars": drawn if len(drawn) > 1 else [],
        "ages": ages,
        "open_query": _query(asked, measure=OPEN),
        "query": _query(asked),
        "narrowed": bool(asked.agreement or asked.item or asked.hall),
    }
    return render(request, "across/figures.html", context)


@staff("across.figures")
@never_cache
@require_safe
def behind(request: Any) -> HttpResponse:
    """The receptions behind a number, nothing personal; the case is opened by who may see it."""
    today = legal_day(request.at)
    asked = _asked(request.GET, today, selectors.sides(request.actor))
    lines, more = selectors.behind(request.actor, asked, today, after=request.GET.get("after", ""))
    context = {
        "asked": asked,
        "lines": lines,
        "words": "还在办的" if asked.measure.startswith(OPEN) else rules.MEASURES.get(asked.measure, "代收"),
        "going": asked.measure.startswith(OPEN),
        "side_words": selectors.SIDES[asked.side],
        "last": rules.month_after(asked.until),
        "back": _query(replace(asked, measure="")),
        "more": _query(asked, after=more) if more else "",
    }
    return render(request, "across/behind.html", context)


@staff("across.figures")
@never_cache
@require_safe
def export(request: Any) -> HttpResponseBase:
    """The rows as they are shown and their sum; nothing personal."""
    today = legal_day(request.at)
    asked = _asked(request.GET, today, selectors.sides(request.actor))
    found = selectors.figures(request.actor, asked, today)
    dimension = selectors.DIMENSIONS[asked.by][1]
    rows = [[row.name, *_plain(row.counted)] for row in found.rows]
    made = io.BytesIO(book("通办统计", [dimension, *HEADERS], [*rows, ["合计", *_plain(found.total)]]))
    name = f"通办统计-{dimension}-{asked.since:%Y%m}-{asked.until:%Y%m}.xlsx"
    return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)


def _plain(counted: Counted) -> list[int | str]:
    days = [counted.half, counted.most]
    numbers = [getattr(counted, measure) for measure in rules.MEASURES]
    return [*numbers, *("" if one is None else one for one in days)]
