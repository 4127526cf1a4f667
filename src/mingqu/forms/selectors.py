"""Questions about drafts; each holds the access check."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db.models import QuerySet

from mingqu.forms.errors import DraftAlreadyFiled, DraftNotFound
from mingqu.forms.models import Draft
from mingqu.forms.types import Answers, DraftView
from mingqu.identity.types import AssistingActor
from mingqu.kernel.rows import Columns
from mingqu.kernel.types import Actor, Instant

LISTED = 20
KEPT = timedelta(days=30)  # after the last save
AT_DESK = timedelta(days=7)  # who was at a window longer ago comes anew
# Every page of an application begins with it.
DRAFT = Columns(Draft, "d")
_ONE = f"SELECT {DRAFT} FROM forms_draft d WHERE d.id = %s"  # noqa: S608  constants


def drafts() -> QuerySet[Draft]:
    """Every draft that is still there; for rooms above, which keep files under its id."""
    return Draft.objects.all()


def draft(draft_id: UUID, *, by: Actor | None, at: Instant, token: str = "") -> DraftView:
    """
    A draft for its owner, or for whoever holds the token of an unclaimed one.

    Raises DraftNotFound (unknown, not theirs, expired) or DraftAlreadyFiled.
    """
    return view_of(permitted(DRAFT.first(_ONE, [draft_id]), by=by, at=at, token=token))


def is_open(draft_id: UUID, *, at: Instant) -> bool:
    """Whether this draft still waits to be handed in; tells nothing else of it, so nobody is asked who he is."""
    return Draft.objects.filter(id=draft_id, filed_at=None, expires_at__gt=at).exists()


def drafts_of(by: Actor, *, at: Instant) -> list[DraftView]:
    """
    The open drafts a citizen may open as whom she acts now, the latest first, at most twenty: her own and what
    relatives began for her, or what she began in the capacity she acts in.
    """
    found = Draft.objects.filter(owner_id=owner_by(by), filed_at=None, expires_at__gt=at)
    if by.agency is not None:
        found = found.filter(capacity_id=by.agency.capacity_id)
    return [view_of(row) for row in found.order_by("-saved_at")[:LISTED]]


def drafts_at_post(post_id: UUID, *, at: Instant, limit: int) -> list[tuple[str, datetime]]:
    """
    (what it is for, when it was last saved) of the drafts begun at a desk of this post that were saved in the last days
    and not handed in, the oldest first. For the hand-over of a shift: nothing of what was filled in.
    """
    found = Draft.objects.filter(
        filed_at=None,
        expires_at__gt=at + (KEPT - AT_DESK),
        saved_at__lte=at,
        context__values__post=str(post_id),
    )
    return list(found.order_by("saved_at", "id").values_list("about", "saved_at")[:limit])


def draft_of_token(typed: str, *, at: Instant) -> tuple[DraftView, str]:
    """The unclaimed draft that this token, as typed from paper, opens; and the token. Raises DraftNotFound."""
    token = "".join(c for c in typed.upper() if c.isalnum())
    found = Draft.objects.filter(token_digest=token_digest(token), owner_id=None, expires_at__gt=at)
    return view_of(permitted(found.first(), by=None, at=at, token=token)), token


def permitted(row: Draft | None, *, by: Actor | None, at: Instant, token: str) -> Draft:
    """The row if this actor or token may have it; the one place of the rule."""
    if row is None or row.expires_at <= at:
        raise DraftNotFound()
    if row.owner_id is not None:
        mine = owner_by(by) == row.owner_id
    else:
        mine = bool(token) and hmac.compare_digest(bytes(row.token_digest or b""), token_digest(token))
    if not mine or (by is not None and by.stands_in and row.capacity_id != capacity_by(by)):
        raise DraftNotFound()  # who acts for another opens what she began for that person, and nothing else of hers
    if row.filed_at is not None:
        raise DraftAlreadyFiled()
    return row


def owner_by(by: Actor | None) -> UUID | None:
    """
    Whose drafts this actor opens: a citizen's own, and those of the person a clerk fills in for at a window (only
    `identity.services.assisting` makes such an actor). Nobody's for anyone else.
    """
    if isinstance(by, AssistingActor):
        return by.applicant_id
    return by.id if by is not None and by.kind == "citizen" else None


def capacity_by(by: Actor | None) -> UUID | None:
    """The authority under which somebody acts for another, if she does."""
    return by.agency.capacity_id if by is not None and by.agency else None


def token_digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def view_of(row: Draft) -> DraftView:
    return DraftView(
        draft_id=row.id,
        about=row.about,
        form_digest=row.form_digest,
        context=Answers.load(row.context).values,
        answers=Answers.load(row.answers).values,
        version=row.version,
        page=row.page,
        owner_id=row.owner_id,
        capacity_id=row.capacity_id,
        aside={str(name): str(value) for name, value in (row.aside or {}).items()},
        saved_at=row.saved_at,
        expires_at=row.expires_at,
    )
