"""
A copy of what is kept of a person (个人信息保护法 45): she asks, a job gathers it from every room, she takes it
within some days after showing her telephone again; then it is deleted.
"""

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.template.loader import render_to_string
from procrastinate.contrib.django import app as jobs

from mingqu.identity.account_errors import CopyAsked, CopyGone
from mingqu.identity.acting import in_own_name
from mingqu.identity.events import CopyReady
from mingqu.identity.models import OwnCopy
from mingqu.identity.services import access, limits, own_data
from mingqu.identity.services.people import Own
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.schedule import each_alone
from mingqu.kernel.types import Actor, Instant

State = OwnCopy.State
MAKE, QUEUE = "identity.make_copy", "identity"
GATHERING = Actor.system("own-data")
ONCE = "own_copy_person"  # limit
LOST = timedelta(minutes=2)  # a copy still not made by then lost its job
AT_ONCE = 50
LISTED = 10


@dataclass(frozen=True)
class Copy:
    """One copy as its owner reads it; `until` is when it is deleted."""

    id: UUID
    state: str
    asked_at: datetime
    made_at: datetime | None
    until: datetime
    taken: int


def copies_of(person_id: UUID) -> list[Copy]:
    """The latest first; without what is in them."""
    rows = OwnCopy.objects.filter(person_id=person_id).defer("parts").order_by("-asked_at")[:LISTED]
    return [Copy(row.pk, row.state, row.asked_at, row.made_at, row.gone_at, row.taken) for row in rows]


def until(copy_id: UUID) -> datetime | None:
    """Until when it can be taken; None where it can't."""
    rows = OwnCopy.objects.filter(pk=copy_id, state=State.READY)
    return rows.values_list("gone_at", flat=True).first()


def ask(*, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    A person wants a copy of her data; returns it (`key`). Raises CopyAsked (one is being made), TooManyAttempts (one an
    hour), ActingForAnother, NotAuthorised.
    """
    in_own_name(by)
    access.require(by, "identity.ask_own_copy", Own((by.id,)))
    if OwnCopy.objects.filter(person_id=by.id, state=State.WAITING).exclude(pk=key).exists():
        raise CopyAsked()
    with command("identity.ask_own_copy", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        limits.spend(ONCE, str(by.id), at=at)
        try:
            with transaction.atomic():
                OwnCopy.objects.create(
                    id=key,
                    user_id=by.user_id,
                    person_id=by.id,
                    asked_at=at,
                    queued_at=at,
                    gone_at=at + timedelta(days=settings.MINGQU_COPY_DAYS),
                )
        except IntegrityError as twice:
            raise CopyAsked() from twice
        cmd.defer(MAKE, queue=QUEUE, copy_id=key)
        cmd.done(None)
    return key


def make(copy_id: UUID, at: Instant) -> None:
    """Gather it from every room. Safe to repeat: what is made already is left alone."""
    row = OwnCopy.objects.filter(pk=copy_id, state=State.WAITING).first()
    if row is None:
        return
    parts = [asdict(part) for holding in own_data.holdings() for part in holding.copy(row.person_id)]
    key = uuid5(NAMESPACE_URL, f"mingqu:own-copy:{copy_id}")
    with command("identity.make_own_copy", copy_id, by=GATHERING, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(GATHERING, "identity.make_own_copy")
        row = OwnCopy.objects.select_for_update().filter(pk=copy_id, state=State.WAITING).first()
        if row is None:  # the account was closed while it was gathered: nothing is kept
            return
        row.parts, row.state, row.made_at = parts, State.READY, at
        row.gone_at = at + timedelta(days=settings.MINGQU_COPY_DAYS)
        row.save(update_fields=["parts", "state", "made_at", "gone_at"])
        cmd.note(parts=len(parts))
        cmd.publish(CopyReady(copy_id, row.person_id))
        cmd.done(None)


def take(*, copy_id: UUID, by: Actor, at: Instant, key: UUID) -> tuple[str, bytes]:
    """
    File name and zip, for its owner, who has just shown her telephone. Raises CopyGone (also for another's, and
    before it is made), ActingForAnother, NotAuthorised.
    """
    in_own_name(by)
    with command("identity.take_own_copy", copy_id, by=by, at=at, key=key) as cmd:
        access.require(by, "identity.take_own_copy", Own((by.id,)))
        row = OwnCopy.objects.filter(pk=copy_id, person_id=by.id, state=State.READY, gone_at__gt=at).first()
        if row is None or row.made_at is None:
            raise CopyGone()
        if not cmd.repeated:
            OwnCopy.objects.filter(pk=copy_id).update(taken=F("taken") + 1)
            cmd.done(None)
    return f"wode-shuju-{row.made_at.astimezone(BEIJING):%Y%m%d}.zip", _packed(row.parts, row.made_at)


def sweep(at: Instant) -> str:
    """Copies whose days are over are deleted; those whose job was lost get another."""
    over = OwnCopy.objects.exclude(state=State.GONE).filter(gone_at__lte=at)
    ids = list(over.order_by("gone_at").values_list("id", flat=True)[:AT_ONCE])
    said = each_alone(ids, lambda one: _delete(one, at), "deletion of a copy")
    lost = OwnCopy.objects.filter(state=State.WAITING, queued_at__lt=at - LOST).order_by("queued_at")
    for copy_id in list(lost.values_list("id", flat=True)[:AT_ONCE]):
        OwnCopy.objects.filter(pk=copy_id, state=State.WAITING).update(queued_at=at)
        jobs.configure_task(MAKE, queue=QUEUE).defer(copy_id=str(copy_id))
    return said


def forget(person_id: UUID, at: Instant) -> None:
    """The account is closed: nobody takes them any more. Called by the receiver of that."""
    for copy_id in (
        OwnCopy.objects.filter(person_id=person_id).exclude(state=State.GONE).values_list("id", flat=True)
    ):
        _delete(copy_id, at)


def _delete(copy_id: UUID, at: Instant) -> None:
    key = uuid5(NAMESPACE_URL, f"mingqu:own-copy:gone:{copy_id}")
    with command("identity.delete_own_copy", copy_id, by=GATHERING, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(GATHERING, "identity.delete_own_copy")
        OwnCopy.objects.filter(pk=copy_id).update(state=State.GONE, parts=[], gone_at=at)
        cmd.done(None)


def _packed(parts: list[dict[str, Any]], made_at: datetime) -> bytes:
    """The same twice: for programs (data.json) and for people (我的数据.html)."""
    told = {
        "format": "mingqu.own-data/1",
        "made_at": made_at.isoformat(),
        "parts": {
            part["code"]: {
                "title": part["title"],
                "more": part["more"],
                "rows": [
                    dict(zip([code for code, _ in part["columns"]], row, strict=True)) for row in part["rows"]
                ],
            }
            for part in parts
        },
    }
    page = render_to_string("identity/own_copy_page.html", {"parts": parts, "made_at": made_at})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("我的数据.html", page)
        file.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=1))
    return packed.getvalue()
