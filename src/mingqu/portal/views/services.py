"""The front page, search, and the list of services."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingqu.catalogue.bundles import selectors as published
from mingqu.catalogue.search import services as index
from mingqu.identity.errors import TooManyAttempts
from mingqu.identity.services import client_address, limits
from mingqu.identity.services.traffic import read_gently
from mingqu.kernel.legal_day import legal_day
from mingqu.portal.rules import AUDIENCES, clean, is_for
from mingqu.portal.selectors import elsewhere, my, ratings, services, together
from mingqu.portal.types import Choice, Filters, SearchPage
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
        **_groups(audience),
        "bundles": sorted(
            published.published_bundles(), key=lambda bundle: not is_for(audience, bundle.audience)
        ),
        "mine": my.on_front(request.actor) if citizen else [],
        "ratings": ratings.rating_box(request.at),
        **_display(request, audience),
    }
    return render(request, "portal/front.html", context)


def _groups(audience: str) -> dict[str, Any]:
    """Themes and life events of 个人 and of 法人, first of whom the page is for."""
    found = services.by_audience()
    words = {
        "personal": {"events_title": _("个人的一生"), "themes_title": _("个人办事")},
        "legal": {"events_title": _("企业的一生"), "themes_title": _("法人办事")},
    }
    codes = sorted(words, key=lambda code: code != ("legal" if audience == "legal" else "personal"))
    parts = {name: found[name] for name in ("themes", "events")}
    return {
        "groups": [
            {"code": code, **words[code], **{name: of[code] for name, of in parts.items()}} for code in codes
        ],
        **{name: any(of.values()) for name, of in parts.items()},
    }


@public
@read_gently
@require_GET
def search(request: Any) -> HttpResponse:
    """Services and bundles that answer the words, best first; what was asked is counted, by nobody."""
    filters = _filters(request, request.GET.get("audience", "all"))
    page = (
        services.search(filters, today=legal_day(request.at), after=clean(request.GET.get("after", "")))
        if filters.words
        else None
    )
    if page is not None and not request.GET.get("after"):
        _note(
            request, lambda: index.note_asked(filters.words, legal_day(request.at), nothing=not page.services)
        )
    narrowed = filters != Filters(words=filters.words)
    context = {
        "words": filters.words,
        "page": page,
        "filters": filters,
        "choices": _search_choices(filters, page) if page else [],
        "chosen": services.chosen(filters),
        "elsewhere": elsewhere.words_for(page, filters.words) if page else "",
        "elsewhere_query": elsewhere.address(page, filters.words) if page else "",
        "unnarrowed": services.address(Filters(words=filters.words)) if narrowed else "",
        "first_url": services.address(filters) if request.GET.get("after") else "",
        "older_url": services.address(filters, after=page.after) if page and page.after else "",
    }
    return render(request, "portal/search.html", context)


@public
@read_gently
@require_GET
def search_elsewhere(request: Any) -> HttpResponse:
    """
    The same search in laws, lists, open decisions and figures. The page of results fetches its middle when a reader
    comes to its end; without scripts a link leads here.
    """
    words, item = clean(request.GET.get("q", "")), clean(request.GET.get("item", ""))
    context = {
        "words": words,
        "item": item,
        "found": elsewhere.found(words, legal_day(request.at)) if words else None,
        "opened": elsewhere.opened(words, item) if words else None,
    }
    return render(request, "portal/search_elsewhere.html", context)


def _search_choices(filters: Filters, page: SearchPage) -> list[tuple[str, list[Choice]]]:
    if page.services or filters != Filters(words=filters.words):
        return services.search_choices(filters)
    return services.training_choices(filters)


def _note(request: Any, keep: Callable[[], None]) -> None:
    """Searching is free; what one address fills the statistics with is limited, and said to nobody."""
    with suppress(TooManyAttempts):
        limits.spend("search_noted_address", client_address(request), at=request.at)
        keep()


@public
@read_gently
@require_GET
def suggestions(request: Any) -> HttpResponse:
    """The first few answers while somebody types; without scripts nobody asks for them."""
    words = clean(request.GET.get("q", ""))
    return render(request, "portal/_suggestions.html", {"found": services.suggestions(words), "words": words})


@public
@read_gently
@require_GET
def opened(request: Any, kind: str, code: str) -> HttpResponse:
    """From a page of results to what was chosen; counts that the words led somewhere."""
    if words := clean(request.GET.get("q", "")):
        _note(request, lambda: index.note_opened(words, legal_day(request.at)))
    return redirect("bundles:start" if kind == "bundle" else "portal:guide", code)


@public
@read_gently
@require_GET
def service_list(request: Any) -> HttpResponse:
    """Published services, narrowed by audience, theme, department, life event …"""
    filters = replace(_filters(request, audience_of(request)), words="")
    page, bundles = (
        services.services(filters, today=legal_day(request.at), **_turn(request)),
        _bundles_of(filters),
    )
    context = {
        "page": page,
        "filters": filters,
        "choices": services.choices(filters),
        "chosen": services.chosen(filters),
        "everything": services.address(Filters()),
        "bundles": bundles,
        "together": together.in_order((one.name, one.current_id) for one in bundles),
        "newer_url": services.address(filters, before=page.before) if page.before else "",
        "older_url": services.address(filters, after=page.after) if page.after else "",
        **_display(request, filters.audience),
    }
    return render(request, "portal/services.html", context)


def _bundles_of(filters: Filters) -> list[Any]:
    """一件事 of a life event stand before its single services: all that belongs to it, in the order it is done in."""
    if not filters.life_event:
        return []
    found = published.published_bundles(life_event=filters.life_event)
    return [one for one in found if is_for(filters.audience, one.audience)]


@public
@read_gently
@require_GET
def letters(request: Any) -> HttpResponse:
    """Every service by the first letters of its name: the first letters, or with `from` and `to` the names."""
    audience = request.GET.get("audience", "all")
    audience = audience if audience in WITH_ALL else "all"
    first, last = clean(request.GET.get("from", "")), clean(request.GET.get("to", ""))
    last, after = last or first, clean(request.GET.get("after", ""))
    rows, more = services.of_letters(first, last, audience, after) if first else ([], "")
    here = {"from": first, "to": last} | ({} if audience == "all" else {"audience": audience})
    context = {
        "buckets": services.buckets(audience),
        "first": first,
        "last": last,
        "rows": rows,
        "first_url": f"?{urlencode(here)}" if after and rows else "",
        "next_url": f"?{urlencode(here | {'after': more})}" if more else "",
    }
    return render(request, "portal/letters.html", context)


def _filters(request: Any, audience: str) -> Filters:
    given = {name: clean(request.GET.get(name, "")) for name in services.NAMES if name != "audience"}
    audience = audience if audience in WITH_ALL else "all"
    return Filters(words=clean(request.GET.get("q", "")), audience=audience, **given)


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
