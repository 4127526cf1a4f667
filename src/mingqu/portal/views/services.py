"""The front page, search, and the list of services."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingqu.catalogue.bundles import selectors as published
from mingqu.portal.rules import AUDIENCES, clean
from mingqu.portal.selectors import my, ratings, services
from mingqu.portal.types import Filters
from mingqu.ui.access import public
from mingqu.ui.context import audience as chosen_audience

WITH_ALL = (*AUDIENCES, "all")


def audience_of(request: Any) -> str:
    """个人, 法人 or all: as the address says, else as the reader chose before."""
    given = request.GET.get("audience", "")
    return given if given in WITH_ALL else chosen_audience(request)


@public
@require_GET
def front(request: Any) -> HttpResponse:
    """What can be done here; for whoever is signed in, how their own cases stand."""
    audience = audience_of(request)
    citizen = request.actor is not None and request.actor.kind == "citizen"
    context = {
        "services": services.on_front(audience),
        "themes": services.themes_by_audience(),
        "bundles": list(published.published_bundles()),
        "mine": my.on_front(request.actor) if citizen else [],
        "ratings": ratings.rating_box(request.at),
        **_display(request, audience),
    }
    return render(request, "portal/front.html", context)


@public
@require_GET
def search(request: Any) -> HttpResponse:
    """Services in whose name, other names or materials every word stands; for everybody, 个人 or 法人."""
    words = clean(request.GET.get("q", ""))
    filters = Filters(words=words)
    page = services.services(filters, **_turn(request)) if words else None
    nothing = page is None or not page.services
    near = services.near(words) if nothing else []
    bundles = (
        services.bundles_about(words, page.services if page and page.services else near) if words else []
    )
    context = {
        "words": words,
        "bundles": bundles,
        "page": page,
        "near": near,
        "others": services.on_front("all") if nothing and not near and not bundles else [],
        "newer_url": "?" + urlencode({"q": words, "before": page.before}) if page and page.before else "",
        "older_url": "?" + urlencode({"q": words, "after": page.after}) if page and page.after else "",
    }
    return render(request, "portal/search.html", context)


@public
@require_GET
def service_list(request: Any) -> HttpResponse:
    """Published services, narrowed by audience, theme, department and life event."""
    filters = Filters(
        audience=audience_of(request),
        theme=clean(request.GET.get("theme", "")),
        department=clean(request.GET.get("department", "")),
        life_event=clean(request.GET.get("life_event", "")),
    )
    page = services.services(filters, **_turn(request))
    context = {
        "page": page,
        "filters": filters,
        "choices": services.choices(filters),
        "everything": services.address(Filters()),
        "newer_url": services.address(filters, before=page.before) if page.before else "",
        "older_url": services.address(filters, after=page.after) if page.after else "",
        **_display(request, filters.audience),
    }
    return render(request, "portal/services.html", context)


def _turn(request: Any) -> dict[str, str]:
    """Where to turn the page: one of `after` and `before`."""
    after = clean(request.GET.get("after", ""))
    return {"after": after} if after else {"before": clean(request.GET.get("before", ""))}


def _display(request: Any, audience: str) -> dict[str, str]:
    """
    The switch 个人/法人 shows what this page shows, and leads back to it without the address's own choice,
    which would win over the one just made.
    """
    kept = request.GET.copy()
    for name in ("audience", "after", "before"):
        kept.pop(name, None)
    query = kept.urlencode()
    return {"audience": audience, "here": f"{request.path}?{query}" if query else request.path}
