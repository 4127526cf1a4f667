"""搜索用语: what people asked for in vain, and the sayings by which it is found from now on."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mingqu.catalogue.search import selectors, services
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import book
from mingqu.ui.access import staff

EDIT = "catalogue.edit_sayings"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PERIODS = {"7": "近7天", "30": "近30天", "90": "近90天"}
HEADERS = ("搜索的话", "搜索次数", "没有找到", "找到了没有点开", "上一期次数")


@staff(EDIT)
@never_cache
@require_GET
def sayings(request: HttpRequest) -> HttpResponse:
    return _page(request, everyday=request.GET.get("everyday", "")[:40])


def _page(
    request: Any, *, everyday: str = "", official: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    days = _days(request)
    today = legal_day(request.at)
    words = request.GET.get("q", "").strip()[:40]
    context = {
        "lines": selectors.asked_in_vain(today, days=days),
        "trend": selectors.by_day(today, days=min(days, 14)),
        "days": str(days),
        "periods": PERIODS,
        "words": words,
        "sayings": selectors.sayings(words),
        "everyday": everyday,
        "official": official,
        "error": error,
        "key": new_id(),
    }
    return render(request, "catalogue/sayings.html", context, status=status)


def _days(request: Any) -> int:
    given = request.GET.get("days", "7")
    return int(given) if given in PERIODS else 7


@staff(EDIT)
@require_POST
def keep(request: Any) -> HttpResponse:
    """From now on these words are found as those."""
    everyday, official = request.POST.get("everyday", ""), request.POST.get("official", "")
    try:
        services.keep_saying(
            everyday=everyday,
            official=re.split(r"[;；,，、\n]+", official),
            by=request.actor,
            at=request.at,
            key=_key(request),
        )
    except DomainError as refused:
        return _page(
            request, everyday=everyday, official=official, error=refused.message, status=refused.status
        )
    messages.success(request, f"“{everyday}”已经生效。")
    return redirect("catalogue:sayings")


@staff(EDIT)
@require_POST
def switch(request: Any) -> HttpResponse:
    """Switch one off or on again."""
    active = request.POST.get("active") == "1"
    services.switch_saying(
        everyday=request.POST.get("everyday", ""),
        active=active,
        by=request.actor,
        at=request.at,
        key=_key(request),
    )
    messages.success(request, "已经启用。" if active else "已经停用。")
    return redirect("catalogue:sayings")


def _key(request: Any) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return new_id()


@staff(EDIT)
@require_GET
def table(request: Any) -> HttpResponse:
    """The list as a spreadsheet."""
    lines = selectors.asked_in_vain(legal_day(request.at), days=_days(request), most=2000)
    rows = [(one.text, *map(str, (one.asked, one.nothing, one.abandoned, one.before))) for one in lines]
    answer = HttpResponse(book("没有找到的搜索", HEADERS, rows), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, "没有找到的搜索.xlsx") or ""
    return answer
