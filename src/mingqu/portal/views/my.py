"""我的: one's own cases, drafts, certificates and messages in one place."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingqu.notifications import selectors as notifications
from mingqu.portal.selectors import my as own
from mingqu.ui.access import signed_in


@signed_in
@require_GET
def my(request: Any) -> HttpResponse:
    """What waits for me first; every case in one line: where it is, who has it, what I must do by when."""
    shown = request.GET.get("show", "")
    shown = shown if shown in own.SHOWN else "open"
    before = _cursor(request.GET.get("before", ""))
    page = own.case_page(request.actor, request.at, shown=shown, before=before)
    first = before is None
    context = {
        "page": page,
        "shown": shown,
        "first": first,
        "older_url": f"?show={shown}&before={page.more}" if page.more else "",
        "newer_url": "" if first else f"?show={shown}",
        "to_rate": own.to_rate(request.actor) if first and shown == "open" else [],
        "drafts": own.drafts(request.actor, request.at) if first else [],
        "ending": own.ending(request.actor, request.at) if first else [],
        "unread": notifications.unread_count(request.actor.id),
    }
    return render(request, "portal/my.html", context)


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
