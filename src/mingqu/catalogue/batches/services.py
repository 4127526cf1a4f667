"""
A change of many: begun on chosen items, made into drafts by a job, approved and published by a second person, or taken
back. Each item goes the catalogue's one way (`save_draft`, `submit_draft`, `approve_draft`, `publish_draft`), so that
all its rules hold; what one refuses stands in its row and stops no other.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from mingqu.catalogue.batches.errors import (
    BatchBeforeNeeded,
    BatchEmpty,
    BatchFieldUnknown,
    BatchSamePerson,
    BatchState,
    BatchTooLarge,
    BatchUnknown,
)
from mingqu.catalogue.batches.models import BatchChange, BatchChangeRow
from mingqu.catalogue.batches.rules import FIELDS, LONGEST, NAMED, Change, changed
from mingqu.catalogue.batches.selectors import MOST
from mingqu.catalogue.models import ServiceItem
from mingqu.catalogue.services import drafts
from mingqu.catalogue.upgrades import upgraded
from mingqu.identity.services import access
from mingqu.kernel import asides
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.types import Actor, Instant
from mingqu.process.errors import PlanRefused

WORK, QUEUE = "catalogue.change_many", "catalogue"
PORTION = 10
LOST_AFTER = timedelta(minutes=3)
NOTHING = "没有要改的：它已经不是原来的内容。"
WHY_DROPPED = "批量修改没有通过检查"
State, RowState = BatchChange.State, BatchChangeRow.State


def begin(*, change: Change, codes: Sequence[str], by: Actor, at: Instant, key: UUID) -> UUID:
    """
    Change these items: a job makes and hands in a draft of each. Raises BatchFieldUnknown, BatchBeforeNeeded,
    BatchEmpty, BatchTooLarge, NotAuthorised.
    """
    _sensible(change)
    with command("catalogue.edit_many", uuid5(key, "begin"), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return UUID(str(cmd.first_result(str)))
        access.require_may(by, "catalogue.edit")
        reach = access.scope(by, "catalogue.edit").q()
        items = list(
            ServiceItem.objects.filter(reach, code__in=set(codes), withdrawn_at=None).exclude(current=None)
        )
        if not items:
            raise BatchEmpty()
        if len(items) > MOST:
            raise BatchTooLarge(most=MOST, count=len(items))
        made = BatchChange.objects.create(
            field=change.field,
            before=change.before,
            after=change.after,
            maker_id=by.id,
            maker_post_id=by.post_id,
            total=len(items),
            begun_at=at,
            queued_at=at,
        )
        BatchChangeRow.objects.bulk_create([BatchChangeRow(change=made, item=item) for item in items])
        cmd.note(change=made.pk, field=change.field, items=len(items))
        defer(made.pk)
        cmd.done(str(made.pk))
        return made.pk


def _sensible(change: Change) -> None:
    if change.field not in FIELDS or not change.after.strip() or len(change.after) > LONGEST:
        raise BatchFieldUnknown(field="after")
    if change.field in NAMED and not change.before.strip():
        raise BatchBeforeNeeded(field="before", what=FIELDS[change.field][0])


def approve(*, change_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    审核发布 of all that became drafts, by a second person. Raises BatchUnknown, BatchState, BatchSamePerson,
    NotAuthorised.
    """
    with command("catalogue.publish_many", change_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "catalogue.review")
        access.require_may(by, "catalogue.publish")
        change = _locked(change_id)
        if change.state != State.MADE:
            raise BatchState(state=change.get_state_display())
        if by.id == change.maker_id:
            raise BatchSamePerson()
        change.reviewer_id, change.reviewer_post_id = by.id, by.post_id
        _onward(change, State.PUBLISHING, at)
        cmd.note(change=change.pk)
        cmd.done(None)


