"""我的: one's own cases, drafts, certificates and messages in one place."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingqu.kernel.types import Actor
from mingqu.notifications import selectors as notifications
from mingqu.portal.selectors import my as own
from mingqu.ui.access import signed_in
from mingqu.ui.types import Action


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
        "waiting": _waiting(request.actor) if first else None,
        "older_url": f"?show={shown}&before={page.more}" if page.more else "",
        "newer_url": "" if first else f"?show={shown}",
        "to_rate": own.to_rate(request.actor) if first and shown == "open" else [],
        "bundles": own.bundle_lines(request.actor) if first else [],
        "projects": own.project_lines(request.actor) if first else [],
        "drafts": own.drafts(request.actor, request.at) if first else [],
        "ending": own.ending(request.actor, request.at) if first else [],
        "unread": notifications.unread_count(request.actor.id),
    }
    return render(request, "portal/my.html", context)


def _waiting(actor: Actor) -> dict[str, Any] | None:
    """The first line of the page: what the person must do, if anything."""
    cases = own.my_turn(actor)
    if not cases:
        return None
    first, others = cases[0], len(cases) - 1
    return {
        "what": _("请为“%(name)s”补%(materials)s")
        % {"name": first.name, "materials": "、".join(first.asked)},
        "note": _("另外还有%(count)d件也等您补正。") % {"count": others} if others else "",
        "actions": [Action(_("去补正"), reverse("cases:correction", args=[first.number]), kind="out")],
    }


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
