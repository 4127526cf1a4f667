"""A definition on its way: 草稿 → 待审核 → 审核通过 or 退回 → 已发布. Two persons, always."""

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from mingqu.catalogue import rules
from mingqu.catalogue.directory.selectors import require_inherited
from mingqu.catalogue.errors import (
    BaseChanged,
    DayPast,
    DraftChanged,
    DraftExists,
    DraftOrganUnknown,
    DraftOtherItem,
    DraftState,
    DraftUnknown,
    DraftWithoutItem,
    ReasonNeeded,
    SameReviewer,
)
from mingqu.catalogue.models import DefinitionDraft, Revision, ServiceItem
from mingqu.catalogue.services.paper_forms import FormChange, keeping, with_form
from mingqu.catalogue.services.publishing import (
    ItemScope,
    bring_into_force,
    examined,
    item_id,
    require_entry,
    require_own,
)
from mingqu.identity import selectors as identity
from mingqu.identity.errors import UnknownDepartment
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process.errors import PlanRefused

log = logging.getLogger(__name__)
State = DefinitionDraft.State
PUBLISHER = Actor.system("catalogue-publisher")
LONGEST = 1000
FARTHEST = timedelta(days=366)
BATCH = 200
# What may be done to a draft in which state.
EDITABLE = (State.DRAFT, State.RETURNED)
DEEDS = {
    "修改": EDITABLE,
    "送审": EDITABLE,
    "作废": (State.DRAFT, State.SUBMITTED, State.RETURNED),
    "退回": (State.SUBMITTED, State.APPROVED),
    "审核": (State.SUBMITTED,),
    "发布": (State.APPROVED,),
}


@dataclass(frozen=True)
class Saved:
    draft_id: UUID
    version: int
    state: str


