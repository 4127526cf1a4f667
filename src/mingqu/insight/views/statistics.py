"""统计: the morning, the figures of a span by one dimension, the cases behind a figure, how each is worked out."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.identity.services import access
from mingqu.insight import rules, selectors, services
from mingqu.insight.finding import case_page
from mingqu.insight.forms import asked_of, query_of
from mingqu.insight.selectors import Statistics
from mingqu.insight.types import Asked, Row, Span, Value
from mingqu.kernel.errors import NotFound
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX
from mingqu.ui.access import staff
from mingqu.ui.types import Bar

# Of each row; a spreadsheet has all figures.
# With the word that a narrow screen has room for.
IN_ROWS = {
    "received": "收件",
    "ended": "办结",
    "on_time_rate": "按时",
    "late": "超期",
    "overdue": "超期未办",
    "full_online_rate": "网办",
    "zero_visit_rate": "零跑动",
    "good_rate": "好评",
}
# A row leads on to itself by another dimension.
DEEPER = {"department": "item", "item": "window", "window": "item", "region": "item", "channel": "item"}


@staff("board.see")
@never_cache
@require_GET
def statistics(request: Any) -> HttpResponse:
    """The morning first, then the figures asked about."""
    today, asked = legal_day(request.at), asked_of(request.GET)
    found = selectors.statistics(request.actor, asked, today)
    context = {
        "asked": asked,
        "found": found,
        "today": today,
        "morning": _morning(request, asked, today),
        "words": selectors.span_words(asked.kind, found.spans.now),
        "compared": [
            (
                "环比",
                selectors.span_words("", found.spans.before),
                _was_any(one.before for one in found.lines),
            ),
            (
                "同比",
                selectors.span_words("", found.spans.year_ago),
                _was_any(one.year_ago for one in found.lines),
            ),
        ],
        "lines": [(line, _behind(asked, found.spans.now, line.value.figure.code)) for line in found.lines],
        "heads": [selectors.figure(code) for code in IN_ROWS],
        "rows": [_row(row, asked, found.spans.now) for row in found.rows],
        "few": any(one.few and one.number is not None for one in shown_values(found.rows)),
        "unsaid": any(one.number is None for one in shown_values(found.rows)),
        "bars": [_bar(*one) for one in found.drawn],
        "drawn": any(one.of for _words, one, _before in found.drawn),
        "beside": "去年同期" if any(before.of for _words, _one, before in found.drawn) else "",
        "shown": selectors.figure(found.shown),
        "figures": selectors.figures(),
        "dimension": selectors.DIMENSIONS[asked.by][1],
        "dimensions": [(code, words) for code, (_column, words) in selectors.DIMENSIONS.items()],
        "kinds": selectors.KINDS.items(),
        "channels": selectors.CHANNELS.items(),
        "query": urlencode(query_of(asked)),
        "minimum": rules.MINIMUM,
        "longest": selectors.LONGEST,
        **_moves(asked, found, today),
    }
    return render(request, "insight/statistics.html", context)


def _was_any(said: Iterable[str]) -> bool:
    """Whether there was anything at all in the days it is compared with."""
    return any(one not in ("0", "—") for one in said)


def shown_values(rows: Iterable[Row]) -> list[Value]:
    """The figures of the rows that the page has room for."""
    return [one for row in rows for one in row.values if one.figure.code in IN_ROWS]


def _bar(words: str, now: Value, before: Value) -> Bar:
    """With a mark where it stood a year ago, where there was anything."""
    mark = None
    if before.of and before.number is not None:
        mark = int(before.number) if before.figure.kind == "count" else float(before.number)
    return Bar(words, float(now.number or 0), now.text, mark)


def _morning(request: Any, asked: Asked, today: Any) -> list[dict[str, Any]]:
    """Only over all of what the post watches: with a part chosen the figures below are what was asked for."""
    if any((asked.department, asked.item, asked.channel, asked.region, asked.window)):
        return []
    told = selectors.morning(request.actor, today, selectors.HEAD)
    return [
        {
            "name": one.name,
            "cells": [(words, line, _behind(Asked(), span, one.code)) for words, span, line in one.cells],
        }
        for one in told
    ]


def _behind(asked: Asked, span: Span, code: str) -> str:
    """The query of the page with the cases behind a figure; "" where it has none."""
    if not selectors.has_cases(code):
        return ""
    days = {"period": "days", "since": span.since, "until": span.until, "on": "", "sort": "", "shown": ""}
    return urlencode(query_of(asked, **days) | {"figure": code})


def _row(row: Row, asked: Asked, span: Span) -> dict[str, Any]:
    by_code = {one.figure.code: one for one in row.values}
    values = [(by_code[code], words, _behind_row(row, asked, span, code)) for code, words in IN_ROWS.items()]
    return {"name": row.name, "values": values, "deeper": _deeper(row, asked)}


def _behind_row(row: Row, asked: Asked, span: Span, code: str) -> str:
    """Of one row; of who took cases in there is no such page."""
    if asked.by == "day":
        day = date.fromisoformat(row.key)
        return _behind(asked, Span(day, day), code)
    return _behind(replace(asked, **{asked.by: row.key}), span, code) if asked.by in DEEPER else ""


def _deeper(row: Row, asked: Asked) -> str:
    if asked.by == "day":
        return urlencode(
            query_of(asked, period="day", on=row.key, since="", until="", by="department", sort="")
        )
    if asked.by not in DEEPER:
        return ""
    return urlencode(query_of(asked, by=DEEPER[asked.by], sort="", **{asked.by: row.key}))


def _moves(asked: Asked, found: Statistics, today: Any) -> dict[str, str]:
    """The addresses of the span before and after."""
    if asked.kind == "days":
        return {}
    now = found.spans.now
    later = rules.following(asked.kind, now)
    return {
        "earlier": urlencode(query_of(asked, on=rules.previous(asked.kind, now))),
        "later": urlencode(query_of(asked, on=later)) if later <= today else "",
    }


@staff("board.see")
@never_cache
@require_GET
def behind(request: Any) -> HttpResponse:
    """The cases behind one figure that the post may see. Unknown figures and those of ratings are not there."""
    asked = asked_of(request.GET)
    span = selectors.spans(asked, legal_day(request.at)).now
    found = selectors.behind(
        request.actor, request.GET.get("figure", ""), span, asked, after=request.GET.get("after", "")
    )
    if found is None:
        raise NotFound()
    address = query_of(asked) | {"figure": found.figure.code}
    context = {
        "found": found,
        "span": span,
        "lines": [(one, case_page(one.number)) for one in found.lines],
        "back": urlencode(query_of(asked)),
        "address": urlencode(address),
        "may_export": access.may(request.actor, "statistics.export"),
        "more": urlencode(address | {"after": found.more}) if found.more else "",
    }
    return render(request, "insight/behind.html", context)


@staff("statistics.export")
@never_cache
@require_GET
def behind_export(request: Any) -> HttpResponse:
    """The cases behind one figure as a file."""
    asked = asked_of(request.GET)
    span = selectors.spans(asked, legal_day(request.at)).now
    found = selectors.every_case(request.actor, request.GET.get("figure", ""), span, asked)
    if found is None:
        raise NotFound()
    made = services.export_cases(found=found, span=span, by=request.actor, at=request.at)
    answer = HttpResponse(made, content_type=XLSX)
    name = f"统计-{found.figure.name}-{span.since:%Y%m%d}-{span.until:%Y%m%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


@staff("board.see")
@require_GET
def how(request: Any) -> HttpResponse:
    """怎么算的: the one calculation of each figure."""
    return render(request, "insight/how.html", {"figures": selectors.figures(), "minimum": rules.MINIMUM})


@staff("statistics.export")
@never_cache
@require_GET
def export(request: Any) -> HttpResponse:
    asked = asked_of(request.GET)
    found = selectors.statistics(request.actor, asked, legal_day(request.at), most=100_000)
    answer = HttpResponse(services.export(found=found, by=request.actor, at=request.at), content_type=XLSX)
    span = found.spans.now
    name = f"统计-{selectors.DIMENSIONS[asked.by][1]}-{span.since:%Y%m%d}-{span.until:%Y%m%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer
