"""清单公开: 权责清单, 公共服务清单, 基本目录, 市场准入负面清单; every edition, and what it changed."""

from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.directory import selectors as lists
from mingqu.catalogue.directory.types import KINDS
from mingqu.identity.services.traffic import read_gently
from mingqu.kernel.legal_day import legal_day
from mingqu.portal.selectors import lists as shown
from mingqu.ui.access import public

LONGEST = 64


@public
@require_GET
def every(request: Any) -> HttpResponse:
    """The four lists with their newest editions."""
    return render(request, "portal/lists.html", {"groups": shown.groups(lists.latest())})


@public
@read_gently
@require_GET
def edition(request: Any, kind: str, region: str, number: int = 0) -> HttpResponse:
    """One edition, by default the newest; filtered by organ, type and words."""
    found = _edition(kind, region, number)
    asked = {name: request.GET.get(name, "").strip()[:120] for name in ("q", "organ", "type")}
    after = request.GET.get("after", "")[:LONGEST]
    rows, more = lists.entries(
        found, words=asked["q"], organ=asked["organ"], item_type=asked["type"], after=after
    )
    organs, kinds = lists.choices(found)
    here = reverse("portal:list_edition", args=[kind, region, found.number])
    query = {name: value for name, value in asked.items() if value}
    context = {
        "edition": found,
        "region": shown.region_name(region),
        "is_newest": lists.newest(kind, region) == found,
        "editions": list(lists.published(kind, region)[:30]),
        "rows": rows,
        "asked": asked,
        "organs": organs,
        "kinds": shown.type_names(kinds),
        "here": here,
        "first_url": f"{here}?{urlencode(query)}" if after else "",
        "next_url": f"{here}?{urlencode(query | {'after': more})}" if more else "",
    }
    return render(request, "portal/list.html", context)


@public
@read_gently
@require_GET
def changes(request: Any, kind: str, region: str, number: int) -> HttpResponse:
    """What an edition has otherwise than another one, by default the one before it."""
    found = _edition(kind, region, number)
    editions = list(lists.published(kind, region)[:200])
    asked = request.GET.get("old", "")
    old = next((one for one in editions if str(one.number) == asked), None)
    old = old or next((one for one in editions if one.number < found.number), None)
    rows, more = shown.differences(old, found) if old else ([], 0)
    context = {
        "edition": found,
        "old": old,
        "others": [one for one in editions if one.pk != found.pk],
        "changes": rows,
        "changes_more": more,
    }
    return render(request, "portal/list_changes.html", context)


@public
@read_gently
@require_GET
def entry(request: Any, kind: str, region: str, number: int) -> HttpResponse:
    """One entry (`?code=`; codes of provinces have signs that addresses have not): basis, duties, the services."""
    found = _edition(kind, region, number)
    row = lists.entry(found, request.GET.get("code", "")[:LONGEST])
    day = legal_day(request.at)
    context = {
        "edition": found,
        "row": row,
        "facts": shown.facts(row),
        "basis": lists.standings(row, day),
        "services": shown.services_of(found, row),
        "hint": catalogue.published_items().exists(),
    }
    return render(request, "portal/list_entry.html", context)


@public
@read_gently
@require_GET
def download(request: Any, kind: str, region: str, number: int) -> HttpResponse:
    return shown.as_file(_edition(kind, region, number))


def _edition(kind: str, region: str, number: int) -> Any:
    """Published ones only. Raises Http404 for what is no list, EditionUnknown."""
    if kind not in KINDS:
        raise Http404
    if not number:
        newest = lists.newest(kind, region)
        number = newest.number if newest else 0
    return lists.published_edition(cast(str, kind), region, number)
