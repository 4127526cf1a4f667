"""上门服务 at the desk: written down for who telephones, arranged, gone to, closed; the slip to print."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.outreach import selectors, services
from mingqu.outreach.forms import AskForm, CloseForm, PlanForm
from mingqu.outreach.types import VisitView
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]


@staff("home_visit.ask_for")
@never_cache
@require_safe
def visits(request: Any) -> HttpResponse:
    """What is to be arranged and done, by its last day; of an agent his own."""
    show = "done" if request.GET.get("show") == "done" else ""
    today = legal_day(request.at)
    page = selectors.visits_at_desk(request.actor, today, show=show, after=request.GET.get("after", ""))
    return render(request, "outreach/visits.html", {"page": page, "show": show})


@staff("home_visit.ask_for")
@never_cache
@sensitive_post_parameters("name", "phone", "address", "about")
@require_http_methods(GET_OR_POST)
def new(request: Any) -> HttpResponse:
    """Written down for who telephones or stands at the point."""
    region = str(settings.MINGQU_SITE["region_code"])
    form, status = AskForm(request.POST or None, named=False, region=region), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            agent = access.may(request.actor, "errand.open")
            try:
                done = services.ask_visit(
                    visit=form.visit(),
                    channel="agent" if agent else "telephone",
                    by=request.actor,
                    at=request.at,
                    key=form.cleaned_data["key"],
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, f"已登记，编号{done.number}，请念给对方。")
                return redirect("outreach:visit_at_desk", number=done.number)
    first, last = selectors.visit_days(legal_day(request.at))
    context = {"form": form, "days": selectors.visit_limit(), "first": first, "last": last}
    return render(request, "outreach/visit_new.html", context, status=status)


@staff("home_visit.ask_for")
@never_cache
@require_safe
def at_desk(request: Any, number: str) -> HttpResponse:
    return _page(request, _shown(request, number))


def _shown(request: Any, number: str) -> VisitView:
    return selectors.visit_at_desk(request.actor, number, legal_day(request.at))


def _page(request: Any, shown: VisitView, *, status: int = 200, **forms: Any) -> HttpResponse:
    number = shown.line.number
    posts = selectors.goers(request.actor, number)
    closes = selectors.may_close(request.actor, number)
    context = {
        "shown": shown,
        "plan": forms.get("plan") or (PlanForm(posts=posts) if posts else None),
        "close": forms.get("close") or (CloseForm() if closes else None),
        "wrong": next((form for form in forms.values() if form.errors), None),
    }
    return render(request, "outreach/visit.html", context, status=status)


@staff("home_visit.plan")
@never_cache
@require_POST
def plan(request: Any, number: str) -> HttpResponse:
    """Who goes, and when."""
    shown = _shown(request, number)
    form, status = PlanForm(request.POST, posts=selectors.goers(request.actor, number)), WRONG
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.plan_visit(
                visit_id=selectors.visit_id_of(number),
                post=given["post"],
                on=given["day"],
                half=given["half"],
                by=request.actor,
                at=request.at,
                key=given["key"],
            )
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, "已安排，会告诉去的人和约的人。")
            return redirect("outreach:visit_at_desk", number=number)
    return _page(request, shown, status=status, plan=form)


@staff("home_visit.ask_for")
@never_cache
@require_POST
def close(request: Any, number: str) -> HttpResponse:
    """Done, or not possible and why."""
    shown, form, status = _shown(request, number), CloseForm(request.POST), WRONG
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.close_visit(
                visit_id=selectors.visit_id_of(number),
                done=given["done"] == "yes",
                note=given["note"],
                by=request.actor,
                at=request.at,
                key=given["key"],
            )
        except DomainError as refused:
            status = tell(form, refused)
        else:
            messages.success(request, "已登记，会告诉约的人。")
            return redirect("outreach:visits")
    return _page(request, shown, status=status, close=form)