def save_draft(
    *,
    document: Mapping[str, Any],
    by: Actor,
    at: Instant,
    key: UUID,
    draft_id: UUID | None = None,
    version: int = 0,
) -> Saved:
    """
    Keep a definition as a draft, wrong as it may be: a new one, or `draft_id` as the editor saw it (`version`).

    Raises DraftWithoutItem, DraftOrganUnknown, DraftExists, DraftOtherItem, DraftChanged, DraftState, InheritedChanged,
    ItemOfAnother, NotAuthorised.
    """
    code, name, scope = _whose(document)
    with command("catalogue.edit", item_id(code), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        access.require(by, "catalogue.edit", scope)
        require_own(code, scope, lambda item: access.allows(by, "catalogue.edit", item))
        require_inherited(document, legal_day(at))
        draft = _draft(draft_id, by, "catalogue.edit") if draft_id else _new(code, name, scope, cmd)
        if draft.item_code != code:
            raise DraftOtherItem(item=draft.item_code, other=code)
        _allowed(draft, "修改")
        if draft_id and draft.version != version:
            raise DraftChanged()
        draft.version += 1 if draft_id else 0
        draft.document, draft.item_name = dict(document), name
        draft.department_id, draft.region_code, draft.item_type = (
            scope.department_id,
            scope.region_code,
            scope.item_type,
        )
        draft.author_id = by.id
        cmd.note(digest=rules.digest(document))
        return _kept(cmd, draft, "修改" if draft_id else "新建", "")


def put_form(*, draft_id: UUID, version: int, change: FormChange, by: Actor, at: Instant, key: UUID) -> Saved:
    """
    空白表格 and 样表 of one material of a draft: put in, changed or taken away; a changed one is the next version.

    Raises MaterialOfNoDraft, FileInfected, DraftChanged, DraftState, NotAuthorised.
    """
    with _on(draft_id, "catalogue.edit", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = _draft(draft_id, by, "catalogue.edit")
        _allowed(draft, "修改")
        if draft.version != version:
            raise DraftChanged()
        published = _in_force(draft.item_code)
        before = published.document if published else {}
        draft.document, name = with_form(
            draft.document, before, change, keeping(item_id(draft.item_code), at)
        )
        draft.version += 1
        draft.author_id = by.id
        cmd.note(digest=rules.digest(draft.document))
        return _kept(cmd, draft, "修改", f"材料“{name}”的表格和样表")


def submit_draft(*, draft_id: UUID, version: int, by: Actor, at: Instant, key: UUID) -> Saved:
    """
    送审: everything is checked as for publication. Raises DefinitionInvalid, PlanRefused, DraftChanged, DraftState,
    NotAuthorised.
    """
    with _on(draft_id, "catalogue.submit", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = _draft(draft_id, by, "catalogue.submit")
        _allowed(draft, "送审")
        if draft.version != version:
            raise DraftChanged()
        require_inherited(draft.document, legal_day(at))
        examined(draft.document)
        draft.state, draft.submitter_id = State.SUBMITTED, by.id
        draft.base = _in_force(draft.item_code)
        return _kept(cmd, draft, "送审", "")


def return_draft(*, draft_id: UUID, version: int, reason: str, by: Actor, at: Instant, key: UUID) -> Saved:
    """退回 to the editor with a reason. Raises ReasonNeeded, DraftChanged, DraftState, NotAuthorised."""
    with _on(draft_id, "catalogue.review", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = _reviewed(draft_id, version, "退回", by)
        if not reason.strip():
            raise ReasonNeeded(field="comment")
        draft.state, draft.publish_on = State.RETURNED, None
        return _kept(cmd, draft, "退回", reason)


def approve_draft(*, draft_id: UUID, version: int, comment: str, by: Actor, at: Instant, key: UUID) -> Saved:
    """
    审核通过, by a person who neither wrote it nor handed it in. Raises SameReviewer, DraftChanged, DraftState,
    NotAuthorised.
    """
    with _on(draft_id, "catalogue.review", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = _reviewed(draft_id, version, "审核", by)
        if by.id in _hands(draft):
            raise SameReviewer()
        _compared(draft)
        draft.state, draft.reviewer_id = State.APPROVED, by.id
        return _kept(cmd, draft, "审核通过", comment)


def publish_draft(*, draft_id: UUID, on: date | None = None, by: Actor, at: Instant, key: UUID) -> Saved:
    """
    Publish an approved draft today (`on` None) or on a later day, when the platform does it by itself.

    Running cases keep their revision. Raises DraftState, DayPast, BaseChanged, DefinitionInvalid, PlanRefused,
    InheritedChanged, NoEntryInList, ItemOfAnother, NotAuthorised.
    """
    today = legal_day(at)
    with _on(draft_id, "catalogue.publish", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = _draft(draft_id, by, "catalogue.publish")
        _allowed(draft, "发布")
        if on is not None and not today < on <= today + FARTHEST:
            raise DayPast(field="on")
        _compared(draft)
        require_inherited(draft.document, today)
        whole, checked, scope = examined(draft.document)
        access.require(by, "catalogue.publish", scope)
        require_own(draft.item_code, scope, lambda item: access.allows(by, "catalogue.publish", item))
        require_entry(whole, today)
        if on is not None:
            draft.publish_on = on
            cmd.note(publish_on=on)
            return _kept(cmd, draft, f"定于{on.isoformat()}发布", "")
        published = bring_into_force(cmd, draft.document, checked, scope)
        draft.state, draft.revision_id, draft.publish_on = State.PUBLISHED, published.revision_id, today
        return _kept(cmd, draft, f"发布为第{published.number}版", "")


def drop_draft(*, draft_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> Saved:
    """作废: another draft of the item may be begun. Raises ReasonNeeded, DraftState, NotAuthorised."""
    with _on(draft_id, "catalogue.edit", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = _draft(draft_id, by, "catalogue.edit")
        _allowed(draft, "作废")
        if not reason.strip():
            raise ReasonNeeded(field="reason")
        draft.state = State.WITHDRAWN
        return _kept(cmd, draft, "作废", reason)


def publish_due(at: Instant) -> int:
    """
    Publish what is due; how many. One that can't be published any more stops no other: it loses its day, its remarks
    say why, and a person looks at it.
    """
    due = DefinitionDraft.objects.filter(state=State.APPROVED, publish_on__lte=legal_day(at))
    done = 0
    for draft_id, on in due.order_by("publish_on").values_list("pk", "publish_on")[:BATCH]:
        key = uuid5(NAMESPACE_URL, f"mingqu:publish-draft:{draft_id}:{on}")
        try:
            with transaction.atomic():
                publish_draft(draft_id=draft_id, by=PUBLISHER, at=at, key=key)
            done += 1
        except (DomainError, PlanRefused) as refused:
            log.warning("draft %s could not be published: %s", draft_id, type(refused).__name__)
            _undated(draft_id, str(getattr(refused, "message", "")) or "流程不能执行", at)
    return done


def _undated(draft_id: UUID, why: str, at: Instant) -> None:
    with transaction.atomic():
        draft = DefinitionDraft.objects.select_for_update().get(pk=draft_id)
        draft.publish_on = None
        draft.remarks = [*draft.remarks, _remark(PUBLISHER, at, "到期没有发布", why)]
        draft.save(update_fields=["publish_on", "remarks"])


def _whose(document: Mapping[str, Any]) -> tuple[str, str, ItemScope]:
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


def _new(code: str, name: str, scope: ItemScope, cmd: Command) -> DefinitionDraft:
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


def _on(draft_id: UUID, name: str, by: Actor, at: Instant, key: UUID) -> AbstractContextManager[Command]:
    """The command, on the chain of the draft's item. Raises DraftUnknown."""
    code = DefinitionDraft.objects.filter(pk=draft_id).values_list("item_code", flat=True).first()
    if code is None:
        raise DraftUnknown()
    return command(name, item_id(code), by=by, at=at, key=key)


def _draft(draft_id: UUID, by: Actor, action: str) -> DefinitionDraft:
    found = DefinitionDraft.objects.select_for_update().filter(pk=draft_id).first()
    if found is None:
        raise DraftUnknown()
    access.require(by, action, found)
    return found


def _reviewed(draft_id: UUID, version: int, deed: str, by: Actor) -> DefinitionDraft:
    draft = _draft(draft_id, by, "catalogue.review")
    _allowed(draft, deed)
    if draft.version != version:
        raise DraftChanged()
    return draft


def _allowed(draft: DefinitionDraft, deed: str) -> None:
    if draft.state not in DEEDS[deed]:
        raise DraftState(state=draft.state_words, deed=deed)


def _hands(draft: DefinitionDraft) -> set[UUID | None]:
    """Everybody who wrote a version of it, or handed it in."""
    wrote = {UUID(one["who"]) for one in draft.remarks if one["deed"] in ("新建", "修改", "送审")}
    return {draft.author_id, draft.submitter_id, *wrote}


def _in_force(code: str) -> Revision | None:
    found = ServiceItem.objects.select_related("current").filter(code=code).first()
    return found.current if found else None


def _compared(draft: DefinitionDraft) -> None:
    now = _in_force(draft.item_code)
    if now is not None and now.pk != draft.base_id:
        raise BaseChanged(number=now.number)


def _remark(by: Actor, at: Instant, deed: str, text: str) -> dict[str, str]:
    return {"at": at.isoformat(), "who": str(by.id), "deed": deed, "text": text}


def _kept(cmd: Command, draft: DefinitionDraft, deed: str, text: str) -> Saved:
    said = text.strip()[:LONGEST]
    draft.remarks = [*draft.remarks, _remark(cmd.by, cmd.at, deed, said)]
    draft.updated_at = cmd.at
    draft.save()
    cmd.note(item=draft.item_code, draft=draft.pk, deed=deed, **({"reason": said} if said else {}))
    return cmd.done(Saved(draft.pk, draft.version, draft.state))
