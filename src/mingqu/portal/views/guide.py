"""办事指南."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.across import selectors as across
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.errors import NotApplicable
from mingqu.hall import selectors as hall
from mingqu.kernel.legal_day import legal_day
from mingqu.portal.selectors import guide as guides
from mingqu.portal.selectors.laws import law_slugs
from mingqu.ui.access import public, staff
from mingqu.ui.preview import enclosed

BEYOND = frozenset({"1", "2", "3"})  # of the code list handle_area: other districts may receive it


@staff("catalogue.see")
@never_cache
@require_GET
def guide_preview(request: Any, draft_id: UUID) -> HttpResponse:
    """The guide a draft would give; its button goes on to the questions of the draft. Nothing leads out."""
    drafted = catalogue.drafted(request.actor, draft_id, request.GET.get("handling", ""))
    start, handling = reverse("cases:preview_start", args=[draft_id]), drafted.definition.handling_item.code
    context = {
        "guide": guides.preview(drafted, request.at),
        "law_slugs": {},
        "bookable": False,
        "preview_url": f"{start}?_handling={handling}",
    }
    page = enclosed(
        render_to_string("portal/guide.html", context, request),
        within=f"/desk/items/drafts/{draft_id}/preview/",
        words="发布以后办事指南就是这样。点“在线办理”接着看提问和申请表，什么都不会保存。",
        back=reverse("catalogue:draft", args=[draft_id]),
        back_words="返回草稿",
    )
    return HttpResponse(page)


@public
@require_GET
def guide(request: Any, code: str) -> HttpResponse:
    """What 行政许可法 30 wants told, and the way to apply or why there is none. 404 for what is not published."""
    bookable = hall.takes_appointments(code, request.at)
    try:
        found = guides.guide(code, request.GET.get("handling", ""), bookable=bookable)
    except NotApplicable:
        return render(request, "portal/listed.html", {"listed": guides.listed(code)})
    context = {
        "guide": found,
        "law_slugs": law_slugs(code),
        "bookable": bookable,
        "elsewhere": _elsewhere(found, request.at),
    }
    return render(request, "portal/guide.html", context)


def _elsewhere(found: Any, at: Any) -> list[str]:
    """通办: halls of other districts that receive it today; asked only where its 通办范围 goes beyond its district."""
    item = found.definition.item
    return across.halls_of(item.code, legal_day(at)) if item.handle_area in BEYOND else []
