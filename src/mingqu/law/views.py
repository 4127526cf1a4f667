"""Pages of the law library."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.services.traffic import read_gently
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.legal_day import legal_day
from mingqu.law import library, services
from mingqu.law.forms import ChangeForm, DecideForm
from mingqu.law.uses import Audience, Use, uses_of
from mingqu.ui.access import public, staff
from mingqu.ui.text import day_written

GET_OR_POST = ["GET", "HEAD", "POST"]
MAX_KEY = 200
NOBODY = UUID(int=0)


@public
@read_gently
@require_GET
def law_list(request: Any) -> HttpResponse:
    """Laws by name."""
    return render(request, "law/laws.html", _listed(request))


@staff("law.see")
@never_cache
@require_GET
def library_list(request: Any) -> HttpResponse:
    """The same for those who keep the library."""
    may_edit = access.may(request.actor, "law.edit")
    context = _listed(request) | {"may_edit": may_edit, "awaited": library.awaited() if may_edit else []}
    return render(request, "law/library.html", context)


def _listed(request: Any) -> dict[str, Any]:
    words, kind = request.GET.get("q", "").strip()[: library.LONGEST], request.GET.get("kind", "")[:16]
    after = request.GET.get("after", "")[:MAX_KEY]
    rows, more = library.laws(on=legal_day(request.at), words=words, kind=kind, after=after)
    query = {name: value for name, value in (("q", words), ("kind", kind)) if value}
    return {
        "rows": rows,
        "words": words,
        "kind": kind,
        "kinds": library.kinds(),
        "as_of": library.as_of(),
        "first_url": f"{request.path}?{urlencode(query)}" if after else "",
        "next_url": f"{request.path}?{urlencode(query | {'after': more})}" if more else "",
    }


@public
@read_gently
@require_GET
def article_search(request: Any) -> HttpResponse:
    """Articles in which the words stand."""
    words, after = request.GET.get("q", "").strip()[: library.LONGEST], request.GET.get("after", "")[:40]
    hits, more = library.hits(words, after=after)
    context = {
        "words": words,
        "hits": hits,
        "too_short": len("".join(words.split())) == 1,
        "as_of": library.as_of(),
        "first_url": f"{request.path}?{urlencode({'q': words})}" if after else "",
        "next_url": f"{request.path}?{urlencode({'q': words, 'after': more})}" if more else "",
    }
    return render(request, "law/articles.html", context)


@public
@require_GET
def law(request: Any, slug: str) -> HttpResponse:
    """One law as of a day: by article, with its other versions and what rests on it."""
    return render(request, "law/law.html", _opened(request, slug, "public"))


@staff("law.see")
@never_cache
@require_GET
def kept(request: Any, slug: str) -> HttpResponse:
    """The same for those who keep the library: days, files, what was recorded, what rests on it."""
    return _kept(request, slug, DecideForm())


def _kept(request: Any, slug: str, form: DecideForm, status: int = 200) -> HttpResponse:
    context = _opened(request, slug, "staff")
    law = context["shown"].law
    waiting, changes = library.awaited(law), library.changes(law)
    people = {one.by_id for one in waiting}
    for change in changes:
        people |= {change.by_id, change.confirmed_by_id or change.by_id}
    names = identity.names_of(people)
    context |= {
        "changes": [
            (one, names.get(one.by_id, ""), names.get(one.confirmed_by_id or NOBODY, "")) for one in changes
        ],
        "awaited": [(one, names.get(one.by_id, "")) for one in waiting],
        "declined": library.declined(law),
        "form": form,
        "may_edit": access.may(request.actor, "law.edit"),
    }
    return render(request, "law/kept.html", context, status=status)


@staff("law.edit")
@require_POST
def decide(request: Any, slug: str, awaited_id: UUID) -> HttpResponse:
    """Another officer confirms what was recorded, or somebody takes it back."""
    form, status = DecideForm(request.POST), 400
    if form.is_valid():
        deed = {"awaited_id": awaited_id, "by": request.actor, "at": request.at, "key": form.command_key}
        try:
            if form.cleaned_data["deed"] == "confirm":
                services.confirm_change(**deed)
                messages.success(request, "已经确认，引用它的事项按新的情况显示。")
            else:
                services.decline_change(reason=form.cleaned_data["reason"], **deed)
                messages.success(request, "没有确认，这项登记不生效。")
            return redirect(reverse("law:kept", args=[slug]))
        except NotFound:
            raise
        except DomainError as refused:
            status = form.tell(refused)
    return _kept(request, slug, form.again(), status)


def _opened(request: Any, slug: str, audience: Audience) -> dict[str, Any]:
    today = legal_day(request.at)
    asked, label = request.GET.get("on", "").strip()[:10], request.GET.get("version", "")[:16]
    on, wrong = _day(asked, today)
    found = library.law_by_slug(slug)
    versions = library.versions_of(found)
    shown = library.law_on(found, versions, on, label)
    uses = uses_of(found.key, audience)
    return {
        "shown": shown,
        "versions": [library.law_on(found, versions, on, one.label) for one in versions],
        "parts": library.parts(shown.version),
        "on": on,
        "is_today": on == today,
        "wrong_day": asked if wrong else "",
        "uses": uses,
        "cited": _by_article(uses),
    }


def _by_article(uses: Sequence[Use]) -> Mapping[tuple[int, int], int]:
    """How many rest on each article."""
    found: dict[tuple[int, int], int] = {}
    for use in uses:
        for place in set(use.articles):
            found[place] = found.get(place, 0) + 1
    return found


def _day(asked: str, today: date) -> tuple[date, bool]:
    """The day asked for, and whether what was asked is none."""
    if not asked:
        return today, False
    day = day_written(asked)
    return (day, False) if day else (today, True)


@staff("law.edit")
@never_cache
@require_http_methods(GET_OR_POST)
def record(request: Any, slug: str) -> HttpResponse:
    """What became of a law after the collection was made."""
    found = library.law_by_slug(slug)
    form, status = ChangeForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                services.record_change(
                    slug=slug, change=form.change, by=request.actor, at=request.at, key=form.command_key
                )
                messages.success(request, "已经登记，等另一位法制人员确认后生效。")
                return redirect(reverse("law:kept", args=[slug]))
            except DomainError as refused:
                status = form.tell(refused)
    versions = library.versions_of(found)
    context = {
        "form": form,
        "shown": library.law_on(found, versions, legal_day(request.at)),
        "uses": uses_of(found.key, "staff"),
    }
    return render(request, "law/record.html", context, status=status)
