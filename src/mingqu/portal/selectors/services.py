"""Lists of services: by words, theme, audience, department, life event; and what the front page shows of them."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.bundles import selectors as published
from mingqu.kernel.codelists import code_list
from mingqu.portal.rules import audience_codes
from mingqu.portal.types import Choice, Filters, ServiceLine, ServicePage

PAGE = 20
ON_FRONT = 6


def audience_names(codes: Iterable[str]) -> tuple[str, ...]:
    """The audiences in words; a code that the list does not have is left out."""
    known = code_list("audience")
    return tuple(known.name(code) for code in codes if code in known)


def _of_audience(items: QuerySet[Any], audience: str) -> QuerySet[Any]:
    if audience == "all":
        return items
    return items.filter(audience__overlap=audience_codes(audience, (v.code for v in code_list("audience"))))


def _line(item: Any) -> ServiceLine:
    return ServiceLine(
        item.code, item.name, item.summary, item.department.name, audience_names(item.audience)
    )


def services(filters: Filters, *, after: str = "", before: str = "") -> ServicePage:
    """A page of the published services that fit, by name; an unknown cursor shows the first page."""
    items = catalogue.published_items(
        words=filters.words, theme=filters.theme, life_event=filters.life_event, organ=filters.department
    )
    items = _of_audience(items, filters.audience)
    cursor = catalogue.published_items().filter(code=after or before).values_list("name", "code").first()
    if cursor is None or not (after or before):
        rows = list(items[: PAGE + 1])
        return _page(rows[:PAGE], older=len(rows) > PAGE, newer=False)
    name, code = cursor
    if after:
        rows = list(items.filter(Q(name__gt=name) | Q(name=name, code__gt=code))[: PAGE + 1])
        return _page(rows[:PAGE], older=len(rows) > PAGE, newer=True)
    rows = list(items.filter(Q(name__lt=name) | Q(name=name, code__lt=code)).reverse()[: PAGE + 1])
    return _page(rows[:PAGE][::-1], older=True, newer=len(rows) > PAGE)


def _page(rows: list[Any], *, older: bool, newer: bool) -> ServicePage:
    return ServicePage(
        tuple(_line(row) for row in rows),
        before=rows[0].code if rows and newer else "",
        after=rows[-1].code if rows and older else "",
    )


def near(words: str) -> list[ServiceLine]:
    """Services that share a piece of what was asked for; empty if none does."""
    return [_line(item) for item in catalogue.items_near(words, ON_FRONT)]


def bundles_about(words: str, found: Iterable[ServiceLine]) -> list[Any]:
    """Bundles that carry every word in their name or summary, or that one of these services is a part of."""
    pieces, codes = words.split(), {line.code for line in found}
    return [
        bundle
        for bundle in published.published_bundles()
        if all(piece in f"一件事{bundle.name}{bundle.summary}" for piece in pieces)
        or codes & {part.item for part in published.document(bundle.current_id).parts if part.item}
    ]


def on_front(audience: str) -> list[ServiceLine]:
    """The first services of this audience, for the front page."""
    return [_line(item) for item in _of_audience(catalogue.published_items(), audience)[:ON_FRONT]]


def themes_by_audience() -> dict[str, list[str]]:
    """The themes that have a service for 个人 and for 法人; one statement."""
    rows = catalogue.published_items().order_by("theme").values_list("theme", "audience").distinct()
    found: dict[str, list[str]] = {"personal": [], "legal": []}
    for theme, audiences in rows:
        for name, themes in found.items():
            if audience_codes(name, audiences) and theme not in themes:
                themes.append(theme)
    return found


def choices(filters: Filters) -> list[tuple[str, list[Choice]]]:
    """The ways to narrow the list, each leading to something that exists; three statements."""
    published = catalogue.published_items().order_by()
    departments = published.order_by("department__code").values_list("department__code", "department__name")
    events = sorted(
        {event for row in published.values_list("life_events", flat=True).distinct() for event in row}
    )
    return [
        (
            _("服务对象"),
            _choices(filters, "audience", [("personal", _("个人")), ("legal", _("法人"))], everything="all"),
        ),
        (_("主题"), _choices(filters, "theme", [(theme, theme) for theme, _count in catalogue.themes()])),
        (_("部门"), _choices(filters, "department", list(departments.distinct()))),
        (_("生命周期事件"), _choices(filters, "life_event", [(event, event) for event in events])),
    ]


def _choices(
    filters: Filters, name: str, values: list[tuple[str, str]], *, everything: str = ""
) -> list[Choice]:
    given = getattr(filters, name)
    if not values:
        return []
    every = [(everything, _("全部")), *values]
    return [Choice(label, address(filters, **{name: value}), value == given) for value, label in every]


def address(filters: Filters, **changed: str) -> str:
    """The query of a list with these filters; what is not narrowed is left out, the audience always stands."""
    values = {name: getattr(filters, name) for name in ("audience", "theme", "department", "life_event")}
    return "?" + urlencode({name: value for name, value in {**values, **changed}.items() if value})
