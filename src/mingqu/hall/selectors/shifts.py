"""换班交接: what was handed over to whom."""

from collections.abc import Iterable
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Q, QuerySet, Sum

from mingqu.hall.models import Shift, ShiftLine
from mingqu.hall.shift_errors import ShiftUnknown
from mingqu.hall.shift_types import HELD_ON, SHIFT_KINDS, GivenOn, HandedOn, ShiftView
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

LISTED = 20
MOST_COUNTED = 99


def shift_id(key: UUID) -> UUID:
    """Of the hand-over that a press makes: the same press makes one."""
    return uuid5(NAMESPACE_URL, f"mingqu:hall:shift:{key}")


def shifts_of(actor: Actor, limit: int = LISTED) -> list[ShiftView]:
    """Given or taken by this person, the latest first; three statements."""
    rows = Shift.objects.filter(Q(giver_id=actor.id) | Q(taker_id=actor.id)).order_by("-id")
    return _views(rows[:limit], actor)


def shifts_waiting(actor: Actor) -> tuple[int, int]:
    """(hand-overs this person is to answer, own ones that were not taken); one statement, for the first page."""
    rows = Shift.objects.filter(Q(taker_id=actor.id, state="given") | Q(giver_id=actor.id, state="declined"))
    states = list(rows.values_list("state", flat=True)[: 2 * MOST_COUNTED])
    return states.count("given"), states.count("declined")


def shift_of_number(actor: Actor, number: str) -> ShiftView:
    """For the two it is between. Raises ShiftUnknown for anybody else."""
    rows = Shift.objects.filter(Q(giver_id=actor.id) | Q(taker_id=actor.id), number=number.upper())
    found = _views(rows, actor)
    if not found:
        raise ShiftUnknown()
    return found[0]


def shift_for_update(shift: UUID, actor: Actor) -> Shift:
    """Locked by its shard key. Raises ShiftUnknown, also for one between two others."""
    found = Shift.objects.select_for_update().filter(pk=shift).first()
    if found is None or actor.id not in (found.giver_id, found.taker_id):
        raise ShiftUnknown()
    return found


def lines_of_shift(shift: UUID) -> list[ShiftLine]:
    """As they were in hand then; the caller has found the hand-over by one of the selectors here."""
    return list(ShiftLine.objects.filter(shift_id=shift).order_by("position"))


def handed_on(post_id: UUID, since: Instant) -> list[HandedOn]:
    """
    What went from this post to another one by hand-overs that were taken, or came to it so, of the kinds another post
    can go on with, the earliest first. The caller asks for its own post. Three statements.
    """
    rows = _taken_between(post_id, since).order_by("answered_at", "id")
    shifts = {row.pk: row for row in rows}
    posts = identity.post_names(
        post for row in shifts.values() for post in (row.giver_post_id, row.taker_post_id)
    )
    lines = ShiftLine.objects.filter(shift_id__in=shifts, kind__in=HELD_ON)
    found = []
    for line in sorted(lines, key=lambda one: (_answered(shifts[one.shift_id]), one.position)):
        row = shifts[line.shift_id]
        away = row.giver_post_id == post_id
        other = posts.get(row.taker_post_id if away else row.giver_post_id, "")
        day = legal_day(_answered(row))
        found.append(HandedOn(line.kind, line.what, line.number, line.count, line.amount, away, other, day))
    return found


def given_on(post_id: UUID, since: Instant) -> list[GivenOn]:
    """Hand-overs of this post that another post took, the latest first; four statements."""
    rows = list(
        _taken_between(post_id, since).filter(giver_post_id=post_id).order_by("-answered_at")[:LISTED]
    )
    counts = ShiftLine.objects.filter(shift_id__in=[row.pk for row in rows]).values_list("shift_id", "kind")
    many: dict[UUID, dict[str, int]] = {}
    for shift, kind, total in counts.annotate(many=Sum("count")):
        many.setdefault(shift, {})[kind] = total
    names = identity.names_of(row.taker_id for row in rows)
    posts = identity.post_names(row.taker_post_id for row in rows)
    return [
        GivenOn(
            row.number,
            names.get(row.taker_id, ""),
            posts.get(row.taker_post_id, ""),
            _answered(row),
            tuple(
                (title, many[row.pk][kind])
                for kind, title in SHIFT_KINDS.items()
                if kind in many.get(row.pk, {})
            ),
        )
        for row in rows
    ]


def _taken_between(post_id: UUID, since: Instant) -> QuerySet[Shift]:
    """Taken by another post than gave it, this one on one side."""
    rows = Shift.objects.filter(state=Shift.State.TAKEN, answered_at__gte=since)
    return rows.filter(Q(giver_post_id=post_id) ^ Q(taker_post_id=post_id))


def _answered(row: Shift) -> datetime:
    assert row.answered_at is not None  # as its state says
    return row.answered_at


def _views(rows: Iterable[Shift], actor: Actor) -> list[ShiftView]:
    found = list(rows)
    names = identity.names_of({one for row in found for one in (row.giver_id, row.taker_id)})
    posts = identity.post_names({one for row in found for one in (row.giver_post_id, row.taker_post_id)})
    return [
        ShiftView(
            id=row.pk,
            number=row.number,
            state=row.state,
            state_words=str(Shift.State(row.state).label),
            giver=names.get(row.giver_id, ""),
            giver_post=posts.get(row.giver_post_id, ""),
            taker=names.get(row.taker_id, ""),
            taker_post=posts.get(row.taker_post_id, ""),
            given_at=row.given_at,
            answered_at=row.answered_at,
            mine=row.giver_id == actor.id,
            to_take=row.taker_id == actor.id and row.state == Shift.State.GIVEN,
            remark=row.remark or "",
            answer=row.answer or "",
        )
        for row in found
    ]
