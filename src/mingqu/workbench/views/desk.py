"""The desk: lists of one's own work, and the search."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.identity.services import access, count_search
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.ui.menu import Navigation
from mingqu.workbench import selectors, services
from mingqu.workbench.forms import ActForm, ApplicantForm
from mingqu.workbench.selectors.home import HomeLink
from mingqu.workbench.types import Claim, DeskPage, DeskQuery, DeskRow

FIRST = "received"
GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
TRAIL = 20  # pages that 上一页 can go back step by step; before them stands the first page
CITIZEN_NUMBER, PHONE = re.compile(r"\d{17}[\dXx]"), re.compile(r"1\d{10}")
LONGEST = 60  # characters of a search
_CLAIMS: dict[str, Claim] = {"own": "own", "free": "free"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff("workbench.see")
@never_cache
@require_GET
def desk(request: Any) -> HttpResponse:
    if not access.may(request.actor, "case.see"):
        return _home(request)
    query = _query(request)
    page = selectors.desk_page(request.actor, query, request.at)
    empty = not request.GET and not page.rows and query.tab != FIRST
    if empty and page.counts.get(FIRST) and access.may(request.actor, "case.accept"):
        query = DeskQuery(FIRST)  # nothing waits for this post itself: what waits for the department
        page = selectors.desk_page(request.actor, query, request.at)
    tabs = [
        (tab, _url(DeskQuery(tab.code)), page.counts.get(tab.code, "")) for tab in selectors.TABS.values()
    ]
    context = {
        "page": page,
        "query": query,
        "tab": selectors.TABS[query.tab],
        "rows_of_tabs": [[one for one in tabs if one[0].first is first] for first in (True, False)],
        "today": request.at,
        "waiting": [] if request.GET else _waiting(request),
        "previous_url": _previous(query),
        "next_url": _next(query, page),
        "groups": _grouped(page.rows, query),
        "batches": _batches(request.actor, query),
        "may_export": access.may(request.actor, "case.export"),
        "most_rows": services.MOST_ROWS,
        "key": new_id(),
    }
    return render(request, "workbench/desk.html", context)


def _waiting(request: Any) -> list[HomeLink]:
    """On the first page alone: each kind costs a statement."""
    return selectors.waiting(request.actor, Navigation(request).links("staff"), request.at)


def _grouped(rows: list[DeskRow], query: DeskQuery) -> list[tuple[str, list[DeskRow]]]:
    """The rows of the page in one table, or one for each item in the order in which the items come first."""
    if not query.group:
        return [("", rows)]
    groups: dict[str, list[DeskRow]] = {}
    for row in rows:
        groups.setdefault(row.item, []).append(row)
    return list(groups.items())


def _batches(actor: Any, query: DeskQuery) -> list[tuple[str, str]]:
    """批量受理 beside what was received, 批量准予 beside one's own steps; the chosen item goes along."""
    kinds = (("received", "accept", "case.accept", "批量受理"), ("mine", "grant", "case.decide", "批量准予"))
    item = f"?{urlencode({'item': query.item})}" if query.item else ""
    return [
        (reverse(f"workbench:batch_{kind}") + item, label)
        for tab, kind, action, label in kinds
        if tab == query.tab and access.may(actor, action)
    ]


def _home(request: Any) -> HttpResponse:
    """For a post that has no cases: its own pages."""
    own = [
        link
        for link in Navigation(request).links("staff")
        if link.url != request.path and link.group != "我的账号"
    ]
    return render(
        request,
        "workbench/desk_without_cases.html",
        {"links": selectors.home(request.actor, own, request.at)},
    )


@staff("case.see")
@never_cache
@require_GET
def next_case(request: Any) -> HttpResponse:
    """From one case to the next without the list between: one's own steps first, then what waits to be accepted."""
    after = request.GET.get("after", "")
    lists = ["mine", *(["received"] if access.may(request.actor, "case.accept") else [])]
    found = (selectors.next_number(request.actor, DeskQuery(tab), after, request.at) for tab in lists)
    number = next((one for one in found if one), None)
    if number is None:
        messages.info(request, "您的清单里没有别的办件了。")
        return redirect("workbench:desk")
    return redirect("workbench:case", number)


