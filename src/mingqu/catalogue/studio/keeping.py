"""Each saved state of a draft is kept, so that a person can step back and forward."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.studio.models import DraftVersion
from mingqu.kernel.types import Instant

KEPT = 200  # states of one draft; a document has some ten thousand characters


def keep(
    draft: DefinitionDraft, before: Mapping[str, Any] | None, *, words: str, by: UUID, at: Instant
) -> None:
    """
    Keep the draft's document, as its version now is; `before`: what it said until now (None: it is new), which is kept
    too where it was written before states were kept. The caller saves the draft.
    """
    if before is not None and not draft.shown:
        draft.shown = draft.version - 1
        _row(draft, draft.shown, 0, dict(before), "", draft.author_id, draft.updated_at)
    _row(draft, draft.version, draft.shown, draft.document, words, by, at)
    draft.shown = draft.version
    DraftVersion.objects.filter(draft=draft, number__lte=draft.version - KEPT).delete()


def neighbours(draft: DefinitionDraft) -> tuple[DraftVersion | None, DraftVersion | None]:
    """The states one step back and one step forward, if there are any; without their documents."""
    rows = DraftVersion.objects.filter(draft=draft).defer("document")
    here = rows.filter(number=draft.shown).first()
    if here is None:
        return None, None
    back = rows.filter(number=here.before).first() if here.before else None
    return back, rows.filter(before=here.number).order_by("-number").first()


def _row(
    draft: DefinitionDraft, number: int, before: int, document: Any, words: str, by: UUID, at: Instant
) -> None:
    DraftVersion.objects.create(
        draft=draft,
        number=number,
        before=before,
        document=document,
        words=words[:80],
        person_id=by,
        saved_at=at,
    )
