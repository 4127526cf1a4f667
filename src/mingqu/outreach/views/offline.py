"""离线填写: a page that opens without a line, what it sends when there is one, and the worker that keeps it."""

import json
from pathlib import Path
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST, require_safe

from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import id_or_none
from mingqu.kernel.legal_day import legal_day
from mingqu.outreach import selectors, services
from mingqu.outreach.errors import DeviceDraftUnreadable, DraftOfAnother, ErrandAlready
from mingqu.outreach.selectors.offline import items_for_device
from mingqu.outreach.services.from_device import DeviceDraft
from mingqu.ui.access import staff

WORKER = Path(__file__).resolve().parent.parent / "static/outreach/offline-worker.js"
BYTES = 200_000
JSON = "application/json"
NOBODY = "DB0"  # instead of a number, in the address the page puts one into


@staff("errand.open")
@never_cache
@require_safe
def offline(request: Any) -> HttpResponse:
    """The page: everything it needs stands in it, nothing of any person."""
    point = selectors.point_of(request.actor)
    context = {
        "point": point,
        "items": items_for_device(point, legal_day(request.at)),
        "owner": request.actor.post_id,
        "nobody": reverse("outreach:at_desk", args=[NOBODY]),
    }
    return render(request, "outreach/offline.html", context)


@staff("errand.open")
@require_GET
def worker(request: Any) -> HttpResponse:
    """Served from below the page, so that it governs that page and no other."""
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")


@staff("errand.open")
@never_cache
@require_GET
def token(request: Any) -> HttpResponse:
    """Whether there is a line and somebody is signed in: the token a kept page needs to send anything."""
    return JsonResponse({"token": get_token(request)})


@staff("errand.open")
@never_cache
@sensitive_variables("draft")
@require_POST
def sync(request: Any) -> HttpResponse:
    """One draft; the answer says what became of it in words the page shows."""
    try:
        if request.content_type != JSON:  # a form's body is read by now
            raise DeviceDraftUnreadable()
        draft = _draft(request.body)
        taken = services.take_from_device(draft=draft, by=request.actor, at=request.at)
    except (DraftOfAnother, ErrandAlready) as refused:
        return JsonResponse(
            {"state": "conflict", "words": refused.message, "number": refused.params["number"]}
        )
    except DomainError as refused:
        return JsonResponse({"state": "wrong", "words": refused.message, "field": refused.field or ""})
    return JsonResponse({"state": "taken", "words": taken.words, "number": taken.number})


def _draft(body: bytes) -> DeviceDraft:
    """Raises DeviceDraftUnreadable for anything but what the page sends."""
    try:
        given = json.loads(body) if len(body) <= BYTES else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise DeviceDraftUnreadable()
    texts = [given.get(name) for name in ("id", "name", "number", "what")]
    answers = given.get("answers", {})
    if not all(isinstance(text, str) and len(text) <= 200 for text in texts) or not isinstance(answers, dict):
        raise DeviceDraftUnreadable()
    made = id_or_none(given["id"])
    if made is None or not all(_plain(value) for value in answers.values()):
        raise DeviceDraftUnreadable()
    return DeviceDraft(made, given["name"].strip(), given["number"].strip(), given["what"], answers)


def _plain(value: Any) -> bool:
    """A text, or a list of texts."""
    many = value if isinstance(value, list) else [value]
    return all(isinstance(one, str) and "\0" not in one for one in many)
