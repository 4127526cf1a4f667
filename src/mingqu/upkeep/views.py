"""公告和停机维护, for the system officer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.kernel.errors import DomainError
from mingqu.ui.access import staff
from mingqu.ui.forms import tell
from mingqu.upkeep import selectors, services
from mingqu.upkeep.forms import AnnouncementForm, KeyForm, ProlongForm, StopForm

WRONG = 400
GET_OR_POST = ["GET", "HEAD", "POST"]
HOME = "upkeep:notices"


@staff("system.announce")
@never_cache
@require_GET
def notices(request: Any) -> HttpResponse:
    """What stands above the pages, now, soon and lately; what is planned."""
    context = {
        "announcements": selectors.all_announcements(request.at),
        "stops": selectors.all_stops(request.at),
        "form": KeyForm(),
    }
    return render(request, "upkeep/notices.html", context)


@staff("system.announce")
@never_cache
@require_http_methods(GET_OR_POST)
def announce(request: Any) -> HttpResponse:
    form, status = AnnouncementForm(), 200
    if request.method == "POST":
        form, status = AnnouncementForm(request.POST), WRONG
        if form.is_valid():
            try:
                services.announce(
                    announcement=form.given(), by=request.actor, at=request.at, key=form.command_key
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, "公告已发布。到时间就会显示在每一页上面。")
                return redirect(HOME)
    context = {"form": form, "title": "写公告", "button": "发布公告"}
    return render(request, "upkeep/write.html", context, status=status)


@staff("system.withdraw_announcement")
@require_POST
def withdraw(request: Any, notice_id: UUID) -> HttpResponse:
    return _deed(request, services.withdraw_announcement, {"notice_id": notice_id}, "公告已撤下。")


@staff("system.plan_stop")
@never_cache
@require_http_methods(GET_OR_POST)
def plan(request: Any) -> HttpResponse:
    form, status = StopForm(), 200
    if request.method == "POST":
        form, status = StopForm(request.POST), WRONG
        if form.is_valid():
            try:
                services.plan_stop(stop=form.given(), by=request.actor, at=request.at, key=form.command_key)
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, "维护已安排。开始前三天起，每一页上面都会说明。")
                return redirect(HOME)
    context = {
        "form": form,
        "title": "安排停机维护",
        "button": "安排维护",
        "lead": "办理期限照常计算，不因为维护延长。请避开白天和月底。",
    }
    return render(request, "upkeep/write.html", context, status=status)


@staff("system.prolong_stop")
@never_cache
@require_http_methods(GET_OR_POST)
def prolong(request: Any, stop_id: UUID) -> HttpResponse:
    stop = selectors.stop(stop_id, request.at)
    if stop is None:
        raise Http404
    form, status = ProlongForm(), 200
    if request.method == "POST":
        form, status = ProlongForm(request.POST), WRONG
        if form.is_valid():
            try:
                services.prolong_stop(
                    stop_id=stop_id,
                    ends_at=form.moment("until"),
                    by=request.actor,
                    at=request.at,
                    key=form.command_key,
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, "维护已延长，页面上的恢复时间已经改了。")
                return redirect(HOME)
    context = {"form": form, "title": "延长停机维护", "button": "延长", "stop": stop}
    return render(request, "upkeep/write.html", context, status=status)


@staff("system.end_stop")
@require_POST
def end(request: Any, stop_id: UUID) -> HttpResponse:
    return _deed(request, services.end_stop, {"stop_id": stop_id}, "维护已结束，网站恢复使用。")


def _deed(request: Any, service: Any, about: dict[str, UUID], done: str) -> HttpResponse:
    form = KeyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "这一页放得太久了，请刷新后再试。")
        return redirect(HOME)
    try:
        service(**about, by=request.actor, at=request.at, key=form.command_key)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect(HOME)
