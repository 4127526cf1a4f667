from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from mingqu.kernel.errors import DomainError, NotFound
from mingqu.notifications import selectors, services
from mingqu.notifications.services.callbacks import told_by_provider
from mingqu.ui.access import public, signed_in, staff


def _messages(request: Any) -> dict[str, Any]:
    """A page of what this person was told, with the ways to newer and older ones."""
    page = selectors.inbox(
        request.actor.id, before=request.GET.get("before", ""), after=request.GET.get("after", "")
    )
    return {
        "page": page,
        "unread": selectors.unread_count(request.actor.id),
        "newer_url": f"?after={page.newer}" if page.newer else "",
        "older_url": f"?before={page.older}" if page.older else "",
    }


@signed_in
@never_cache
@require_GET
def inbox(request: Any) -> HttpResponse:
    return render(request, "notifications/inbox.html", _messages(request))


@signed_in
@never_cache
@require_GET
def message(request: Any, message_id: UUID) -> HttpResponse:
    """Opening a message is reading it; opening it again changes nothing."""
    found = selectors.message(request.actor.id, message_id)
    services.mark_read(person_id=request.actor.id, message_id=message_id, at=request.at)
    ways = selectors.sent_out([message_id]).get(message_id, [])
    return render(request, "notifications/message.html", {"message": found, "ways": ways})


@signed_in
@require_POST
def read_all(request: Any) -> HttpResponse:
    services.mark_all_read(person_id=request.actor.id, at=request.at)
    return redirect("notifications:inbox")


@staff("workbench.see")
@never_cache
@require_GET
def desk_messages(request: Any) -> HttpResponse:
    """What an officer is told besides the lists of work, whole on one page."""
    return render(request, "notifications/desk_messages.html", _messages(request))


@staff("workbench.see")
@require_POST
def read_all_at_desk(request: Any) -> HttpResponse:
    services.mark_all_read(person_id=request.actor.id, at=request.at)
    return redirect("notifications:desk_messages")


@public
@csrf_exempt  # a provider's program has no page of ours; its signature says who it is
@never_cache
@require_POST
def callback(request: Any, channel: str) -> HttpResponse:
    """What became of messages, told by the provider that took them."""
    signature = request.headers.get("X-Signature", "")
    try:
        changed = told_by_provider(channel=channel, body=request.body, signature=signature, at=request.at)
    except DomainError as refusal:
        return JsonResponse({"error": refusal.code}, status=refusal.status)
    return JsonResponse({"changed": changed})


@public
@never_cache
@require_GET
def double_sms(request: Any) -> HttpResponse:
    """The demo's stand-in for a telephone; nowhere else does this page exist."""
    if not settings.MINGQU_DEMO:
        raise NotFound()
    return render(request, "notifications/double_sms.html", {"messages_kept": selectors.double_messages()})
