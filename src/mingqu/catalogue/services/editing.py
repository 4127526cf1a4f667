"""What editors and reviewers do to a draft between saving and handing in: step back and forward, say, settle."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mingqu.catalogue import places, rules
from mingqu.catalogue.directory.selectors import require_inherited
from mingqu.catalogue.errors import CommentEmpty, CommentUnknown, DraftChanged, NoFurtherStep
from mingqu.catalogue.models import DraftComment, DraftVersion
from mingqu.catalogue.services.draft_rows import Saved, allowed, draft_row, kept, on_draft, whose
from mingqu.catalogue.services.publishing import require_own
from mingqu.catalogue.studio import marks
from mingqu.catalogue.studio.keeping import neighbours
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

LONGEST_COMMENT = 500


def step_draft(*, draft_id: UUID, version: int, forward: bool, by: Actor, at: Instant, key: UUID) -> Saved:
    """
    撤销 and 恢复: the draft says what it said one saved state before, or what was made of that one last.

    Raises NoFurtherStep, DraftChanged, DraftState, InheritedChanged, ItemOfAnother, NotAuthorised.
    """
    with on_draft(draft_id, "catalogue.edit", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = draft_row(draft_id, by, "catalogue.edit")
        allowed(draft, "修改")
        if draft.version != version:
            raise DraftChanged()
        found = neighbours(draft)[1 if forward else 0]
        if found is None:
            raise NoFurtherStep()
        document = DraftVersion.objects.get(pk=found.pk).document
        _code, name, scope = whose(document)
        access.require(by, "catalogue.edit", scope)
        require_own(draft.item_code, scope, lambda item: access.allows(by, "catalogue.edit", item))
        require_inherited(document, legal_day(at))
        draft.document, draft.item_name = document, name
        draft.department_id, draft.region_code = scope.department_id, scope.region_code
        draft.item_type, draft.author_id = scope.item_type, by.id
        draft.version, draft.shown = draft.version + 1, found.number
        cmd.note(digest=rules.digest(document), state=found.number)
        return kept(cmd, draft, "修改", "")


def say_comment(*, draft_id: UUID, path: str, text: str, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    A remark about one place of a draft ("": the whole), by who reviews it or writes it. Raises CommentEmpty,
    CommentUnknown (no such place), NotAuthorised.
    """
    with on_draft(draft_id, "catalogue.comment", by, at, key) as cmd:
        if cmd.repeated:
            return UUID(str(cmd.first_result(str)))
        draft = draft_row(draft_id, by, _right(by))
        said = text.strip()[:LONGEST_COMMENT]
        if not said:
            raise CommentEmpty(field="comment")
        if path and not _there(draft.document, path):
            raise CommentUnknown()
        made = DraftComment.objects.create(draft=draft, path=path, text=said, author_id=by.id, said_at=at)
        cmd.note(item=draft.item_code, draft=draft.pk, path=path)
        cmd.done(str(made.pk))
        return made.pk


def _there(document: Mapping[str, Any], path: str) -> bool:
    """A place of the document, or an element of what an expert drew."""
    return marks.known(document, path) if marks.split(path) else places.known(document, path)


def settle_comment(*, draft_id: UUID, comment_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """已处理: the remark stays to be read. Raises CommentUnknown, NotAuthorised."""
    with on_draft(draft_id, "catalogue.comment", by, at, key) as cmd:
        if cmd.repeated:
            return
        draft = draft_row(draft_id, by, _right(by))
        found = DraftComment.objects.select_for_update().filter(draft=draft, pk=comment_id).first()
        if found is None:
            raise CommentUnknown()
        if found.settled_at is None:
            found.settled_by, found.settled_at = by.id, at
            found.save(update_fields=["settled_by", "settled_at"])
        cmd.note(item=draft.item_code, draft=draft.pk, settled=found.pk)
        cmd.done(None)


def _right(by: Actor) -> str:
    """By which of their rights this person speaks: whoever reviews, else whoever writes."""
    return "catalogue.review" if access.may(by, "catalogue.review") else "catalogue.edit"
