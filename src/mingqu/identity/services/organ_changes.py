"""
Departments that are renamed, come under another, or end (机构改革): the 系统管理员 asks, the 安全管理员 agrees, and it
holds from its day on. Nothing that was made before changes: papers, seals and certificates keep the name of their day.
"""

from datetime import date
from uuid import UUID, uuid5

from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr

from mingqu.identity import rules
from mingqu.identity.errors import DayPassed, NameMissing, UnknownDepartment, UnknownPost
from mingqu.identity.events import DepartmentChanged
from mingqu.identity.models import Department, DepartmentChange
from mingqu.identity.organ_errors import (
    BasisMissing,
    DepartmentBelowItself,
    DepartmentChangeGone,
    DepartmentChangeOpen,
    DepartmentClosed,
    DepartmentNameTaken,
    DepartmentNotSettled,
    DepartmentOfAnotherRegion,
    DepartmentOutsideRegion,
    DepartmentUnchanged,
    PostsWithoutSuccessor,
)
from mingqu.identity.organ_types import Change
from mingqu.identity.services import access, settling
from mingqu.identity.services.organ_carrying import carry_posts, refuse_own_carrying
from mingqu.identity.types import Place
from mingqu.kernel.commands import Command, command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.second_person import SecondPersonNeeded
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.text import zh_day

CHANGE, AGREE, DROP = (
    "identity.change_department",
    "identity.agree_department_change",
    "identity.drop_department_change",
)
CARRY_OUT = "identity.carry_out_department_change"
DAILY = Actor.system("department_changes")
Kind, State = DepartmentChange.Kind, DepartmentChange.State


