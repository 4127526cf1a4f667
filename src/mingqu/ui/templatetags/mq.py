"""
The components as template tags: `{% load mq %}`. Each has a small template under ui/components/; ui/README.md
shows how each is used. Filters that return markup keep dates, amounts and numbers unbroken.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.template import Context
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mingqu.kernel.errors import to_citizens
from mingqu.ui import days, figures, icons, language, menu, text, text_filters
from mingqu.ui.context import site_values
from mingqu.ui.days import Explanation
from mingqu.ui.text_filters import zh_parts
from mingqu.ui.types import Bar, Crumb, FlowLayout, FlowStep

register = template.Library()
register.filters |= text_filters.register.filters
register.tags |= text_filters.register.tags
COMPONENTS = "ui/components"
UNQUOTED = "!$&'()*+,;=:@~"  # in a piece of an address (RFC 3986, 3.3), as `url` leaves them
PIECE = "0-0-0"  # stands for the piece of an address that differs from row to row

# States of a case: the class that gives colour and shape, and the word when a page gives no other.
STATUSES: dict[str, str] = {
    "received": to_citizens("收件"),
    "accepted": to_citizens("办理中"),
    "correct": to_citizens("等您补正"),
    "special": to_citizens("特别程序"),
    "done": to_citizens("办结"),
    "refused": to_citizens("不予许可"),
    "void": to_citizens("已撤回"),
}
DUE_STATES = frozenset({"ok", "soon", "late", "stopped", "done"})


# Small marks -----------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, css_class: str = "mq-ico") -> SafeString:
    return icons.icon(name, css_class)


@register.inclusion_tag(f"{COMPONENTS}/brand_mark.html")
def brand_mark(css_class: str = "") -> dict[str, object]:
    return {"css_class": css_class}


@register.simple_tag
def site_value(name: str) -> object:
    """One value of MINGQU_SITE, for error pages that have no context."""
    return site_values()[name]


@register.simple_tag
def url_of(name: str, value: str) -> str:
    """As `url` with one piece of text, in lists: the page is looked up once and not again for every row."""
    return _url(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()).replace(
        PIECE, quote(value, safe=UNQUOTED)
    )


@cache
def _url(name: str, urlconf: str, prefix: str) -> str:
    return reverse(name, urlconf, [PIECE])


@register.simple_tag
def page_of(word: str, number: str) -> str:
    """Where a room above shows what a lower one names by its number (`ui.menu.register_page`), or ""."""
    return menu.page_of(word, number)


@register.simple_tag
def status(code: str, label: str = "") -> SafeString:
    """State of a case: word, shape and colour. Raises KeyError for an unknown code, whatever it is called."""
    usual = STATUSES[code]
    return _status(code, label or usual, language.in_english())


@lru_cache(maxsize=1024, typed=True)  # what is marked safe is not what reads the same
def _status(code: str, label: str, _english: bool) -> SafeString:
    """There are few states, and lists say them in every row."""
    return format_html('<span class="mq-tag mq-tag--{}">{}</span>', code, zh_parts(label))


@register.simple_tag
def plain_tag(label: str) -> SafeString:
    """A word in a box that is no state (承诺件, 默认值，待确认)."""
    return format_html('<span class="mq-tag mq-tag--plain">{}</span>', zh_parts(label))


@register.inclusion_tag(f"{COMPONENTS}/watermark.html", takes_context=True)
def watermark(context: Context) -> dict[str, object]:
    """
    Who looks at this page and when, as a light pattern over staff pages. Of two of one name the last six signs of the
    account's id tell who (SEC-03): `mingqu user list` shows them.
    """
    request = context.get("request")
    actor, at = getattr(request, "actor", None), getattr(request, "at", None)
    if actor is None or at is None:
        return {"words": ""}
    account = f" {actor.user_id.hex[-6:]}" if actor.user_id else ""
    return {"words": f"{actor.name}{account} {text.zh_day(text.as_day(at))} {text.clock_time(at)}"}


# First line, dates, lists ----------------------------------------------------------------------------------


@register.inclusion_tag(f"{COMPONENTS}/turn.html")
def turn(
    what: str,
    *,
    whose: str = "",
    by: date | None = None,
    today: date | None = None,
    note: str = "",
    facts: Iterable[Any] = (),
    actions: Iterable[Any] = (),
) -> dict[str, object]:
    """
    First line of a page: what, whose turn, by when. whose="you": the reader must act (轮到您, ochre). With `today` a
    day that is over is not told as one to come.
    """
    yours = whose == "you"
    return {
        "what": what,
        "whose": _("轮到您") if yours else whose,
        "by": by,
        "over": bool(by and today and by < today),
        "note": note,
        "yours": yours,
        "facts": list(facts),
        "actions": list(actions),
    }


@register.inclusion_tag(f"{COMPONENTS}/due.html")
def due(
    day: date,
    explanation: Explanation | None = None,
    *,
    state: str = "ok",
    label: str = "",
    today: date | None = None,
    opened: bool = False,
) -> dict[str, object]:
    """A due date and 为什么是这一天, day by day, from the clocks' explanation."""
    if state not in DUE_STATES:
        raise ValueError(f"no such state of a due date: {state}")
    weeks = days.calendar(explanation, due=day, today=today) if explanation else None
    return {"day": day, "state": state, "label": label or _("最晚"), "calendar": weeks, "opened": opened}


