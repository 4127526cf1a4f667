"""
流程迁移: planned, looked at case by case, approved by a second person, done by a job, taken back.

The job goes case by case, each a command on its own root, so that one that can't stops no other; killed, it begins
again where it was: what is done is done once (`key` of the row).
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID, uuid5

from procrastinate.contrib.django import app as jobs

from mingqu.cases import selectors as cases
from mingqu.cases import services as case_services
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.process import selectors as process
from mingqu.redesign.errors import (
    MoveAtWork,
    MoveNotWaiting,
    MoveReasonMissing,
    MoveStepsWrong,
    NothingToMove,
    OwnMove,
)
from mingqu.redesign.models import FlowMove, FlowMoveCase
from mingqu.redesign.selectors import moves
from mingqu.redesign.services.asking import QUEUE, one_after_the_other

MOVE = "redesign.move_flows"
MOVER = Actor.system("flow-mover")
State, Row = FlowMove.State, FlowMoveCase.State
PATIENCE = timedelta(minutes=3)
PORTION = 25
"""Cases between two signs of life."""
LONGEST = NOTE = 300
BROKE = "系统出错，没有改动这一件。请运维人员查看日志。"
log = logging.getLogger(__name__)


def plan_move(
    *, source: moves.Source, steps: Mapping[str, str], reason: str, by: Actor, at: Instant, key: CommandKey
) -> UUID:
    """
    Plan to bring the cases on `source` to the revision in force; a job looks at each.

    Raises NotAuthorised, NothingToMove, MoveReasonMissing, MoveStepsWrong, MoveAtWork.
    """
    item = revisions.item(source.item_code)
    access.require(by, "redesign.plan_move", item)
    if item.current_id is None or source.revision_id == item.current_id:
        raise NothingToMove()
    offered = moves.offered(source, item.current_id)
    if not reason.strip():
        raise MoveReasonMissing(field="reason")
    wrong = process.wrong_steps(
        catalogue.plan_digest(source.revision_id, source.handling),
        catalogue.plan_digest(item.current_id, source.handling),
        steps,
    )
    if wrong:
        raise MoveStepsWrong(field=f"step__{wrong[0].element}", what=wrong[0].sentence)
    move_id = uuid5(by.id, f"flow-move:{key}")
    with command("redesign.plan_move", move_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return move_id
        one_after_the_other(f"flow-move:{item.code}:{source.handling}")
        unsettled = FlowMove.objects.filter(item_code=item.code, handling_code=source.handling)
        if unsettled.filter(state__in=FlowMove.UNSETTLED).exists():
            raise MoveAtWork()
        FlowMove(
            id=move_id,
            item_code=item.code,
            item_name=item.name,
            handling_code=source.handling,
            handling_name=offered.handling_name,
            department_id=item.department_id,
            region_code=item.region_code,
            item_type=item.item_type,
            from_revision=source.revision_id,
            from_number=offered.from_number,
            to_revision=item.current_id,
            to_number=offered.to_number,
            steps=dict(steps),
            reason=reason.strip()[:LONGEST],
            asked_by=by.id,
            asked_post=by.post_id,
            asked_at=at,
            moved_at=at,
        ).save(force_insert=True)
        cmd.note(item=item.code)
        cmd.defer(MOVE, queue=QUEUE, move_id=move_id)
        cmd.done(None)
    return move_id


def approve_move(*, move_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """A second person lets it be done. Raises MoveUnknown, OwnMove, MoveNotWaiting."""
    with command("redesign.approve_move", move_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = _decided(by, move_id, at)
        row.state, row.done = State.MOVING, 0
        row.total = FlowMoveCase.objects.filter(root_id=move_id, state=Row.MAY).count()
        row.save()
        cmd.defer(MOVE, queue=QUEUE, move_id=move_id)
        cmd.done(None)


def decline_move(*, move_id: UUID, reason: str, by: Actor, at: Instant, key: CommandKey) -> None:
    """退回, with the reason; whoever planned it may take it back so too. Raises MoveUnknown, MoveNotWaiting."""
    with command("redesign.decline_move", move_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = moves.held(by, move_id, "redesign.see")
        own = row.asked_by == by.id and access.allows(by, "redesign.plan_move", row)
        if not own:
            access.require(by, "redesign.approve_move", row)
        if row.state != State.CHECKED:
            raise MoveNotWaiting()
        if not reason.strip():
            raise MoveReasonMissing(field="reason")
        row.state, row.answer = State.DECLINED, reason.strip()[:LONGEST]
        row.decided_by, row.decided_at, row.ended_at = by.id, at, at
        row.save()
        cmd.note_digest(reason=row.answer)
        cmd.done(None)


def undo_move(*, move_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """What has not been gone on with since goes by its old steps again. Raises MoveUnknown, MoveNotWaiting …"""
    with command("redesign.undo_move", move_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = moves.held(by, move_id, "redesign.undo_move")
        if row.state != State.DONE:
            raise MoveNotWaiting()
        one_after_the_other(f"flow-move:{row.item_code}:{row.handling_code}")
        others = FlowMove.objects.filter(item_code=row.item_code, handling_code=row.handling_code)
        if others.filter(state__in=FlowMove.UNSETTLED).exists():
            raise MoveAtWork()
        row.state, row.done, row.moved_at = State.UNDOING, 0, at
        row.total = FlowMoveCase.objects.filter(root_id=move_id, state=Row.MOVED).count()
        row.save()
        cmd.defer(MOVE, queue=QUEUE, move_id=move_id)
        cmd.done(None)


def _decided(by: Actor, move_id: UUID, at: Instant) -> FlowMove:
    row = moves.held(by, move_id, "redesign.approve_move")
    if row.state != State.CHECKED:
        raise MoveNotWaiting()
    if by.doer_id == row.asked_by:
        raise OwnMove()
    row.decided_by, row.decided_at, row.moved_at = by.id, at, at
    return row


def go_on_with(move_id: UUID, now: Callable[[], Instant]) -> None:
    """The job, in whatever state it finds the move."""
    row = FlowMove.objects.filter(pk=move_id).first()
    if row is None:
        return
    if row.state == State.CHECKING:
        _check(row, now)
    elif row.state == State.MOVING:
        _each(row, Row.MAY, _move, now, State.DONE)
    elif row.state == State.UNDOING:
        _each(row, Row.MOVED, _back, now, State.UNDONE)


def _check(row: FlowMove, now: Callable[[], Instant]) -> None:
    """Every case that goes by the old steps, and what would become of it."""
    found = cases.running_on(row.department_id, row.item_code, row.handling_code, row.from_revision)
    known = set(FlowMoveCase.objects.filter(root_id=row.pk).values_list("case_id", flat=True))
    for place, (case_id, number) in enumerate(found):
        if case_id in known:
            continue
        if place % PORTION == 0:
            _alive(row, place, len(found), now())
        one = FlowMoveCase(root_id=row.pk, id=uuid5(row.pk, str(case_id)), case_id=case_id, number=number)
        _looked_at(row, one, now())
        FlowMoveCase.objects.bulk_create([one], ignore_conflicts=True)
    _end(row, State.CHECKED, now())


def _looked_at(row: FlowMove, one: FlowMoveCase, at: Instant) -> None:
    try:
        check = cases.flow_check(cases.by_id(one.case_id), row.to_revision, row.steps, at)
    except Exception:  # one case that can't be read stops no other; its row says so
        log.exception("case %s of move %s", one.case_id, row.pk)
        one.state, one.reason = Row.CANT, BROKE
        return
    one.now, one.then, one.notes = list(check.now), list(check.then), [note[:NOTE] for note in check.notes]
    one.state = Row.CANT if check.reasons else Row.MAY
    one.reason = "".join(check.reasons)[:400]


def _each(
    row: FlowMove,
    waiting: str,
    deed: Callable[[FlowMove, FlowMoveCase, Instant], None],
    now: Callable[[], Instant],
    then: FlowMove.State,
) -> None:
    """One case after the other, until none waits."""
    total = row.total
    while portion := list(
        FlowMoveCase.objects.filter(root_id=row.pk, state=waiting).order_by("number")[:PORTION]
    ):
        for one in portion:
            deed(row, one, now())
            one.save(update_fields=["state", "reason", "seq"])
        left = FlowMoveCase.objects.filter(root_id=row.pk, state=waiting).count()
        _alive(row, total - left, total, now())
    _end(row, then, now())


def _move(row: FlowMove, one: FlowMoveCase, at: Instant) -> None:
    try:
        one.seq = case_services.move_flow(
            case_id=one.case_id,
            revision_id=row.to_revision,
            steps=row.steps,
            by=MOVER,
            at=at,
            key=uuid5(one.id, "move"),
        )
        one.state = Row.MOVED
    except DomainError as refused:  # handled meanwhile: its row says why it stayed
        one.state, one.reason = Row.LEFT, refused.message[:400]
    except Exception:  # else the job would begin again with it for ever
        log.exception("case %s of move %s", one.case_id, row.pk)
        one.state, one.reason = Row.LEFT, BROKE


def _back(row: FlowMove, one: FlowMoveCase, at: Instant) -> None:
    assert one.seq is not None
    try:
        case_services.move_flow_back(
            case_id=one.case_id, seq=one.seq, by=MOVER, at=at, key=uuid5(one.id, "back")
        )
        one.state = Row.BACK
    except DomainError as refused:
        one.state, one.reason = Row.STAYED, refused.message[:400]
    except Exception:
        log.exception("case %s of move %s", one.case_id, row.pk)
        one.state, one.reason = Row.STAYED, BROKE


def _alive(row: FlowMove, done: int, total: int, at: Instant) -> None:
    FlowMove.objects.filter(pk=row.pk).update(done=done, total=total, moved_at=at)


def _end(row: FlowMove, state: FlowMove.State, at: Instant) -> None:
    access.require_may(MOVER, "redesign.answer")
    key = CommandKey(uuid5(row.pk, f"{state.value}:{at.isoformat()}"))
    with command("redesign.move_flows", row.pk, by=MOVER, at=at, key=key) as cmd:
        held = FlowMove.objects.select_for_update().get(pk=row.pk)
        if cmd.repeated or held.state != row.state:
            return
        _note(cmd, held)
        held.state, held.moved_at = state, at
        held.ended_at = None if state == State.CHECKED else at
        held.done = held.total = FlowMoveCase.objects.filter(root_id=row.pk).count()
        held.save()
        cmd.done(None)


def _note(cmd: Command, row: FlowMove) -> None:
    cmd.note(item=row.item_code, deed=row.get_state_display())


def sweep_moves(at: Instant) -> None:
    """Jobs of killed workers: what has not moved for a while gets a new one."""
    stuck = FlowMove.objects.filter(state__in=FlowMove.AT_WORK, moved_at__lt=at - PATIENCE)
    for pk in list(stuck.values_list("pk", flat=True)[:50]):
        FlowMove.objects.filter(pk=pk).update(moved_at=at)
        jobs.configure_task(MOVE, queue=QUEUE).defer(move_id=str(pk))
