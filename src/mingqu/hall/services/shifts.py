"""
换班交接: what is in hand at a post goes from one person to another, both named.

A hand-over between two people of one post moves nothing: drawer, cases and steps are the post's. To another post of the
same department the originals in the drawer and the results at the counter go along when they are taken; who holds what
else was taken is read from the lines (`selectors.handed_on`). Lock order: shift, then papers by case and serial, as for
slips, then results by case.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from mingqu.hall import rules, selectors
from mingqu.hall.models import KeptPaper, Result, Shift, ShiftLine
from mingqu.hall.shift_errors import (
    ShiftAnswered,
    ShiftGivenAlready,
    ShiftNothingInHand,
    ShiftReasonMissing,
    ShiftTakerWrong,
    ShiftUnknown,
)
from mingqu.hall.shift_types import SHIFT_KINDS, InHand, ShiftTo
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import ActingPost
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.types import Actor, Instant

State = Shift.State
MOST_NOTE = 200


def give_shift(*, lines: Sequence[InHand], to: ShiftTo, by: Actor, at: Instant, key: UUID) -> str:
    """
    换班交接: what is in hand is made out to a colleague of the department who holds a post today; the number of the
    slip. One that was not taken before is over with this one.

    Raises ShiftNothingInHand, ShiftTakerWrong, ShiftGivenAlready or NotAuthorised.
    """
    shift_id = selectors.shift_id(key)
    with command("shift.give", shift_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(str)
        access.require_may(by, "shift.give")
        post = identity.acting_post(by)
        if not lines or post is None:
            raise ShiftNothingInHand()
        if (to.post_id, to.person_id) not in _takers(post, by, at):
            raise ShiftTakerWrong(field="to")
        own = identity.department(post.department_id)
        day = legal_day(at)
        serial = next_number("shift", own.region_code[:6], f"{day:%Y%m%d}")
        declined = Shift.objects.filter(giver_id=by.id, giver_post_id=post.id, state=State.DECLINED)
        declined.update(state=State.CALLED_BACK)
        row = Shift(
            id=shift_id,
            number=rules.number_of_shift(own.region_code, day, serial),
            department_id=own.id,
            region_code=own.region_code,
            giver_id=by.id,
            giver_post_id=post.id,
            taker_id=to.person_id,
            taker_post_id=to.post_id,
            remark=to.remark.strip(),
            given_at=at,
        )
        _made_once(row)
        ShiftLine.objects.bulk_create(_line(row, place, one) for place, one in enumerate(lines, start=1))
        cmd.note(number=row.number, person=str(to.person_id), to_post=str(to.post_id), rows=len(lines))
        return cmd.done(row.number)


def take_shift(*, shift_id: UUID, by: Actor, at: Instant, key: UUID) -> int:
    """
    接班: the colleague has gone through it and has it; how many originals came along from another post's drawer.

    Raises ShiftUnknown (also for who gave it), ShiftAnswered or NotAuthorised.
    """
    with command("shift.take", shift_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(int)
        row = _to_answer(shift_id, by)
        elsewhere = row.taker_post_id != row.giver_post_id
        moved = _move_papers(row, at) if elsewhere else 0
        results = _move_results(row) if elsewhere else 0
        row.state, row.answered_at = State.TAKEN, at
        row.save(update_fields=["state", "answered_at"])
        cmd.note(number=row.number, person=str(row.giver_id), papers=moved, results=results)
        return cmd.done(moved)


def decline_shift(*, shift_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    不接: something is not there; the giver reads what. Everything stays where it is.

    Raises ShiftReasonMissing, ShiftUnknown, ShiftAnswered or NotAuthorised.
    """
    with command("shift.decline", shift_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = _to_answer(shift_id, by)
        if not reason.strip():
            raise ShiftReasonMissing(field="reason")
        row.state, row.answered_at, row.answer = State.DECLINED, at, reason.strip()
        row.save(update_fields=["state", "answered_at", "answer"])
        cmd.note(number=row.number, person=str(row.giver_id))
        cmd.done(None)


def call_back_shift(*, shift_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """撤回 by who gave it, before it is taken. Raises ShiftUnknown, ShiftAnswered or NotAuthorised."""
    with command("shift.call_back", shift_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "shift.give")
        row = selectors.shift_for_update(shift_id, by)
        if row.giver_id != by.id:
            raise ShiftUnknown()
        if row.state not in (State.GIVEN, State.DECLINED):
            raise ShiftAnswered()
        row.state, row.answered_at = State.CALLED_BACK, row.answered_at or at
        row.save(update_fields=["state", "answered_at"])
        cmd.note(number=row.number)
        cmd.done(None)


def _takers(post: ActingPost, by: Actor, at: Instant) -> set[tuple[UUID, UUID]]:
    found = identity.colleagues(post.department_id, "shift.take", legal_day(at))
    return {(one.post_id, one.person_id) for one in found if one.person_id != by.id}


def _made_once(row: Shift) -> None:
    """Raises ShiftGivenAlready: one waits already, made a moment ago perhaps."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise ShiftGivenAlready() from taken


def _to_answer(shift_id: UUID, by: Actor) -> Shift:
    access.require_may(by, "shift.take")
    row = selectors.shift_for_update(shift_id, by)
    if row.taker_id != by.id:
        raise ShiftUnknown()
    if row.state != State.GIVEN:
        raise ShiftAnswered()
    return row


def _move_papers(row: Shift, at: Instant) -> int:
    """Those that are still in the giving post's drawer; what left it since has its own slip or signature."""
    named: dict[UUID, set[UUID]] = {}
    for line in selectors.lines_of_shift(row.pk):
        if line.case_id and line.paper_id:
            named.setdefault(line.case_id, set()).add(line.paper_id)
    moved = 0
    for case_id in sorted(named):
        rows = KeptPaper.objects.select_for_update().filter(root_id=case_id, id__in=named[case_id])
        for one in rows.order_by("serial"):
            if one.state != KeptPaper.State.KEPT or one.post_id != row.giver_post_id:
                continue
            one.state = rules.paper_after(one.state, "shift")
            one.post_id, one.kept_at = row.taker_post_id, at
            one.save(update_fields=["state", "post_id", "kept_at"])
            moved += 1
    return moved


def _move_results(row: Shift) -> int:
    """Those that still lie at the giving post's counter: at the taking one's from now on."""
    lines = ShiftLine.objects.filter(shift_id=row.pk, kind="result", case_id__isnull=False)
    moved = 0
    for case_id in sorted(line.case_id for line in lines if line.case_id):
        found = Result.objects.select_for_update().filter(pk=case_id, state=Result.State.LYING).first()
        if found is not None and found.post_id == row.giver_post_id:
            found.post_id = row.taker_post_id
            found.save(update_fields=["post_id"])
            moved += 1
    return moved


def _line(shift: Shift, place: int, one: InHand) -> ShiftLine:
    assert one.kind in SHIFT_KINDS
    return ShiftLine(
        shift=shift,
        position=place,
        kind=one.kind,
        number=one.number,
        what=one.what,
        note=one.note[:MOST_NOTE],
        day=one.day,
        count=one.count,
        amount=one.amount,
        case_id=one.case_id,
        paper_id=one.paper_id,
    )