@register.inclusion_tag(f"{COMPONENTS}/facts.html")
def facts(rows: Iterable[Any]) -> dict[str, object]:
    """Big numbers with their words: days, visits, materials, fee."""
    return {"rows": list(rows)}


@register.inclusion_tag(f"{COMPONENTS}/summary_list.html")
def summary_list(rows: Iterable[Any], *, narrow: bool = False) -> dict[str, object]:
    """Key and value rows, with an optional link to change each."""
    return {"rows": list(rows), "narrow": narrow}


@register.inclusion_tag(f"{COMPONENTS}/task_list.html")
def task_list(tasks: Iterable[Any]) -> dict[str, object]:
    return {"tasks": list(tasks)}


def _opens(context: Context, url: str) -> str:
    """The address, or "" where it is a page of the desk that the reader may not open: no way leads to a refusal."""
    nav = context.get("nav")
    return url if nav is None or nav.opens(url) else ""


@register.inclusion_tag(f"{COMPONENTS}/breadcrumbs.html", takes_context=True)
def breadcrumbs(context: Context, *words: object) -> dict[str, object]:
    """Label and address by turns, last the page itself: `{% breadcrumbs "首页" "/" "办事指南" %}`."""
    labels, urls = words[::2], [_opens(context, str(url)) for url in words[1::2]]
    return {"crumbs": [Crumb(str(label), url) for label, url in zip(labels, [*urls, ""], strict=False)]}


@register.inclusion_tag(f"{COMPONENTS}/pagination.html")
def pagination(previous_url: str = "", next_url: str = "") -> dict[str, object]:
    """上一页 and 下一页 of a keyset list; nothing when the list is one page."""
    return {"previous_url": previous_url, "next_url": next_url}


@register.inclusion_tag(f"{COMPONENTS}/empty.html", takes_context=True)
def empty(
    context: Context, title: str, words: str = "", action_label: str = "", action_url: str = ""
) -> dict[str, object]:
    """Nothing here, and the next step."""
    url = _opens(context, str(action_url))
    return {"title": title, "words": words, "action_label": action_label, "action_url": url}


@register.inclusion_tag(f"{COMPONENTS}/button.html")
def button(
    label: str,
    *,
    url: str = "",
    kind: str = "first",
    icon: str = "",
    key: str = "",
    send: str = "",
) -> dict[str, object]:
    """
    A link when `url` is given, else the submit button of the form around it. `key`: its shortcut, shown.
    `send`: what the button adds to the form, "decision=accept".
    """
    name, _equals, value = send.partition("=")
    return {
        "label": label,
        "url": url,
        "kind": kind,
        "icon": icon,
        "key": key,
        "name": name,
        "value": value,
    }


@register.inclusion_tag(f"{COMPONENTS}/day_input.html")
def day_input(
    name: str, value: date | None, *, id: str = "", month: bool = False, css_class: str = ""
) -> dict[str, object]:
    """One input for a day as `ui.forms.DayInput` has it, or for a month (2026-11), outside a Django form."""
    return _day_input(name, value, id, month) | {"css_class": css_class}


@register.inclusion_tag(f"{COMPONENTS}/day_filter.html")
def day_filter(label: str, name: str, value: date | None, *, month: bool = False) -> dict[str, object]:
    """The same with its label, for a form of `mq-filters`."""
    return _day_input(name, value, "", month) | {"label": label}


def _day_input(name: str, value: date | None, id: str, month: bool) -> dict[str, object]:
    written = value.isoformat() if value else ""
    return {
        "id": id or f"f-{name}",
        "name": name,
        "value": written[:7] if month else written,
        "kind": "month" if month else "date",
    }