def take_back(*, change_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """撤回 by who made it: its drafts are dropped. Raises BatchUnknown, BatchState, NotAuthorised."""
    with command("catalogue.edit_many", change_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "catalogue.edit")
        change = _locked(change_id)
        if change.state != State.MADE or by.id != change.maker_id:
            raise BatchState(state=change.get_state_display())
        _onward(change, State.UNDOING, at)
        cmd.note(change=change.pk, undone=True)
        cmd.done(None)


def _locked(change_id: UUID) -> BatchChange:
    found = BatchChange.objects.select_for_update().filter(pk=change_id).first()
    if found is None:
        raise BatchUnknown()
    return found


def _onward(change: BatchChange, state: str, at: Instant) -> None:
    change.state, change.queued_at = state, at
    change.save()
    defer(change.pk)


# Carrying out ---------------------------------------------------------------------------------------------------


def work(change_id: UUID, at: Instant) -> bool:
    """
    The next portion; False when nothing is left, or what is left has just failed and waits for the sweep. What a lost
    worker did is not done twice: each deed has its key.
    """
    change = BatchChange.objects.filter(pk=change_id).first()
    if change is None or not change.at_work:
        return False
    awaited = RowState.WAITING if change.state == State.MAKING else RowState.DRAFTED
    open_rows = change.rows.filter(state=awaited, said="").select_related("item__current")
    rows = list(open_rows.order_by("tries", "id")[:PORTION])
    went = [_attempt(row, change, at) for row in rows]
    with transaction.atomic():
        change = _locked(change_id)
        change.queued_at = at
        if change.at_work and not change.rows.filter(state=awaited, said="").exists():
            change.state, change.ended_at = _over(change), at
        change.save()
    return change.at_work and (not rows or any(went))


def _over(change: BatchChange) -> str:
    """What comes after; where nothing became a draft there is nothing to approve."""
    if change.state == State.MAKING:
        return State.MADE if change.rows.filter(state=RowState.DRAFTED).exists() else State.DONE
    return State.DONE if change.state == State.PUBLISHING else State.UNDONE


def _attempt(row: BatchChangeRow, change: BatchChange, at: Instant) -> bool:
    """False where it failed as nobody foresaw: it is tried again later, and in the end stands aside."""
    deed: Callable[[BatchChangeRow, BatchChange, Instant], None] = {
        State.MAKING: _make,
        State.PUBLISHING: _publish,
        State.UNDOING: _undo,
    }[State(change.state)]
    try:
        deed(row, change, at)
    except (DomainError, PlanRefused) as refused:
        row.said = _why(refused)
        if change.state == State.MAKING:
            row.state = RowState.REFUSED
    except Exception as error:  # noqa: BLE001 - counted and said; raising would stop the others for ever
        row.tries += 1
        row.said = asides.failed(row.tries, error, "a change of many")
        row.state = RowState.REFUSED if row.said and change.state == State.MAKING else _stands(row)
        row.save(update_fields=["tries", "said", "state"])
        return False
    row.tries = 0
    row.save()
    return True


def _stands(row: BatchChangeRow) -> str:
    """The state the row has, whatever a deed that failed half-way set on it."""
    return BatchChangeRow.objects.values_list("state", flat=True).get(pk=row.pk)


def _make(row: BatchChangeRow, change: BatchChange, at: Instant) -> None:
    """A draft of the item, handed in; one that does not pass the checks is dropped again."""
    assert row.item.current is not None
    by = Actor("staff", change.maker_id, post_id=change.maker_post_id)
    asked = Change(change.field, change.before, change.after)
    document, before = changed(upgraded(row.item.current.document), asked)
    if not before:
        row.state, row.said = RowState.REFUSED, NOTHING
        return
    saved = drafts.save_draft(
        document=document, by=by, at=at, key=uuid5(row.pk, "save"), words=FIELDS[change.field][0]
    )
    try:
        handed = drafts.submit_draft(
            draft_id=saved.draft_id, version=saved.version, by=by, at=at, key=uuid5(row.pk, "submit")
        )
    except (DomainError, PlanRefused):
        drafts.drop_draft(
            draft_id=saved.draft_id, reason=WHY_DROPPED, by=by, at=at, key=uuid5(row.pk, "drop")
        )
        raise
    row.draft_id, row.version, row.state = handed.draft_id, handed.version, RowState.DRAFTED


def _publish(row: BatchChangeRow, change: BatchChange, at: Instant) -> None:
    """Approved and published as it was handed in; one that somebody returned or changed since is left to them."""
    assert change.reviewer_id is not None and row.draft_id is not None
    by = Actor("staff", change.reviewer_id, post_id=change.reviewer_post_id)
    comment = f"批量修改：{FIELDS[change.field][0]}"
    drafts.approve_draft(
        draft_id=row.draft_id,
        version=row.version,
        comment=comment,
        by=by,
        at=at,
        key=uuid5(row.pk, "approve"),
    )
    drafts.publish_draft(draft_id=row.draft_id, by=by, at=at, key=uuid5(row.pk, "publish"))
    row.state = RowState.PUBLISHED


def _undo(row: BatchChangeRow, change: BatchChange, at: Instant) -> None:
    assert row.draft_id is not None
    by = Actor("staff", change.maker_id, post_id=change.maker_post_id)
    drafts.drop_draft(draft_id=row.draft_id, reason="撤回批量修改", by=by, at=at, key=uuid5(row.pk, "undo"))
    row.state = RowState.UNDONE


def _why(refused: Exception) -> str:
    problems = getattr(refused, "problems", None) or [getattr(refused, "message", "") or "流程不能执行"]
    return "；".join(map(str, problems))[:300]


def defer(change_id: UUID) -> None:
    jobs.configure_task(WORK, queue=QUEUE).defer(change_id=str(change_id))


def sweep(at: Instant) -> int:
    """Queue anew the changes whose job was lost with its worker; how many."""
    lost = BatchChange.objects.filter(state__in=BatchChange.AT_WORK, queued_at__lt=at - LOST_AFTER)
    found = 0
    for change_id in lost.values_list("pk", flat=True):
        with transaction.atomic():
            found += lost.filter(pk=change_id).update(queued_at=at)
            defer(change_id)
    return found