def ask(*, department_id: UUID, change: Change, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    Ask for a change; nothing is changed before a second person agrees. Returns its id (which is `key`).

    Raises NotAuthorised (of the department, and of the one it is to come under or to be taken over by),
    UnknownDepartment, DepartmentClosed, DepartmentChangeOpen, BasisMissing, DayPassed, NameMissing,
    DepartmentNameTaken, DepartmentUnchanged, DepartmentBelowItself, DepartmentOutsideRegion, DepartmentOfAnotherRegion,
    PostsWithoutSuccessor, OwnPostCarried.
    """
    with command(CHANGE, department_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        department = _locked(department_id)
        access.require(by, CHANGE, Place(department.pk, department.region_code))
        row = DepartmentChange(
            id=key,
            department=department,
            kind=change.kind,
            from_on=change.from_on,
            basis=" ".join(change.basis.split()),
            name_before=department.name,
            name_after=" ".join(change.name.split()) if change.kind == Kind.RENAMED else "",
            parent_before_id=department.parent_id,
            parent_after_id=change.other if change.kind == Kind.MOVED else None,
            successor_id=change.other if change.kind == Kind.CLOSED else None,
            carries_posts=change.carries_posts and change.kind == Kind.CLOSED,
            asked_at=at,
            asked_by=by.id,
        )
        if not row.basis:
            raise BasisMissing(field="basis")
        if change.from_on < legal_day(at):
            raise DayPassed(field="from_on", today=zh_day(legal_day(at)))
        if DepartmentChange.objects.filter(department=department, state__in=DepartmentChange.OPEN).exists():
            raise DepartmentChangeOpen()
        other = _check(row, department)
        if other is not None:
            access.require(by, CHANGE, Place(other.pk, other.region_code))
        if row.carries_posts:
            refuse_own_carrying(department.pk, by, at)
        row.save(force_insert=True)
        _note(cmd, row, department)
        cmd.done(None)
    return key


def agree(*, change_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    A second person agrees; it is carried out at once when its day has come, otherwise on the morning of that day. A
    day that went by before she agreed is not gone back to: it is in force from today.

    Raises NotAuthorised (where posts go along, also of who takes them over: what they may do, they may do there),
    SecondPersonNeeded, OwnPostCarried, DepartmentChangeGone, and what stands in the way of carrying it out
    (DepartmentNotSettled and what `ask` says of the department as it is now).
    """
    with command(AGREE, _department_of(change_id), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row, department = _open(change_id, State.ASKED)
        access.require(by, AGREE, Place(department.pk, department.region_code))
        if row.asked_by == by.id:
            raise SecondPersonNeeded()
        if row.carries_posts and row.successor is not None:
            access.require(by, AGREE, Place(row.successor.pk, row.successor.region_code))
            refuse_own_carrying(department.pk, by, at)
        row.state, row.answered_at, row.answered_by = State.AGREED, at, by.id
        _note(cmd, row, department)
        if row.from_on <= legal_day(at):
            _carry_out(cmd, row, department, at)
        row.save()
        cmd.done(None)


def drop(*, change_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    Nothing comes of it, also of one that was agreed to and waits for its day: called off by who may ask, refused by who
    may agree. Raises NotAuthorised, DepartmentChangeGone.
    """
    with command(DROP, _department_of(change_id), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row, department = _open(change_id, *DepartmentChange.OPEN)
        place = Place(department.pk, department.region_code)
        if not access.allows(by, AGREE, place):
            access.require(by, CHANGE, place)
        row.state, row.dropped_at, row.dropped_by = State.DROPPED, at, by.id
        row.save()
        _note(cmd, row, department)
        cmd.done(None)


def carry_out_due(at: Instant) -> str:
    """
    Changes whose day has come. One that something stands in the way of stays as it is, and its page says what; the
    others go on.
    """
    due = DepartmentChange.objects.filter(state=State.AGREED, from_on__lte=legal_day(at))
    done, barred = 0, 0
    for change_id in list(due.order_by("from_on", "id").values_list("pk", flat=True)):
        try:
            done += _carried_out(change_id, at)
        except DomainError:  # said on its page, by the same rules
            barred += 1
    return "，".join(
        words
        for many, words in ((done, f"生效{done}件"), (barred, f"{barred}件还有没处理完的，没有生效"))
        if many
    )


def hindrance(row: DepartmentChange, at: Instant) -> str:
    """Why it could not be carried out now, in words; "" if it could. Changes nothing."""
    try:
        _check(row, row.department)
        _settled(row, at)
    except DomainError as refused:
        return refused.message
    return ""


def _carried_out(change_id: UUID, at: Instant) -> int:
    key = uuid5(change_id, "carried out")
    with command(CARRY_OUT, _department_of(change_id), by=DAILY, at=at, key=key) as cmd:
        if cmd.repeated:
            return 0
        row, department = _open(change_id, State.AGREED)
        access.require(DAILY, CARRY_OUT, Place(department.pk, department.region_code))
        _note(cmd, row, department)
        _carry_out(cmd, row, department, at)
        row.save()
        cmd.done(None)
    return 1


def _carry_out(cmd: Command, row: DepartmentChange, department: Department, at: Instant) -> None:
    _check(row, department)
    _settled(row, at)
    _not_before(row, legal_day(at))
    cmd.note(in_force_on=row.from_on)
    row.name_before, row.parent_before_id = department.name, department.parent_id
    if row.kind == Kind.RENAMED:
        department.name = row.name_after
        department.save(update_fields=["name"])
    elif row.kind == Kind.MOVED:
        _move(department, row.parent_after_id)
    else:
        if row.carries_posts:
            cmd.note(carried_posts=carry_posts(row, department, at))
        department.closed_on, department.successor_id = row.from_on, row.successor_id
        department.save(update_fields=["closed_on", "successor"])
    row.state, row.done_at = State.DONE, at
    cmd.publish(DepartmentChanged(department.pk, row.kind))


def _not_before(row: DepartmentChange, today: date) -> None:
    """What was done between the day asked for and today was done under the old name: nothing is backdated."""
    if row.from_on < today:
        row.asked_on, row.from_on = row.from_on, today


def _move(department: Department, parent_id: UUID | None) -> None:
    """The whole subtree goes along: every path below begins with the new one."""
    above = Department.objects.get(pk=parent_id).path if parent_id else ""
    before, path = department.path, f"{above}{department.code}/"
    below = Department.objects.filter(path__startswith=before)
    list(below.select_for_update().order_by("path").values_list("pk"))
    department.parent_id = parent_id
    department.save(update_fields=["parent"])
    below.update(path=Concat(Value(path), Substr("path", len(before) + 1)))


def _check(row: DepartmentChange, department: Department) -> Department | None:
    """That the change is one, by the department as it is; the other department it speaks of."""
    if department.closed_on is not None:
        raise DepartmentClosed(name=department.name)
    if row.kind == Kind.RENAMED:
        _check_name(row.name_after, department)
        return None
    other_id, field = (
        (row.parent_after_id, "parent") if row.kind == Kind.MOVED else (row.successor_id, "successor")
    )
    if row.kind == Kind.MOVED and other_id == department.parent_id:
        raise DepartmentUnchanged(field=field)
    if other_id is None:
        if row.carries_posts:
            raise PostsWithoutSuccessor(field=field)
        return None
    other = Department.objects.filter(pk=other_id).first()
    if other is None:
        raise UnknownDepartment(field=field)
    if other.path.startswith(department.path):
        raise DepartmentBelowItself(field=field)
    if other.closed_on is not None:
        raise DepartmentClosed(name=other.name, field=field)
    if row.kind == Kind.MOVED and not rules.region_holds(other.region_code, department.region_code):
        raise DepartmentOutsideRegion(name=other.name, field=field)
    if row.kind == Kind.CLOSED and not rules.may_succeed(department.region_code, other.region_code):
        raise DepartmentOfAnotherRegion(name=other.name, field=field)
    return other


def _check_name(name: str, department: Department) -> None:
    if not name or "/" in name:
        raise NameMissing(field="name")
    if name == department.name:
        raise DepartmentUnchanged(field="name")
    same = Department.objects.filter(name=name, region_code=department.region_code, closed_on=None)
    if same.exclude(pk=department.pk).exists():
        raise DepartmentNameTaken(field="name")


def _settled(row: DepartmentChange, at: Instant) -> None:
    if row.kind != Kind.CLOSED:
        return
    left = settling.unsettled(row.department_id, legal_day(at))
    if bars := [one for one in left if one.bars and not (row.carries_posts and one.goes_along)]:
        raise DepartmentNotSettled(many=len(bars), first=f"{bars[0].words}（{bars[0].number}）")


def _department_of(change_id: UUID) -> UUID:
    found = DepartmentChange.objects.filter(pk=change_id).values_list("department_id", flat=True).first()
    if found is None:
        raise DepartmentChangeGone()
    return found


def _locked(department_id: UUID) -> Department:
    """Held to the end of the command, so that nobody is appointed to what is just being closed."""
    row = Department.objects.select_for_update().filter(pk=department_id).first()
    if row is None:
        raise UnknownDepartment(field="department")
    return row


def _open(change_id: UUID, *states: str) -> tuple[DepartmentChange, Department]:
    """
    With the department and the one it comes under or is taken over by, both held in one order for everybody: two that
    take over from each other, or one that ends while another comes under it, are one after the other.
    """
    said = DepartmentChange.objects.filter(pk=change_id)
    both = said.values_list("department_id", "successor_id", "parent_after_id").first()
    if both is None:
        raise DepartmentChangeGone()
    held = {one: _locked(one) for one in sorted(filter(None, both))}
    row = DepartmentChange.objects.select_for_update().filter(Q(pk=change_id, state__in=states)).first()
    if row is None:
        raise DepartmentChangeGone()
    return row, held[row.department_id]


def _note(cmd: Command, row: DepartmentChange, department: Department) -> None:
    cmd.note(code=department.code, change=row.kind, from_on=row.from_on, basis=row.basis)
    if row.kind == Kind.RENAMED:
        cmd.note(name=row.name_after, name_before=department.name)
    elif row.kind == Kind.MOVED:
        cmd.note(parent=_code(row.parent_after), parent_before=_code(department.parent))
    else:
        cmd.note(successor=_code(row.successor))


def _code(department: Department | None) -> str:
    return department.code if department else ""


def require_open(department_id: UUID) -> None:
    """Within a command that gives a department something new. Raises UnknownDepartment, DepartmentClosed."""
    rows = Department.objects.select_for_update(no_key=True).filter(pk=department_id)
    row = rows.only("name", "closed_on").first()
    if row is None:
        raise UnknownDepartment(field="department")
    refuse_closed(row)


def open_department_of(post_code: str) -> Department:
    """The same of the department of a post. Raises UnknownPost, DepartmentClosed."""
    rows = Department.objects.select_for_update(no_key=True, of=("self",)).filter(posts__code=post_code)
    row = rows.first()
    if row is None:
        raise UnknownPost()
    refuse_closed(row)
    return row


def refuse_closed(row: Department) -> None:
    """Of one that is held. Raises DepartmentClosed."""
    if row.closed_on is not None:
        raise DepartmentClosed(name=row.name)