# Asking, telling -------------------------------------------------------------------------------------------


@register.inclusion_tag(f"{COMPONENTS}/error_summary.html")
def error_summary(*forms: BaseForm | None) -> dict[str, object]:
    """Every error of the forms at the top, each a link to its field. Nothing when there is none."""
    errors: list[tuple[str, str]] = []
    for form in filter(None, forms):
        errors += [(str(message), "") for message in form.non_field_errors()]
        for bound in form:
            words = getattr(bound, "error_words", bound.errors)
            target = getattr(bound, "first_input_id", bound.id_for_label)
            errors += [(str(message), str(target)) for message in words]
    return {"errors": errors}


@register.inclusion_tag(f"{COMPONENTS}/confirm.html", takes_context=True)
def confirm(
    context: Context, title: str, consequences: Iterable[str], action: Any, *, back_url: str, key: str = ""
) -> dict[str, object]:
    """A last question before a deed that can't be taken back. `action`: types.Action; `key`: command key."""
    return {
        "title": title,
        "consequences": list(consequences),
        "action": action,
        "back_url": back_url,
        "key": key,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag(f"{COMPONENTS}/toast.html")
def toast(message: Any) -> dict[str, object]:
    """A message of django.contrib.messages or a text; extra_tags `undo:<url>` offers to take it back."""
    tags = getattr(message, "extra_tags", "") or ""
    undo = tags.removeprefix("undo:") if tags.startswith("undo:") else ""
    return {"words": str(message), "undo_url": undo, "is_error": getattr(message, "level_tag", "") == "error"}


@register.inclusion_tag(f"{COMPONENTS}/steps.html")
def steps(done: int, total: int, *, label: str, saved: str = "") -> dict[str, object]:
    """第4题，共10题, with a bar, or `label` alone where nothing is counted; `saved`: when it was last kept (09:12)."""
    return {
        "done": done,
        "total": total,
        "label": label,
        "saved": saved,
        "percent": round(100 * done / total) if total else 0,
    }


@register.simple_tag
def waiting(words: str) -> SafeString:
    """Shown by page.js while a form marked data-mq-wait is on its way for more than a second."""
    return format_html('<p class="mq-wait" role="status" hidden>{}</p>', words)


# Figures ---------------------------------------------------------------------------------------------------


@register.inclusion_tag(f"{COMPONENTS}/flowchart.html", takes_context=True)
def flowchart(
    context: Context, wide: FlowLayout, tall: FlowLayout, *, name: str, label: str, steps: Iterable[FlowStep]
) -> dict[str, object]:
    """The same process drawn wide and tall, with its text list. `name`: unique on the page, letters only."""
    return {
        "drawings": [("wide", wide, f"{name}w"), ("tall", tall, f"{name}t")],
        "label": label,
        "steps": list(steps),
        "elder": context.get("elder"),
    }


@register.simple_tag
def flow_path(line: Any) -> str:
    """The corner points of a line as SVG path data."""
    return figures.path_data(line.points)


@register.inclusion_tag(f"{COMPONENTS}/flow_box.html")
def flow_box(box: Any) -> dict[str, object]:
    """One box with its two lines of text, or the diamond where branches part and meet."""
    return {"box": box} | figures.box_places(box)


@register.inclusion_tag(f"{COMPONENTS}/bar_chart.html", takes_context=True)
def bar_chart(
    context: Context,
    bars: Iterable[Bar],
    *,
    title: str,
    first_column: str,
    value_column: str,
    mark_column: str = "",
) -> dict[str, object]:
    """Horizontal bars, wide and tall, and the table that says the same."""
    rows = list(bars)
    return {
        "title": title,
        "columns": [first_column, value_column, mark_column] if mark_column else [first_column, value_column],
        "drawings": [("wide", figures.bars(rows, wide=True)), ("tall", figures.bars(rows, wide=False))],
        "rows": rows,
        "has_marks": bool(mark_column),
        "elder": context.get("elder"),
    }


@register.simple_tag
def lock_minutes() -> int:
    """After how many minutes of nobody's hand the screen of the desk locks itself; 0: never."""
    return int(settings.MINGQU_DESK["lock_minutes"])


@register.filter
def yes(value: object, words: str) -> str:
    """`{{ is_open|yes:"open" }}`: the words when true, else nothing."""
    return conditional_escape(words) if value else ""
