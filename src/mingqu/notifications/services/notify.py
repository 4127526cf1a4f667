"""
Messages of other departments' programs: services, keys, templates, and what a program asks for in the shape of GOV.UK
Notify v2. A program signs each request with its key (JWT, HS256) for half a minute.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from mingqu.identity import selectors as identity
from mingqu.identity.services import access, limits
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.identifiers import Phone
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant
from mingqu.notifications import rules
from mingqu.notifications.channels import registry
from mingqu.notifications.errors import (
    NotifyRefused,
    NotifyUnsigned,
    ServiceNamed,
    ServiceUnknown,
    TemplateWrong,
)
from mingqu.notifications.models import NotifyKey, NotifyService, NotifyTemplate, Outgoing

SKEW: Final = timedelta(seconds=30)
LONGEST: Final = 1000
USED_EVERY: Final = timedelta(minutes=10)  # how exactly the last use of a key is kept


@dataclass(frozen=True)
class Asked:
    """What a program wants sent."""

    medium: str
    to: str = field(repr=False)
    template_id: UUID
    personalisation: Mapping[str, Any] = field(repr=False)
    reference: str = ""


def make_service(*, name: str, department_code: str, by: Actor, at: Instant, key: UUID) -> UUID | None:
    """Raises NotAuthorised, ServiceNamed, and what identity says of an unknown department."""
    department = identity.department_by_code(department_code)
    service_id = new_id()
    with command("notify.make_service", service_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return None
        access.require_may(by, "notify.make_service")
        if not name.strip() or NotifyService.objects.filter(name=name.strip()).exists():
            raise ServiceNamed(field="name")
        NotifyService(id=service_id, name=name.strip(), department_id=department.id, made_at=at).save(
            force_insert=True
        )
        cmd.note(department=department_code, text=name.strip())
        return cmd.done(None) or service_id


def make_key(*, service_id: UUID, name: str, by: Actor, at: Instant, key: UUID) -> str:
    """The key as its program writes it, this once; "" for a repetition. Raises NotAuthorised, ServiceUnknown."""
    with command("notify.make_key", service_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return ""
        access.require_may(by, "notify.make_key")
        if not NotifyService.objects.filter(pk=service_id).exists():
            raise ServiceUnknown()
        secret = str(uuid4())  # random, not of time: it is a secret
        row = NotifyKey(service_id=service_id, name=name.strip() or "key", secret=secret, made_at=at)
        row.save(force_insert=True)
        cmd.note(code=str(row.id))
        cmd.done(None)
    return f"{row.name}-{service_id}-{secret}"


def end_key(*, key_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """From now on nothing signed with it is taken. Raises NotAuthorised, ServiceUnknown."""
    row = NotifyKey.objects.filter(pk=key_id).first()
    if row is None:
        raise ServiceUnknown()
    with command("notify.end_key", row.service_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "notify.end_key")
        NotifyKey.objects.filter(pk=key_id, ended_at=None).update(ended_at=at)
        cmd.note(code=str(key_id))
        cmd.done(None)


@dataclass(frozen=True)
class Draft:
    """A template as an officer writes it; `template_id` None for a new one."""

    kind: str
    name: str
    subject: str
    body: str
    template_id: UUID | None = None


def write_template(*, service_id: UUID, draft: Draft, by: Actor, at: Instant, key: UUID) -> None:
    """A new template or its next version. Raises NotAuthorised, ServiceUnknown, TemplateWrong."""
    with command("notify.write_template", service_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "notify.write_template")
        if not NotifyService.objects.select_for_update().filter(pk=service_id).exists():
            raise ServiceUnknown()
        kind, version = draft.kind, 1
        if draft.template_id:
            last = latest(service_id, draft.template_id)
            kind, version = last.kind, last.version + 1
        if (
            not draft.body.strip()
            or not draft.name.strip()
            or (kind == "email" and not draft.subject.strip())
        ):
            raise TemplateWrong(field="body")
        row = NotifyTemplate(
            template_id=draft.template_id or new_id(),
            version=version,
            service_id=service_id,
            kind=kind,
            name=draft.name.strip(),
            subject=draft.subject.strip() if kind == "email" else "",
            body=draft.body.strip(),
            made_at=at,
        )
        row.save(force_insert=True)
        cmd.note(code=str(row.template_id), version=version)
        cmd.done(None)


def latest(service_id: UUID, template_id: UUID, version: int | None = None) -> NotifyTemplate:
    """Raises NotifyRefused (404)."""
    rows = NotifyTemplate.objects.filter(service_id=service_id, template_id=template_id)
    rows = rows.filter(version=version) if version else rows.order_by("-version")
    found = rows.first()
    if found is None:
        raise NotifyRefused(404, "NoResultFound", "No result found")
    return found


def signed_service(authorization: str, *, at: Instant) -> UUID:
    """Whose request this is. Raises NotifyUnsigned."""
    scheme, _, token = authorization.partition(" ")
    parts = token.strip().split(".")
    if scheme.lower() != "bearer" or len(parts) != 3:
        raise NotifyUnsigned("Unauthorized: authentication token must be provided")
    try:
        head, claims, signature = (_unpacked(part) for part in parts)
        said, of = json.loads(claims), json.loads(head)
        service_id, issued = UUID(str(said["iss"])), int(said["iat"])
        algorithm = of["alg"]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as wrong:
        raise NotifyUnsigned("Invalid token: signature, api token is not valid") from wrong
    if algorithm != "HS256":
        raise NotifyUnsigned("Invalid token: algorithm used is not HS256")
    if abs(int(at.timestamp()) - issued) > SKEW.total_seconds():
        raise NotifyUnsigned("Error: Your system clock must be accurate to within 30 seconds")
    signed = f"{parts[0]}.{parts[1]}".encode()
    for row in NotifyKey.objects.filter(service_id=service_id, ended_at=None):
        right = hmac.new(row.secret.encode(), signed, hashlib.sha256).digest()
        if hmac.compare_digest(right, signature):
            if row.used_at is None or at - row.used_at > USED_EVERY:
                NotifyKey.objects.filter(pk=row.pk).update(used_at=at)
            return service_id
    raise NotifyUnsigned("Invalid token: API key not found")


def send(asked: Asked, *, service_id: UUID, at: Instant) -> tuple[Outgoing, NotifyTemplate]:
    """Queue it. Raises NotifyRefused."""
    try:
        limits.spend("notify_service_minute", str(service_id), at=at)
    except DomainError as refused:
        raise NotifyRefused(429, "RateLimitError", "Exceeded rate limit for this service") from refused
    template = latest(service_id, asked.template_id)
    if template.kind != asked.medium:
        raise NotifyRefused(
            400, "BadRequestError", f"{template.kind} template is not suitable for {asked.medium}"
        )
    if not registry.channels(asked.medium):
        raise NotifyRefused(503, "ServiceUnavailable", f"No channel for {asked.medium}")
    subject, body = filled(template, asked.personalisation)
    row = Outgoing(
        id=new_id(),
        created_at=at,
        service_id=service_id,
        template_id=template.template_id,
        reference=asked.reference,
        kind="notify",
        template_version=str(template.version),
        medium=asked.medium,
        to=_address(asked),
        subject=subject,
        text=body,
        segments=rules.segments(body) if asked.medium == "sms" else 1,
        try_at=at,
    )
    row.save(force_insert=True)
    return row, template


def filled(template: NotifyTemplate, personalisation: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text, signed with this installation's name in front. Raises NotifyRefused."""
    body, missing = rules.fill_in(template.body, personalisation)
    subject, more = rules.fill_in(template.subject, personalisation)
    if lacking := sorted({*missing, *more}):
        raise NotifyRefused(400, "BadRequestError", "Missing personalisation: " + ", ".join(lacking))
    if template.kind == "sms":
        body = f"【{settings.MINGQU_SITE['name']}】{body}"
    if len(body) > LONGEST and template.kind == "sms":
        raise NotifyRefused(
            400, "BadRequestError", f"Text messages cannot be longer than {LONGEST} characters"
        )
    return " ".join(subject.split()), body


def _address(asked: Asked) -> str:
    if asked.medium == "sms":
        try:
            return str(Phone.parse(asked.to, demo=settings.MINGQU_DEMO))
        except DomainError as wrong:
            raise NotifyRefused(400, "ValidationError", "phone_number Not a valid phone number") from wrong
    try:
        validate_email(asked.to)
    except ValidationError as wrong:
        raise NotifyRefused(400, "ValidationError", "email_address Not a valid email address") from wrong
    return asked.to


def _unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
