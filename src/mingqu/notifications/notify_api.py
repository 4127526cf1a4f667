"""
The shape of GOV.UK Notify v2, so that its public clients work: their paths begin with /v2/ whatever address they are
given, so the same views stand there and under /notify/v2/.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from mingqu.kernel.foreign_json import require_storable
from mingqu.notifications.errors import NotifyRefused
from mingqu.notifications.models import NotifyTemplate, Outgoing
from mingqu.notifications.services import notify
from mingqu.ui.access import public

PAGE: Final = 250
State = Outgoing.State
STATUS: Final = {
    State.QUEUED: "created",
    State.SENDING: "sending",
    State.SENT: "sending",
    State.DELIVERED: "delivered",
    State.READ: "delivered",
    State.FAILED: "permanent-failure",
    State.UNKNOWN: "technical-failure",
    State.EXPIRED: "technical-failure",
}
View = Callable[..., dict[str, Any]]


def operation(method: str, status: int = 200) -> Callable[[View], Callable[..., HttpResponse]]:
    """A view of a signed request: what it returns is JSON, what it refuses has the shape that clients read."""

    def make(view: View) -> Callable[..., HttpResponse]:
        @public  # the signature says who it is
        @csrf_exempt
        @never_cache
        @wraps(view)
        def answer(request: Any, **kwargs: Any) -> HttpResponse:
            try:
                if request.method != method:
                    raise NotifyRefused(405, "MethodNotAllowed", "The method is not allowed for this URL")
                service = notify.signed_service(request.headers.get("Authorization", ""), at=request.at)
                return JsonResponse(view(request, service, **kwargs), status=status)
            except NotifyRefused as refused:
                errors = [{"error": refused.error, "message": refused.message}]
                return JsonResponse({"status_code": refused.status, "errors": errors}, status=refused.status)

        return answer

    return make


@operation("POST", 201)
def send(request: Any, service: UUID, medium: str) -> dict[str, Any]:
    said = _said(request)
    to = said.get("phone_number" if medium == "sms" else "email_address")
    template_id, personalisation = (
        _uuid(said.get("template_id"), "template_id"),
        said.get("personalisation") or {},
    )
    reference = said.get("reference") or ""
    if not isinstance(to, str) or not to:
        name = "phone_number" if medium == "sms" else "email_address"
        raise NotifyRefused(400, "ValidationError", f"{name} is a required property")
    if not isinstance(personalisation, dict) or not isinstance(reference, str) or len(reference) > 200:
        raise NotifyRefused(400, "ValidationError", "personalisation is an object, reference a text of 200")
    asked = notify.Asked(medium, to, template_id, personalisation, reference)
    row, template = notify.send(asked, service_id=service, at=request.at)
    content = {"body": row.text, "from_number": str(settings.MINGQU_SITE["name"])}
    if medium == "email":
        content = {"subject": row.subject, "body": row.text, "from_email": settings.DEFAULT_FROM_EMAIL}
    return {
        "id": str(row.id),
        "reference": row.reference or None,
        "content": content,
        "uri": _address("notifications:notify_one", row.id),
        "template": _template_ref(template.template_id, template.version),
        "scheduled_for": None,
    }


@operation("GET")
def one(request: Any, service: UUID, notification_id: UUID) -> dict[str, Any]:
    row = Outgoing.objects.filter(id=notification_id, service_id=service).first()
    if row is None:
        raise NotifyRefused(404, "NoResultFound", "No result found")
    return _notification(row)


@operation("GET")
def many(request: Any, service: UUID) -> dict[str, Any]:
    rows, asked = Outgoing.objects.filter(service_id=service), request.GET
    if asked.get("template_type"):
        rows = rows.filter(medium=asked["template_type"])
    if asked.get("reference"):
        rows = rows.filter(reference=asked["reference"])
    if wanted := asked.getlist("status"):
        failed = {"failed"} & set(wanted)
        states = [
            s for s, words in STATUS.items() if words in wanted or (failed and words.endswith("failure"))
        ]
        rows = rows.filter(state__in=states)
    if asked.get("older_than"):
        rows = rows.filter(id__lt=_uuid(asked["older_than"], "older_than"))
    found = list(rows.order_by("-id")[:PAGE])
    links = {"current": request.build_absolute_uri()}
    if found:
        links["next"] = f"{_address('notifications:notify_many')}?older_than={found[-1].id}"
    return {"notifications": [_notification(row) for row in found], "links": links}


@operation("GET")
def templates(request: Any, service: UUID) -> dict[str, Any]:
    rows = NotifyTemplate.objects.filter(service_id=service).order_by("template_id", "-version")
    newest = rows.distinct("template_id")
    if request.GET.get("type"):
        newest = newest.filter(kind=request.GET["type"])
    return {"templates": [_template(row) for row in newest]}


@operation("GET")
def template(request: Any, service: UUID, template_id: UUID, version: int | None = None) -> dict[str, Any]:
    return _template(notify.latest(service, template_id, version))


@operation("POST")
def preview(request: Any, service: UUID, template_id: UUID) -> dict[str, Any]:
    found = notify.latest(service, template_id)
    given = _said(request).get("personalisation") or {}
    subject, body = notify.filled(found, given if isinstance(given, dict) else {})
    return {
        "id": str(template_id),
        "type": found.kind,
        "version": found.version,
        "body": body,
        "subject": subject or None,
        "html": None,
        "postage": None,
    }


def _notification(row: Outgoing) -> dict[str, Any]:
    lines: dict[str, Any] = {f"line_{number}": None for number in range(1, 7)}
    email = row.medium == "email"
    return lines | {
        "id": str(row.id),
        "reference": row.reference or None,
        "email_address": row.to if email else None,
        "phone_number": None if email else row.to,
        "postcode": None,
        "postage": None,
        "type": row.medium,
        "status": STATUS[State(row.state)],
        "template": _template_ref(row.template_id, int(row.template_version)),
        "body": row.text,
        "subject": row.subject if email else None,
        "created_at": row.created_at.isoformat(),
        "created_by_name": None,
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "completed_at": row.ended_at.isoformat() if row.ended_at else None,
        "scheduled_for": None,
    }


def _template(row: NotifyTemplate) -> dict[str, Any]:
    first = NotifyTemplate.objects.filter(template_id=row.template_id).order_by("version").first() or row
    return {
        "id": str(row.template_id),
        "name": row.name,
        "type": row.kind,
        "created_at": first.made_at.isoformat(),
        "updated_at": row.made_at.isoformat() if row.version > 1 else None,
        "created_by": "",
        "version": row.version,
        "body": row.body,
        "subject": row.subject or None,
        "letter_contact_block": None,
        "postage": None,
    }


def _template_ref(template_id: UUID | None, version: int) -> dict[str, Any]:
    return {
        "id": str(template_id),
        "version": version,
        "uri": _address("notifications:notify_template", template_id),
    }


def _address(name: str, *args: Any) -> str:
    return str(settings.MINGQU_BASE_URL) + reverse(name, args=args)


def _said(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.body)
        require_storable(said)
    except (ValueError, RecursionError) as wrong:
        raise NotifyRefused(400, "BadRequestError", "Invalid JSON supplied in POST data") from wrong
    if not isinstance(said, dict):
        raise NotifyRefused(400, "BadRequestError", "An object is expected")
    return said


def _uuid(value: Any, name: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as wrong:
        raise NotifyRefused(400, "ValidationError", f"{name} is not a valid UUID") from wrong
