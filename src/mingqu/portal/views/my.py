"""我的: one's own cases and bundles, drafts, certificates and messages in one place."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.hall import selectors as halls
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import book
from mingqu.kernel.types import Actor
from mingqu.notifications import selectors as notifications
from mingqu.payments import selectors as payments
from mingqu.portal.rules import clean
from mingqu.portal.selectors import my as own
from mingqu.portal.selectors import own_lines, own_list
from mingqu.portal.types import Asked
from mingqu.ui.access import on_behalf
from mingqu.ui.types import Action

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABS_AT_MOST = 6  # so many names stand beside each other; more are chosen from a list
DEFAULTS = Asked()


@on_behalf("case.see")
@never_cache
@require_GET
def my(request: Any) -> HttpResponse:
    """What waits for me first; every case in one line: where it is, who has it, what I must do by when."""
    subjects = own_list.subjects(request.actor)
    asked = _asked(request, subjects)
    before = own_list.cursor_of(request.GET.get("before", ""), asked.order)
    page = own_list.page(request.actor, request.at, asked, before)
    narrowed = bool(asked.words or asked.turn)
    context = {
        "page": page,
        "asked": asked,
        "narrowed": narrowed,
        "subjects": _subjects(asked, subjects),
        "as_tabs": len(subjects) < TABS_AT_MOST,
        "tabs": [
            (label, _url(asked, shown=shown), shown == asked.shown)
            for shown, label in (("open", _("正在办")), ("done", _("办完了")), ("all", _("全部")))
        ],
        "turns": (("you", _("轮到我的")), ("others", _("在机关办的"))),
        "orders": (("todo", _("要我办的在前")), ("due", _("最晚日期近的在前")), ("new", _("新交的在前"))),
        "older_url": _url(asked, before=page.more) if page.more else "",
        "newer_url": _url(asked) if before else "",
        # Nothing found: the same among what is done, then without the words.
        "everything_url": _url(Asked(shown="all") if asked.shown == "all" else replace(asked, shown="all")),
        "export_url": f"{reverse('portal:my_file')}{_url(asked)}",
        "most_rows": own_list.MOST_ROWS,
        # What stands beside the list belongs to its first page; a search shows what it found and nothing else.
        "first": before is None and not narrowed,
    }
    if context["first"]:
        context |= _beside(request, asked)
    return render(request, "portal/my.html", context)


@on_behalf("case.see")
@never_cache
@require_GET
def my_file(request: Any) -> HttpResponse:
    """The list as it is narrowed, as a table."""
    asked = _asked(request, own_list.subjects(request.actor))
    rows = own_list.export_rows(request.actor, asked)
    answer = HttpResponse(book("我的办件", own_list.HEADERS, rows), content_type=XLSX)
    name = f"我的办件-{legal_day(request.at):%Y%m%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


def _beside(request: Any, asked: Asked) -> dict[str, Any]:
    by, whose = request.actor, asked.whose
    herself = not by.stands_in  # messages, certificates and the account are nobody else's
    return {
        "waiting": _waiting(by, whose),
        "to_rate": own.to_rate(by, whose) if asked.shown == "open" and not by.agency else [],
        "projects": own.project_lines(by, whose),
        "to_collect": halls.to_collect(by) if herself else [],
        "drafts": own.drafts(by, request.at, whose),
        "ending": own.ending(by, request.at),
        "to_pay": payments.owed_by(by) if herself else 0,
        "left_open": payments.together_open(by, request.at),
        "unread": notifications.unread_count(by.id) if herself else 0,
        "herself": herself,
    }


def _waiting(actor: Actor, whose: str) -> dict[str, Any] | None:
    """The first line of the page: what the person must do, if anything."""
    first, others = own_list.todo(actor, whose)
    if first is None:
        return None
    note = ""
    if others >= own_list.MOST_TODO:
        note = _("另外还有%(count)d件以上也轮到您。") % {"count": others}
    elif others:
        note = ngettext("另外还有%(count)d件也轮到您。", "另外还有%(count)d件也轮到您。", others)
        note %= {"count": others}
    label = _("去补正") if first.turn.tag == "correct" else _("去看看")
    return {
        "what": own_lines.todo_words(first),
        "note": note,
        "actions": [Action(label, own_lines.todo_url(first), kind="out")],
    }


def _asked(request: Any, subjects: list[tuple[str, str]]) -> Asked:
    """What the address asks for; nonsense is as if nothing had been asked."""
    given = {name: request.GET.get(name, "") for name in ("show", "turn", "whose", "order")}
    words = clean(request.GET.get("q", ""))[: own_list.LONGEST]
    known = [value for value, _name in subjects]
    # Who looks for a number looks for it wherever it stands.
    shown = "all" if words and not given["show"] else DEFAULTS.shown
    return Asked(
        shown=given["show"] if given["show"] in own_list.SHOWN else shown,
        turn=given["turn"] if given["turn"] in own_list.TURNS else DEFAULTS.turn,
        whose=given["whose"] if given["whose"] in known else DEFAULTS.whose,
        words=words,
        order=given["order"] if given["order"] in own_list.ORDERS else DEFAULTS.order,
    )


def _url(asked: Asked, **changed: str) -> str:
    """The address of the list; what is as usual is left out."""
    values = {
        "show": asked.shown,
        "turn": asked.turn,
        "whose": asked.whose,
        "q": asked.words,
        "order": "" if asked.order == DEFAULTS.order else asked.order,
    }
    if "shown" in changed:
        changed["show"] = changed.pop("shown")
    return "?" + urlencode({name: value for name, value in {**values, **changed}.items() if value})


def _subjects(asked: Asked, subjects: list[tuple[str, str]]) -> list[tuple[str, str, str, bool]]:
    """(value, words, address, chosen) of the switch 个人/某某公司; none where there is nothing to switch."""
    if not subjects:
        return []
    every = [("", _("全部")), *subjects]
    plain = Asked(shown=asked.shown, order=asked.order)
    return [(value, name, _url(plain, whose=value), value == asked.whose) for value, name in every]
