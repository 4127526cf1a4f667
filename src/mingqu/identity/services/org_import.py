"""
Organisations, posts and staff by table: handed in by one officer, done by another. The plan is worked out anew each
time it is looked at; the second person agrees to what stood there, by its digest.
"""

import secrets
from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid5

from django.db import transaction

from mingqu.identity import org_lists
from mingqu.identity.errors import (
    OrgImportClosed,
    OrgImportOutside,
    OrgImportWrong,
    OrgPlanChanged,
    OwnPost,
)
from mingqu.identity.models import Department, OrgImport, Post, User
from mingqu.identity.org_plan import COLUMNS, MOST_ROWS, Change, missing_columns
from mingqu.identity.services import access, accounts, organs
from mingqu.identity.types import NewAccount, NewDepartment, NewPost, Place, Span, Within
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.second_person import SecondPersonNeeded
from mingqu.kernel.tables import TableTooLarge, read_table
from mingqu.kernel.types import Actor, Instant

IMPORT = Actor.system("organisation_import")
BRING, AGREE = "identity.bring_organisation", "identity.agree_organisation"
State = OrgImport.State
_PLACE = ("code", "pk", "region_code")
_WHERE = ("部门编码", "上级部门编码", "行政区划代码")


def bring(*, data: bytes, name: str, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    Keep a table to be looked at; changes nothing yet. Raises NotAuthorised, OrgImportWrong and what `read_table` says.
    """
    table = read_table(data)
    if missing := missing_columns(table.headers):
        raise OrgImportWrong(field="file", what=f"缺少“{missing[0]}”这一列")
    if len(table.rows) > MOST_ROWS:
        raise TableTooLarge(field="file", what=f"行数超过{MOST_ROWS}行")
    with command(BRING, key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        access.require_may(by, BRING)
        rows = [
            [
                line,
                {
                    column: cell
                    for column, cell in zip(table.headers, cells, strict=True)
                    if column in COLUMNS
                },
            ]
            for line, cells in table.rows
        ]
        OrgImport(id=key, name=name[:120], rows=rows, many=len(rows), brought_at=at, brought_by=by.id).save(
            force_insert=True
        )
        cmd.note(rows=len(rows))
        cmd.done(None)
    return key


def drop(*, import_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    Nothing comes of it: called off by who brought it, refused by another whose reach has each of its rows. Raises
    NotAuthorised, OrgImportOutside, OrgImportClosed.
    """
    with command("identity.drop_organisation", import_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = _open(import_id)
        access.require_may(by, BRING if row.brought_by == by.id else AGREE)
        if row.brought_by != by.id and (line := line_outside(row, by)) is not None:
            raise OrgImportOutside(line=line)
        _close(row, State.DROPPED, by, at)
        cmd.done(None)


def line_outside(row: OrgImport, by: Actor) -> int | None:
    """
    The first line of a table whose department is not where this officer agrees; None: all are. By what is written,
    whether or not it can be brought in: a wrong row is its district's too. One statement.
    """
    reach = access.scope(by, AGREE)
    known = {code: Place(pk, region) for code, pk, region in Department.objects.values_list(*_PLACE)}
    lines = [(line, *(cells.get(column, "") for column in _WHERE)) for line, cells in row.rows]
    for _line, code, above, region in lines:  # a new department stands under the one above it
        if code not in known and region:
            known[code] = Place(known.get(above, Place()).department_id, region)
    return next((line for line, code, *_ in lines if not reach.covers(known.get(code, Place()))), None)


def agree(*, import_id: UUID, digest: str, by: Actor, at: Instant, key: UUID) -> int:
    """
    A second person has it done, all of it or nothing; how many changes. `digest`: of the plan that was looked at.
    Raises NotAuthorised, SecondPersonNeeded, OrgImportClosed, OrgImportWrong (rows, or a deed that was refused),
    OrgPlanChanged, OwnPost, OrgImportOutside (a row is of a place that is not hers).
    """
    access.require_may(by, AGREE)
    with transaction.atomic():
        row = OrgImport.objects.select_for_update().filter(pk=import_id).first()
        if row is not None and row.agreed_key == key:
            return row.changes
        if row is None or row.state != State.WAITING:
            raise OrgImportClosed()
        if row.brought_by == by.id:
            raise SecondPersonNeeded()
        plan = org_lists.plan_of(row, legal_day(at))
        if plan.wrong or not plan.changes:
            raise OrgImportWrong(what="表格里还有错误，或者没有要改的")
        if plan.digest != digest:
            raise OrgPlanChanged()
        _nobody_oneself(plan.changes, {by.id, row.brought_by})
        _within_reach(plan.changes, by)
        for change in plan.changes:
            _done(change, import_id, at)
        with command(AGREE, import_id, by=by, at=at, key=key) as cmd:
            row.changes, row.agreed_key = len(plan.changes), key
            _close(row, State.DONE, by, at)
            cmd.note(changes=len(plan.changes))
            cmd.done(None)
    return len(plan.changes)


def _open(import_id: UUID) -> OrgImport:
    row = OrgImport.objects.select_for_update().filter(pk=import_id, state=State.WAITING).first()
    if row is None:
        raise OrgImportClosed()
    return row


def _close(row: OrgImport, state: str, by: Actor, at: Instant) -> None:
    """What was in the table is kept no longer than it is needed."""
    row.state, row.closed_at, row.closed_by, row.rows = state, at, by.id, []
    row.save()


def _nobody_oneself(changes: tuple[Change, ...], persons: set[UUID]) -> None:
    """Neither of the two widens what they themselves may do."""
    own = User.objects.filter(person_id__in=persons, kind=User.Kind.STAFF)
    names = set(own.values_list("username", flat=True))
    posts = set(own.values_list("holdings__post__code", flat=True))
    for one in changes:
        if one.given.get("account") in names or (one.kind == "role" and one.about in posts):
            raise OwnPost()


def _within_reach(changes: tuple[Change, ...], by: Actor) -> None:
    """
    Who agrees may agree to each deed where it is done, and gives no role a reach that her own has not. Raises
    OrgImportOutside with the line.
    """
    reach = access.scope(by, AGREE)
    places = _Places(changes)
    for one in changes:
        if not all(reach.covers(place) for place in places.of(one)):
            raise OrgImportOutside(line=one.line)


class _Places:
    """Where the deeds of a table are done: by what there is, and by what the table makes before. Two statements."""

    def __init__(self, changes: tuple[Change, ...]) -> None:
        rows = Department.objects.values_list("code", "pk", "region_code")
        self.departments = {code: Place(pk, region) for code, pk, region in rows}
        self.posts = dict(Post.objects.values_list("code", "department__code"))
        for one in changes:
            if one.kind == "department":
                above = self.departments.get(one.given["above"], Place())
                self.departments[one.about] = Place(above.department_id, one.given["region"])
            elif one.kind == "post":
                self.posts[one.about] = one.given["department"]

    def of(self, change: Change) -> list[Place]:
        """A new department is done where the one above it is; a role also where it is to hold. An account: nowhere."""
        if change.kind == "account":
            return []
        if change.kind == "department":
            return [self.departments[change.about]]
        place = self.departments[self.posts[change.about]]
        if change.given.get("scope") != "said":
            return [place]
        held = self.departments.get(change.given["department"], Place())
        return [place, Place(held.department_id, change.given["region"] or held.region_code)]


def _done(change: Change, import_id: UUID, at: Instant) -> None:
    """By the command a page would call. Raises OrgImportWrong with the line for what it refuses."""
    key = uuid5(import_id, f"{change.line}:{change.kind}:{change.about}:{sorted(change.given.items())}")
    try:
        _DEEDS[change.kind](change, key, at)
    except OrgImportWrong:
        raise
    except DomainError as refused:
        raise OrgImportWrong(what=f"第{change.line}行：{refused.message}") from refused


def _department(change: Change, key: UUID, at: Instant) -> None:
    given = change.given
    above = Department.objects.get(code=given["above"]).pk if given["above"] else None
    draft = NewDepartment(change.about, given["name"], given["region"], above, given["credit"])
    organs.create_department(draft=draft, by=IMPORT, at=at, key=key)


def _post(change: Change, key: UUID, at: Instant) -> None:
    department = Department.objects.get(code=change.given["department"]).pk
    organs.create_post(
        draft=NewPost(change.about, change.given["name"], department, ()), by=IMPORT, at=at, key=key
    )


def _role(change: Change, key: UUID, at: Instant) -> None:
    post = Post.objects.select_related("department").get(code=change.about)
    within = Within(post.department.region_code, post.department_id)
    given = change.given
    if given.get("scope") == "said":
        code = given["department"]
        department = Department.objects.get(code=code).pk if code else None
        within = Within(given["region"], department, tuple(filter(None, given["items"].split(","))))
    organs.grant_role(post_id=post.pk, role=change.given["role"], within=within, by=IMPORT, at=at, key=key)


def _account(change: Change, key: UUID, at: Instant) -> None:
    """With a password that nobody knows: the system officer gives a temporary one before the first sign-in."""
    unknown = f"Aa1!{secrets.token_urlsafe(32)}"
    draft = NewAccount(change.about, change.given["name"], unknown, must_change_password=True)
    accounts.create_user(draft=draft, by=IMPORT, at=at, key=key)


def _assign(change: Change, key: UUID, at: Instant) -> None:
    since, until = date.fromisoformat(change.given["since"]), change.given["until"]
    span = Span(since, date.fromisoformat(until) if until else None)
    organs.assign_post(**_whose(change), span=span, by=IMPORT, at=at, key=key)


def _deputy(change: Change, key: UUID, at: Instant) -> None:
    """AB岗: in place of another holder of the post."""
    given = change.given
    of = User.objects.get(username=given["of"], kind=User.Kind.STAFF).pk
    span = Span(date.fromisoformat(given["since"]), date.fromisoformat(given["until"]), of)
    organs.assign_post(**_whose(change), span=span, by=IMPORT, at=at, key=key)


def _end(change: Change, key: UUID, at: Instant) -> None:
    organs.end_post(
        **_whose(change), until_on=date.fromisoformat(change.given["until"]), by=IMPORT, at=at, key=key
    )


def _whose(change: Change) -> Mapping[str, UUID]:
    user = User.objects.get(username=change.given["account"], kind=User.Kind.STAFF)
    return {"user_id": user.pk, "post_id": Post.objects.get(code=change.about).pk}


_DEEDS = {
    "department": _department,
    "post": _post,
    "role": _role,
    "account": _account,
    "assign": _assign,
    "deputy": _deputy,
    "end": _end,
}
