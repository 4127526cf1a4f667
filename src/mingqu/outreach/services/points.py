"""Keeping the points and what is delegated to them (委托事项清单)."""

from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.catalogue import selectors as catalogue
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import Place
from mingqu.kernel import regions
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import Table
from mingqu.kernel.types import Actor, Instant
from mingqu.outreach import rules
from mingqu.outreach.errors import (
    DelegationDates,
    DelegationWrong,
    PointCodeTaken,
    PointRegion,
    PointUnknown,
    PostServesElsewhere,
)
from mingqu.outreach.models import Delegation, Point, PointPost
from mingqu.outreach.types import Done, NewPoint

CODE = "事项编码"
ITEM_COLUMNS = (CODE, "从哪天起", "到哪天止")
Delegated = tuple[str, date, date | None]


def keep_point(
    *, point: NewPoint, department_id: UUID, by: Actor, at: Instant, key: UUID, new: bool = True
) -> Done:
    """
    Set up a point of a department, or change it (`new` false): where it is, when it is open, whose posts serve there.

    Raises PointCodeTaken, PointRegion, PostServesElsewhere, NotAuthorised.
    """
    point_id = uuid5(NAMESPACE_URL, f"mingqu:point:{point.code}")
    with command("point.keep", point_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        access.require(by, "point.keep", Place(department_id, point.region_code, ""))
        row = Point.objects.select_for_update().filter(code=point.code).first()
        if (row is not None) == new:
            raise PointCodeTaken(field="code")
        if regions.current(point.region_code) is None or point.region_code.endswith("000000"):
            raise PointRegion(field="region_code")
        row = row or Point(id=point_id, code=point.code, department_id=department_id)
        row.name, row.region_code, row.address = point.name, point.region_code, point.address
        row.hours, row.telephone = point.hours, point.telephone
        row.closed_on = (row.closed_on or legal_day(at)) if point.closed else None
        row.save()
        _serve(row, point.posts)
        cmd.note(code=row.code, region=row.region_code, changed=not new, ended_on=row.closed_on)
        return cmd.done(Done(row.code, legal_day(at)))


def _serve(point: Point, codes: tuple[str, ...]) -> None:
    """Those posts and no others serve there. Raises PostServesElsewhere."""
    posts = identity.posts_by_code(codes)
    taken = (
        PointPost.objects.filter(post__in=posts.values()).exclude(point=point).select_related("point").first()
    )
    if taken is not None:
        raise PostServesElsewhere(field="posts", point=taken.point.name)
    PointPost.objects.filter(point=point).exclude(post__in=posts.values()).delete()
    for post in posts.values():
        PointPost.objects.get_or_create(post=post, defaults={"point": point})


def delegate(
    *, point_id: UUID, items: list[tuple[str, date, date | None]], by: Actor, at: Instant, key: UUID
) -> int:
    """
    Delegate items from a day to a day; one that is delegated already gets the new days. How many.

    Raises PointUnknown, DelegationWrong (no item that can be applied for where the point is: a delegation lets agents
    file for that organ), DelegationDates; then none is.
    """
    with command("point.delegate", point_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(int)
        point = _held(point_id, by)
        known = catalogue.items(code for code, _from, _until in items)
        for code, from_on, until_on in items:
            if code not in known or not rules.lies_in(point.region_code, known[code].region_code):
                raise DelegationWrong(field="items", item=code)
            if until_on is not None and until_on < from_on:
                raise DelegationDates(field="until_on")
            Delegation.objects.update_or_create(
                point_id=point_id, item_code=code, defaults={"from_on": from_on, "until_on": until_on}
            )
        cmd.note(items=[code for code, _from, _until in items], rows=len(items))
        return cmd.done(len(items))


def read_items(table: Table) -> tuple[list[Delegated], list[tuple[int, str]]]:
    """
    The rows of a table of delegated items (事项编码, 从哪天起, 到哪天止), and what is wrong with each other one: line
    as the spreadsheet counts, sentence. The table that is exported has these columns.
    """
    place = {header.strip("*＊ "): number for number, header in enumerate(table.headers)}
    missing = [one for one in ITEM_COLUMNS if one not in place]
    if missing:
        return [], [(1, f"缺少这些列：{'、'.join(missing)}。")]
    rows: dict[str, Delegated] = {}
    wrong: list[tuple[int, str]] = []
    known = catalogue.items(row[place[CODE]].strip() for _line, row in table.rows)
    for line, row in table.rows:
        code, first, last = (row[place[one]].strip() for one in ITEM_COLUMNS)
        from_on, until_on = rules.day_of(first), rules.day_of(last)
        if code not in known:
            wrong.append((line, f"没有事项“{code[:40]}”。" if code else "没有写事项编码。"))
        elif code in rows:
            wrong.append((line, f"事项“{code}”写了两行。"))
        elif from_on is None:
            wrong.append((line, "“从哪天起”请写成2026-11-09。"))
        elif last and until_on is None:
            wrong.append((line, "“到哪天止”请写成2026-11-09，一直有效的空着。"))
        elif until_on is not None and until_on < from_on:
            wrong.append((line, "“到哪天止”早于“从哪天起”。"))
        else:
            rows[code] = (code, from_on, until_on)
    return list(rows.values()), wrong


def end_delegation(*, point_id: UUID, item_code: str, by: Actor, at: Instant, key: UUID) -> Done:
    """Its last day is yesterday; what was handed in goes on. Raises PointUnknown, DelegationWrong."""
    with command("point.end_delegation", point_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        point = _held(point_id, by)
        row = Delegation.objects.filter(point_id=point_id, item_code=item_code).first()
        if row is None:
            raise DelegationWrong(item=item_code)
        _end(row, legal_day(at), cmd)
        return cmd.done(Done(point.code, legal_day(at)))


def _end(row: Delegation, today: date, cmd: Command) -> None:
    """One that never began is taken off the list."""
    last = today - timedelta(days=1)
    if row.from_on > last:
        row.delete()
    elif row.until_on is None or row.until_on > last:
        row.until_on = last
        row.save(update_fields=["until_on"])
    cmd.note(items=[row.item_code], ended_on=last)


def _held(point_id: UUID, by: Actor) -> Point:
    """Locked. Raises PointUnknown, NotAuthorised."""
    point = Point.objects.select_for_update().filter(pk=point_id).first()
    if point is None:
        raise PointUnknown()
    access.require(by, "point.delegate", Place(point.department_id, point.region_code, ""))
    return point