@staff("case.export")
@never_cache
@require_POST
def export(request: Any) -> HttpResponseBase:
    """The list as it is filtered, as a file; that it was taken is written down."""
    form = ActForm(request.POST)
    query = _query(request, request.POST)
    if not form.is_valid():
        messages.error(request, "这一页放得太久了，请刷新后再导出。")
        return redirect(_url(query))
    made = services.export_list(
        tab=selectors.TABS[query.tab].label,
        rows=selectors.export_rows(request.actor, query, request.at, most=services.MOST_ROWS),
        by=request.actor,
        at=request.at,
    )
    name = f"办件清单-{selectors.TABS[query.tab].label}-{legal_day(request.at):%Y%m%d}.xlsx"
    return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)


@staff("case.see")
@never_cache
@sensitive_post_parameters("citizen_number", "phone")
@require_http_methods(GET_OR_POST)
def search(request: Any) -> HttpResponse:
    """By exact case number or the name of an item; where the post may, by the applicant's number, only posted."""
    asked, status = " ".join(request.GET.get("q", "").split())[:LONGEST], 200
    digits = asked.replace(" ", "")
    if request.method == "GET" and digits.isdigit():
        found = selectors.find_case(request.actor, digits)
        if found:
            return redirect("workbench:case", found)
    if request.method == "GET" and (CITIZEN_NUMBER.fullmatch(digits) or PHONE.fullmatch(digits)):
        # Not echoed, and out of the address: it may be somebody's number.
        messages.error(request, "办件编号是20位。按公民身份号码或者手机号码查，请用下面的框。")
        return redirect("workbench:search")
    may_people = access.may(request.actor, "identity.see_people")
    form, rows = ApplicantForm(), None
    if request.method == "POST" and may_people:
        form, status = ApplicantForm(request.POST), WRONG
        if form.is_valid():
            given = form.cleaned_data
            try:
                count_search(request.actor, request.at)
            except DomainError as refused:
                form.add_error(None, refused.message)
                status = refused.status
            else:
                rows = selectors.applicant_cases(request.actor, **given, at=request.at)
                services.note_search(**given, found=len(rows), by=request.actor, at=request.at)
                status = 200
    items = (
        [
            (name, _url(DeskQuery("all", item=code)))
            for code, name in selectors.items_named(request.actor, asked)
        ]
        if asked
        else []
    )
    context = {"asked": asked, "items": items, "form": form, "rows": rows, "may_people": may_people}
    return render(request, "workbench/search.html", context, status=status)


def _query(request: Any, given: QueryDict | None = None) -> DeskQuery:
    asked: QueryDict = request.GET if given is None else given
    has_steps = any(
        access.may(request.actor, action) for action in ("case.review", "case.check", "case.decide")
    )
    default = "mine" if has_steps else "received"
    tab = asked.get("tab", "")
    tab = tab if tab in selectors.TABS else default
    trail = tuple(part for part in asked.get("trail", "").split(",") if part)
    status, sort = asked.get("status", ""), asked.get("sort", "")
    return DeskQuery(
        tab=tab,
        item=asked.get("item", ""),
        status=status if status in selectors.TABS[tab].statuses else "",
        step=asked.get("step", "") if asked.get("item") else "",
        sort=sort if sort == "received" and selectors.TABS[tab].sorts else "",
        group="item" if asked.get("group") == "item" else "",
        claim=_CLAIMS.get(asked.get("claim", ""), "") if selectors.TABS[tab].kind == "tasks" else "",
        after=asked.get("after", ""),
        trail=trail[-TRAIL:],
    )


def _url(query: DeskQuery) -> str:
    given = {
        "tab": query.tab,
        "item": query.item,
        "status": query.status,
        "step": query.step,
        "sort": query.sort,
        "group": query.group,
        "claim": query.claim,
        "after": query.after,
        "trail": ",".join(query.trail),
    }
    return f"{reverse('workbench:desk')}?{urlencode({k: v for k, v in given.items() if v})}"


def _previous(query: DeskQuery) -> str:
    """Back to where this page was come from; the trail of cursors stands in the address."""
    if not query.after:
        return ""
    before = query.trail[-1] if query.trail else ""
    return _url(replace(query, after=before, trail=query.trail[:-1]))


def _next(query: DeskQuery, page: DeskPage) -> str:
    if not page.next_after:
        return ""
    trail = (*query.trail, query.after) if query.after else query.trail
    return _url(replace(query, after=page.next_after, trail=trail[-TRAIL:]))
