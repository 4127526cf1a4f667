"""The desk: lists of one's own work, and the search."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.identity.services import access
from mingqu.ui.access import staff
from mingqu.workbench import selectors
from mingqu.workbench.forms import ApplicantForm
from mingqu.workbench.types import DeskPage, DeskQuery

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
TRAIL = 20  # pages that 上一页 can go back step by step; before them stands the first page
CASE_NUMBER, CITIZEN_NUMBER = 20, 18


@staff("workbench.see")
@never_cache
@require_GET
def desk(request: Any) -> HttpResponse:
    if not access.may(request.actor, "case.see"):
        return render(request, "workbench/desk_without_cases.html")
    query = _query(request)
    page = selectors.desk_page(request.actor, query, request.at)
    context = {
        "page": page,
        "query": query,
        "tab": selectors.TABS[query.tab],
        "tabs": [(tab, _url(DeskQuery(tab.code))) for tab in selectors.TABS.values()],
        "today": request.at,
        "previous_url": _previous(query),
        "next_url": _next(query, page),
        "filtered": bool(query.item or query.status),
    }
    return render(request, "workbench/desk.html", context)


@staff("case.see")
@never_cache
@sensitive_post_parameters("citizen_number")
@require_http_methods(GET_OR_POST)
def search(request: Any) -> HttpResponse:
    """By exact case number; where the post may, by the applicant's number, which is only ever posted."""
    asked, status = "".join(request.GET.get("q", "").split()), 200
    if request.method == "GET" and asked:
        found = selectors.find_case(request.actor, asked)
        if found:
            return redirect("workbench:case", found)
        if len(asked) == CITIZEN_NUMBER:
            # Not echoed, and out of the address: it may be somebody's citizen number.
            messages.error(request, "办件编号是20位。按公民身份号码查，请用下面的框。")
            return redirect("workbench:search")
    may_people = access.may(request.actor, "identity.see_people")
    form, rows = ApplicantForm(), None
    if request.method == "POST" and may_people:
        form, status = ApplicantForm(request.POST), WRONG
        if form.is_valid():
            number = form.cleaned_data["citizen_number"]
            rows, status = selectors.applicant_cases(request.actor, number, request.at), 200
    context = {"asked": asked, "form": form, "rows": rows, "may_people": may_people}
    return render(request, "workbench/search.html", context, status=status)


def _query(request: Any) -> DeskQuery:
    asked: QueryDict = request.GET
    has_steps = any(access.may(request.actor, action) for action in ("case.review", "case.decide"))
    default = "mine" if has_steps else "received"
    tab = asked.get("tab", "")
    tab = tab if tab in selectors.TABS else default
    trail = tuple(part for part in asked.get("trail", "").split(",") if part)
    status = asked.get("status", "")
    return DeskQuery(
        tab=tab,
        item=asked.get("item", ""),
        status=status if status in selectors.TABS[tab].statuses else "",
        after=asked.get("after", ""),
        trail=trail[-TRAIL:],
    )


def _url(query: DeskQuery) -> str:
    given = {
        "tab": query.tab,
        "item": query.item,
        "status": query.status,
        "after": query.after,
        "trail": ",".join(query.trail),
    }
    return f"{reverse('workbench:desk')}?{urlencode({k: v for k, v in given.items() if v})}"


def _previous(query: DeskQuery) -> str:
    """Back to where this page was come from; the trail of cursors stands in the address."""
    if not query.after:
        return ""
    before = query.trail[-1] if query.trail else ""
    return _url(DeskQuery(query.tab, query.item, query.status, before, query.trail[:-1]))


def _next(query: DeskQuery, page: DeskPage) -> str:
    if not page.next_after:
        return ""
    trail = (*query.trail, query.after) if query.after else query.trail
    return _url(DeskQuery(query.tab, query.item, query.status, page.next_after, trail[-TRAIL:]))
