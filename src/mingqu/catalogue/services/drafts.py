"""A definition on its way: 草稿 → 待审核 → 审核通过 or 退回 → 已发布. Two persons, always."""

import logging
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from mingqu.catalogue import rules
from mingqu.catalogue.directory.selectors import require_inherited
from mingqu.catalogue.errors import (
    DayPast,
    DraftChanged,
    DraftOtherItem,
    DraftUnchanged,
    NotHandedInByYou,
    ReasonNeeded,
    SameReviewer,
)
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.services.draft_rows import (
    Saved,
    State,
    allowed,
    compared,
    draft_row,
    hands,
    in_force,
    kept,
    new_row,
    on_draft,
    remark,
    reviewed,
    whose,
    written,
)
from mingqu.catalogue.services.paper_forms import FormChange, keeping, with_form
from mingqu.catalogue.services.proving import require_proved
from mingqu.catalogue.services.publishing import (
    ItemScope,
    bring_into_force,
    examined,
    item_id,
    require_able,
    require_entry,
    require_own,
)
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process.errors import PlanRefused

log = logging.getLogger(__name__)
PUBLISHER = Actor.system("catalogue-publisher")
FARTHEST = timedelta(days=366)
BATCH = 200


def save_draft(
    *,
    document: Mapping[str, Any],
    by: Actor,
    at: Instant,
    key: UUID,
    draft_id: UUID | None = None,
    version: int = 0,
    words: str = "",
) -> Saved:
    """
    Keep a definition as a draft, wrong as it may be: a new one, or `draft_id` as the editor saw it (`version`).
    `words`: what of it was changed.

    Raises DraftWithoutItem, DraftOrganUnknown, DraftExists, DraftOtherItem, DraftChanged, DraftState, InheritedChanged,
    ItemOfAnother, NotAuthorised.
    """
    code, name, scope = whose(document)
    with command("catalogue.edit", item_id(code), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        access.require(by, "catalogue.edit", scope)
        require_own(code, scope, lambda item: access.allows(by, "catalogue.edit", item))
        require_inherited(document, legal_day(at))
        draft = draft_row(draft_id, by, "catalogue.edit") if draft_id else new_row(code, name, scope, cmd)
        if draft.item_code != code:
            raise DraftOtherItem(item=draft.item_code, other=code)
        allowed(draft, "修改")
        if draft_id and draft.version != version:
            raise DraftChanged()
        draft.item_name = name
        written(draft, document, scope, cmd, words)
        cmd.note(digest=rules.digest(document))
        return kept(cmd, draft, "修改" if draft_id else "新建", "")


def put_form(*, draft_id: UUID, version: int, change: FormChange, by: Actor, at: Instant, key: UUID) -> Saved:
    """
    空白表格 and 样表 of one material of a draft: put in, changed or taken away; a changed one is the next version.

    Raises MaterialOfNoDraft, FileInfected, DraftChanged, DraftState, NotAuthorised.
    """
    with on_draft(draft_id, "catalogue.edit", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = draft_row(draft_id, by, "catalogue.edit")
        allowed(draft, "修改")
        if draft.version != version:
            raise DraftChanged()
        published = in_force(draft.item_code)
        before = published.document if published else {}
        changed, name = with_form(draft.document, before, change, keeping(item_id(draft.item_code), at))
        scope = ItemScope(draft.department_id, draft.region_code, draft.item_type)
        written(draft, changed, scope, cmd, "空白表格和样表")
        cmd.note(digest=rules.digest(draft.document))
        return kept(cmd, draft, "修改", f"材料“{name}”的表格和样表")


def submit_draft(*, draft_id: UUID, version: int, by: Actor, at: Instant, key: UUID) -> Saved:
    """
    送审: everything is checked as for publication. Raises DraftUnchanged (from what is in force), DefinitionInvalid,
    PlanRefused, DraftChanged, DraftState, NotAuthorised.
    """
    with on_draft(draft_id, "catalogue.submit", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = draft_row(draft_id, by, "catalogue.submit")
        allowed(draft, "送审")
        if draft.version != version:
            raise DraftChanged()
        base = in_force(draft.item_code)
        if base is not None and base.document == draft.document:
            raise DraftUnchanged(number=base.number)
        require_inherited(draft.document, legal_day(at))
        whole, _, _ = examined(draft.document, legal_day(at))
        require_able(whole)
        require_proved(whole)
        draft.state, draft.submitter_id = State.SUBMITTED, by.id
        draft.base = base
        return kept(cmd, draft, "送审", "")


def take_back_draft(*, draft_id: UUID, version: int, by: Actor, at: Instant, key: UUID) -> Saved:
    """
    收回 what one handed in, while nobody has decided on it: it is a draft again, to be changed and handed in anew.
    Raises NotHandedInByYou, DraftChanged, DraftState (somebody decided first), NotAuthorised.
    """
    with on_draft(draft_id, "catalogue.take_back", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = draft_row(draft_id, by, "catalogue.take_back")
        allowed(draft, "收回")
        if draft.version != version:
            raise DraftChanged()
        if draft.submitter_id != by.id:
            raise NotHandedInByYou()
        draft.state, draft.submitter_id, draft.base = State.DRAFT, None, None
        return kept(cmd, draft, "收回", "")


def return_draft(*, draft_id: UUID, version: int, reason: str, by: Actor, at: Instant, key: UUID) -> Saved:
    """退回 to the editor with a reason. Raises ReasonNeeded, DraftChanged, DraftState, NotAuthorised."""
    with on_draft(draft_id, "catalogue.review", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = reviewed(draft_id, version, "退回", by)
        if not reason.strip():
            raise ReasonNeeded(field="comment")
        draft.state, draft.publish_on = State.RETURNED, None
        return kept(cmd, draft, "退回", reason)


def approve_draft(*, draft_id: UUID, version: int, comment: str, by: Actor, at: Instant, key: UUID) -> Saved:
    """
    审核通过, by a person who neither wrote it nor handed it in. Raises SameReviewer, DraftChanged, DraftState,
    NotAuthorised.
    """
    with on_draft(draft_id, "catalogue.review", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = reviewed(draft_id, version, "审核", by)
        if by.id in hands(draft):
            raise SameReviewer()
        compared(draft)
        draft.state, draft.reviewer_id = State.APPROVED, by.id
        return kept(cmd, draft, "审核通过", comment)


def publish_draft(*, draft_id: UUID, on: date | None = None, by: Actor, at: Instant, key: UUID) -> Saved:
    """
    Publish an approved draft today (`on` None) or on a later day, when the platform does it by itself.

    Running cases keep their revision. Raises DraftState, DayPast, BaseChanged, DefinitionInvalid, PlanRefused,
    InheritedChanged, NoEntryInList, ItemOfAnother, NotAuthorised.
    """
    today = legal_day(at)
    with on_draft(draft_id, "catalogue.publish", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = draft_row(draft_id, by, "catalogue.publish")
        allowed(draft, "发布")
        if on is not None and not today < on <= today + FARTHEST:
            raise DayPast(field="on")
        compared(draft)
        require_inherited(draft.document, today)
        whole, checked, scope = examined(draft.document, today)
        access.require(by, "catalogue.publish", scope)
        require_own(draft.item_code, scope, lambda item: access.allows(by, "catalogue.publish", item))
        require_entry(whole, today)
        require_able(whole)
        require_proved(whole)
        if on is not None:
            draft.publish_on = on
            cmd.note(publish_on=on)
            return kept(cmd, draft, f"定于{on.isoformat()}发布", "")
        published = bring_into_force(cmd, draft.document, checked, scope)
        draft.state, draft.revision_id, draft.publish_on = State.PUBLISHED, published.revision_id, today
        return kept(cmd, draft, f"发布为第{published.number}版", "")


def drop_draft(*, draft_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> Saved:
    """作废: another draft of the item may be begun. Raises ReasonNeeded, DraftState, NotAuthorised."""
    with on_draft(draft_id, "catalogue.edit", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = draft_row(draft_id, by, "catalogue.edit")
        allowed(draft, "作废")
        if not reason.strip():
            raise ReasonNeeded(field="reason")
        draft.state = State.WITHDRAWN
        return kept(cmd, draft, "作废", reason)


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
        draft.remarks = [*draft.remarks, remark(PUBLISHER, at, "到期没有发布", why)]
        draft.save(update_fields=["publish_on", "remarks"])
