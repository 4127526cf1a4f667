"""The row of a draft inside a command: found, allowed, kept with what was done."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from mingqu.catalogue.errors import (
    BaseChanged,
    DraftChanged,
    DraftExists,
    DraftOrganUnknown,
    DraftState,
    DraftUnknown,
    DraftWithoutItem,
)
from mingqu.catalogue.models import DefinitionDraft, Revision, ServiceItem
from mingqu.catalogue.services.publishing import ItemScope, item_id
from mingqu.catalogue.studio import keeping
from mingqu.identity import selectors as identity
from mingqu.identity.errors import UnknownDepartment
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.types import Actor, Instant

State = DefinitionDraft.State
LONGEST = 1000
SAME_SITTING = timedelta(hours=1)  # changes of one person within it are one line of the history
# What may be done to a draft in which state.
EDITABLE = (State.DRAFT, State.RETURNED)
DEEDS = {
    "修改": EDITABLE,
    "送审": EDITABLE,
    "作废": (State.DRAFT, State.SUBMITTED, State.RETURNED),
    "收回": (State.SUBMITTED,),
    "退回": (State.SUBMITTED, State.APPROVED),
    "审核": (State.SUBMITTED,),
    "发布": (State.APPROVED,),
}


@dataclass(frozen=True)
class Saved:
    draft_id: UUID
    version: int
    state: str


def whose(document: Mapping[str, Any]) -> tuple[str, str, ItemScope]:
    """Code, name and scope of what may be a very incomplete document."""
    item = document.get("item")
    values = item if isinstance(item, Mapping) else {}
    code, name, organ = (str(values.get(part) or "").strip() for part in ("code", "name", "organ"))
    if not (code and name and organ) or len(code) > 64 or len(name) > 200:
        raise DraftWithoutItem(field="text")
    try:
        department = identity.department_by_code(organ)
    except UnknownDepartment as unknown:
        raise DraftOrganUnknown(organ=organ[:40], field="text") from unknown
    region, kind = str(values.get("region_code") or "")[:12], str(values.get("type") or "")[:16]
    return code, name, ItemScope(department.id, region, kind)


def new_row(code: str, name: str, scope: ItemScope, cmd: Command) -> DefinitionDraft:
    """A new row, or DraftExists: the constraint settles who was first."""
    draft = DefinitionDraft(
        item_code=code,
        item_name=name,
        department_id=scope.department_id,
        region_code=scope.region_code,
        item_type=scope.item_type,
        document={},
        author_id=cmd.by.id,
        created_at=cmd.at,
        updated_at=cmd.at,
    )
    DefinitionDraft.objects.bulk_create([draft], ignore_conflicts=True)
    found = DefinitionDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if found is None:
        raise DraftExists(item=code, field="text")
    return found


def on_draft(draft_id: UUID, name: str, by: Actor, at: Instant, key: UUID) -> AbstractContextManager[Command]:
    """The command, on the chain of the draft's item. Raises DraftUnknown."""
    code = DefinitionDraft.objects.filter(pk=draft_id).values_list("item_code", flat=True).first()
    if code is None:
        raise DraftUnknown()
    return command(name, item_id(code), by=by, at=at, key=key)


def draft_row(draft_id: UUID, by: Actor, action: str) -> DefinitionDraft:
    found = DefinitionDraft.objects.select_for_update().filter(pk=draft_id).first()
    if found is None:
        raise DraftUnknown()
    access.require(by, action, found)
    return found


def reviewed(draft_id: UUID, version: int, deed: str, by: Actor) -> DefinitionDraft:
    draft = draft_row(draft_id, by, "catalogue.review")
    allowed(draft, deed)
    if draft.version != version:
        raise DraftChanged()
    return draft


def allowed(draft: DefinitionDraft, deed: str) -> None:
    if draft.state not in DEEDS[deed]:
        raise DraftState(state=draft.state_words, deed=deed)


def hands(draft: DefinitionDraft) -> set[UUID | None]:
    """Everybody who wrote a version of it, or handed it in."""
    wrote = {UUID(one["who"]) for one in draft.remarks if one["deed"] in ("新建", "修改", "送审")}
    return {draft.author_id, draft.submitter_id, *wrote}


def in_force(code: str) -> Revision | None:
    found = ServiceItem.objects.select_related("current").filter(code=code).first()
    return found.current if found else None


def compared(draft: DefinitionDraft) -> None:
    now = in_force(draft.item_code)
    if now is not None and now.pk != draft.base_id:
        raise BaseChanged(number=now.number)


def written(
    draft: DefinitionDraft, document: Mapping[str, Any], scope: ItemScope, cmd: Command, words: str = ""
) -> None:
    """The draft says this document now, and the state is kept to go back to."""
    before = draft.document or None
    draft.version += 1 if before is not None else 0
    draft.document = dict(document)
    draft.department_id, draft.region_code, draft.item_type = (
        scope.department_id,
        scope.region_code,
        scope.item_type,
    )
    keeping.keep(draft, before, words=words, by=cmd.by.id, at=cmd.at)
    draft.author_id = cmd.by.id


def remark(by: Actor, at: Instant, deed: str, text: str) -> dict[str, str]:
    return {"at": at.isoformat(), "who": str(by.id), "deed": deed, "text": text}


def kept(cmd: Command, draft: DefinitionDraft, deed: str, text: str) -> Saved:
    said = text.strip()[:LONGEST]
    draft.remarks = [*_before(draft.remarks, cmd, deed, said), remark(cmd.by, cmd.at, deed, said)]
    draft.updated_at = cmd.at
    draft.save()
    cmd.note(item=draft.item_code, draft=draft.pk, deed=deed, **({"reason": said} if said else {}))
    return cmd.done(Saved(draft.pk, draft.version, draft.state))


def _before(remarks: list[dict[str, str]], cmd: Command, deed: str, said: str) -> list[dict[str, str]]:
    """What was said before; a change that goes on with the same person's last one takes its place."""
    last = remarks[-1] if remarks else {}
    same = (last.get("deed"), last.get("who"), last.get("text")) == (deed, str(cmd.by.id), said)
    if deed != "修改" or not same or cmd.at - datetime.fromisoformat(last["at"]) > SAME_SITTING:
        return remarks
    return remarks[:-1]
