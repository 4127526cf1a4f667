"""
Drafts: begin, save, claim, hand over to the case, delete.

Starting and saving are no commands: nothing has legal effect yet, and a save every few seconds would fill
the audit ledger with noise. Claiming is one, and filing belongs to the command of the room that files.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from mingqu.forms.errors import DraftAlreadyFiled, DraftChangedElsewhere, DraftTooLarge
from mingqu.forms.models import Draft
from mingqu.forms.rules import merged
from mingqu.forms.selectors import DRAFT, KEPT, capacity_by, owner_by, permitted, token_digest, view_of
from mingqu.forms.types import Answers, DraftView, Saved, Started
from mingqu.kernel.commands import command, require_command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant

MAX_BYTES: Final = 200_000
DELETED_AT_ONCE: Final = 500
# People note the token on paper and read it over the telephone: no 0 O 1 I L. 31^16 is about 79 bits.
TOKEN_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # noqa: S105 - an alphabet
TOKEN_LENGTH: Final = 16


def start_draft(
    *,
    about: str,
    form_digest: str,
    context: Mapping[str, Any],
    by: Actor | None,
    at: Instant,
    answers: Mapping[str, Any] | None = None,
) -> Started:
    """
    Begin a draft. A citizen who is signed in owns it at once, and so does the person a clerk fills it in for; anyone
    else gets the token that opens it.

    `context` is kept in the clear: situation answers, the chosen 业务办理项, nothing personal.
    """
    owner = owner_by(by)
    token = "" if owner else "".join(secrets.choice(TOKEN_LETTERS) for _ in range(TOKEN_LENGTH))
    row = Draft(
        id=new_id(),
        about=about,
        form_digest=form_digest,
        context=Answers(dict(context)).dump(),
        answers=Answers(dict(answers or {})).dump(),
        owner_id=owner,
        capacity_id=capacity_by(by),
        token_digest=None if owner else token_digest(token),
        started_at=at,
        saved_at=at,
        expires_at=at + KEPT,
    )
    row.save(force_insert=True)
    return Started(row.id, token, row.version)


def save_draft(
    *,
    draft_id: UUID,
    changes: Mapping[str, Any],
    base_version: int,
    by: Actor | None,
    at: Instant,
    token: str = "",
    page: int | None = None,
) -> Saved:
    """
    Put answers (path → value, None takes one away) into the draft the page was made from.

    `base_version` is the version that page showed. A repeated save of the same answers, after a lost reply,
    gives the first result. Wrong answers are kept too: a draft loses nothing.
    Raises DraftNotFound, DraftAlreadyFiled, DraftTooLarge, or DraftChangedElsewhere if another tab or device
    saved in between; then nothing is written.
    """
    row = permitted(Draft.objects.filter(id=draft_id).first(), by=by, at=at, token=token)
    before = Answers.load(row.answers).values
    after = merged(before, changes)
    if len(json.dumps(after, ensure_ascii=False).encode()) > MAX_BYTES:
        raise DraftTooLarge()
    if row.version == base_version + 1 and after == before:
        return Saved(row.version, row.saved_at)
    written = Draft.objects.filter(
        id=draft_id, version=base_version, owner_id=row.owner_id, filed_at=None
    ).update(
        answers=Answers(after).dump(),
        version=base_version + 1,
        page=page or row.page,
        saved_at=at,
        expires_at=at + KEPT,
    )
    if not written:
        return _saved_at_the_same_moment(draft_id, base_version, after)
    return Saved(base_version + 1, at)


def _saved_at_the_same_moment(draft_id: UUID, base_version: int, after: Mapping[str, Any]) -> Saved:
    """A page may save itself while its button is pressed: the same answers twice at once are no conflict."""
    row = Draft.objects.filter(id=draft_id, filed_at=None, version=base_version + 1).first()
    if row is None or Answers.load(row.answers).values != after:
        raise DraftChangedElsewhere()
    return Saved(row.version, row.saved_at)


def change_context(
    *,
    draft_id: UUID,
    context: Mapping[str, Any],
    base_version: int,
    by: Actor | None,
    at: Instant,
    token: str = "",
) -> Saved:
    """
    Put another context (other answers of the situation) under the same answers; nothing personal in it.

    Raises DraftNotFound, DraftAlreadyFiled or DraftChangedElsewhere.
    """
    row = permitted(Draft.objects.filter(id=draft_id).first(), by=by, at=at, token=token)
    written = Draft.objects.filter(
        id=draft_id, version=base_version, owner_id=row.owner_id, filed_at=None
    ).update(
        context=Answers(dict(context)).dump(),
        version=base_version + 1,
        saved_at=at,
        expires_at=at + KEPT,
    )
    if not written:
        raise DraftChangedElsewhere()
    return Saved(base_version + 1, at)


def keep_aside(*, draft_id: UUID, aside: Mapping[str, str], by: Actor, at: Instant) -> None:
    """
    Personal words that belong to the application but to no question of its form; what was kept before is gone. The
    version stays: nothing of the form is changed. Raises DraftNotFound or DraftAlreadyFiled.
    """
    row = permitted(Draft.objects.filter(id=draft_id).first(), by=by, at=at, token="")
    # Not where it has just been filed: nobody would take it out of there again.
    if not Draft.objects.filter(id=row.id, filed_at=None).update(aside=dict(aside) or None):
        raise DraftAlreadyFiled()


def claim_draft(*, draft_id: UUID, token: str, by: Actor, at: Instant, key: UUID) -> DraftView:
    """
    Make an anonymous draft the signed-in person's own, or that of the person before the clerk who types its token;
    from then on the token opens nothing.

    Claiming one's own draft again changes nothing. Raises DraftNotFound or DraftAlreadyFiled.
    """
    owner = owner_by(by)
    if owner is None:
        raise ValueError("a draft belongs to a citizen")
    with command("draft.claim", draft_id, by=by, at=at, key=key) as cmd:
        row = Draft.objects.select_for_update().filter(id=draft_id).first()
        row = permitted(row, by=by, at=at, token=token)
        if not cmd.repeated and row.owner_id is None:
            row.owner_id, row.token_digest, row.expires_at = owner, None, at + KEPT
            row.capacity_id = capacity_by(by)
            row.save(update_fields=["owner_id", "capacity_id", "token_digest", "expires_at"])
            cmd.note(about=row.about)
        return view_of(row)


def take_for_filing(*, draft_id: UUID, base_version: int, by: Actor, at: Instant) -> DraftView:
    """
    Hand the answers over to the room that files them, inside its command whose root is the draft's id.

    The answers leave the draft, which can't be changed any more. `base_version` is what the person checked
    on the summary page. Raises DraftNotFound, DraftAlreadyFiled, DraftChangedElsewhere.
    """
    if require_command().root_id != draft_id:
        raise ValueError("the application takes the draft's id")
    row = permitted(_emptied(draft_id, at), by=by, at=at, token="")
    if row.version != base_version:
        raise DraftChangedElsewhere()
    return view_of(row)


_EMPTY = (
    "UPDATE forms_draft SET answers = %s, aside = NULL, filed_at = %s FROM"  # noqa: S608  constants
    f" (SELECT * FROM forms_draft WHERE id = %s FOR UPDATE) AS d WHERE forms_draft.id = d.id RETURNING {DRAFT}"
)


def _emptied(draft_id: UUID, at: Instant) -> Draft | None:
    """
    The draft as it was, locked; its row is filed and empty from now on. Whoever may not have it is refused after
    that, and the refusal takes the whole command back.
    """
    nothing = Draft._meta.get_field("answers").get_db_prep_value(Answers().dump(), connection)
    return DRAFT.first(_EMPTY, [nothing, at, draft_id])


def delete_draft(*, draft_id: UUID, by: Actor | None, at: Instant, token: str = "") -> None:
    """Throw a draft away because its owner says so. Raises DraftNotFound, DraftAlreadyFiled."""
    with transaction.atomic():
        row = Draft.objects.select_for_update().filter(id=draft_id).first()
        permitted(row, by=by, at=at, token=token).delete()


def follow_owner(*, before: UUID, after: UUID) -> None:
    """The drafts of a person who turned out to be another one, known before. Safe to repeat."""
    Draft.objects.filter(owner_id=before, filed_at=None).update(owner_id=after)


def delete_drafts_of(owner_id: UUID) -> None:
    """What a person began and did not hand in. Safe to repeat."""
    Draft.objects.filter(owner_id=owner_id, filed_at=None).delete()


def delete_expired_drafts(at: Instant) -> int:
    """Drafts that nobody touched for thirty days, and emptied ones of filed applications; in batches."""
    ids = Draft.objects.filter(expires_at__lte=at).order_by("expires_at").values_list("id", flat=True)
    batch = list(ids[:DELETED_AT_ONCE])
    return Draft.objects.filter(id__in=batch).delete()[0] if batch else 0
