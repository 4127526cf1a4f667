"""
Departments, closed ones too, and what changed of them, as their administrators see them (keyset by the tree).

None checks who asks: the page's mark does (`identity.see_accounts`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q

from mingqu.identity import organ_names, selectors
from mingqu.identity.models import Department, DepartmentChange, Post
from mingqu.identity.rules import department_state
from mingqu.kernel import regions

PAGE = 50
STATES = {"": "在用的", "closed": "已撤销的", "open": "有变更在办的", "all": "全部"}
HEADERS = (
    "部门代码", "部门名称", "上级部门", "行政区划", "统一社会信用代码", "岗位数", "状态", "撤销日期", "承接单位",
    "历次变更",
)  # fmt: skip


@dataclass(frozen=True)
class DepartmentLine:
    """A department in its place in the tree; `depth` 0 at the top; `change`: one that is under way."""

    row: Department
    depth: int
    posts: int
    region: str
    change: DepartmentChange | None
    state: str


@dataclass(frozen=True)
class ChangeLine:
    """One change with who asked, who agreed and who dropped it, and in words what it is."""

    row: DepartmentChange
    words: str
    asked_by: str
    answered_by: str
    dropped_by: str


def departments(
    *, words: str = "", state: str = "", after: str = "", limit: int = PAGE
) -> tuple[list[DepartmentLine], str]:
    """
    By the tree. `words`: part of a name, also of one it once had, or how the code begins; `state`: of STATES. With the
    cursor of the next page, or "".
    """
    under_way = DepartmentChange.objects.filter(state__in=DepartmentChange.OPEN)
    found = Department.objects.select_related("parent", "successor").order_by("path")
    if words := words.strip():
        once = DepartmentChange.objects.filter(state="done", name_before__contains=words)
        found = found.filter(
            Q(name__contains=words)
            | Q(code__startswith=words.upper())
            | Q(pk__in=once.values("department_id"))
        )
    if state == "open":
        found = found.filter(pk__in=under_way.values("department_id"))
    elif state != "all":
        found = found.filter(closed_on__isnull=state != "closed")
    if after:
        found = found.filter(path__gt=after)
    page = list(found.annotate(many_posts=Count("posts"))[: limit + 1])
    shown = page[:limit]
    changes = {one.department_id: one for one in under_way.filter(department__in=shown)}
    lines = [_line(row, changes.get(row.pk)) for row in shown]
    return lines, shown[-1].path if len(page) > limit else ""


def _line(row: Department, change: DepartmentChange | None) -> DepartmentLine:
    posts: int = row.many_posts  # type: ignore[attr-defined]
    state = department_state(row.closed_on, change.kind if change else "")
    region = regions.full_name(row.region_code) or row.region_code
    return DepartmentLine(row, row.path.count("/") - 1, posts, region, change, state)


def department(department_id: UUID) -> Department | None:
    """With what stands above it and what took over; None where there is none."""
    rows = Department.objects.select_related("parent", "successor")
    return rows.filter(pk=department_id).first()


def posts_of(department_id: UUID) -> list[Post]:
    return list(Post.objects.filter(department_id=department_id).order_by("code"))


def below(department_id: UUID) -> list[Department]:
    """The departments right below, those in use first."""
    found = Department.objects.filter(parent_id=department_id).order_by("path")
    return sorted(found, key=lambda one: one.closed_on is not None)


def predecessors(department_id: UUID) -> list[Department]:
    """Whose duties it took over."""
    return list(Department.objects.filter(successor_id=department_id).order_by("closed_on"))


def change(change_id: UUID) -> DepartmentChange | None:
    rows = DepartmentChange.objects.select_related("department", "parent_before", "parent_after", "successor")
    return rows.filter(pk=change_id).first()


def changes_of(department_ids: Iterable[UUID]) -> list[ChangeLine]:
    """The newest first; two statements."""
    rows = list(
        DepartmentChange.objects.filter(department_id__in=list(department_ids))
        .select_related("department", "parent_before", "parent_after", "successor")
        .order_by("-from_on", "-asked_at")
    )
    names = selectors.names_of(one for row in rows for one in _who(row) if one)
    return [
        ChangeLine(
            row,
            change_words(row),
            names.get(row.asked_by, ""),
            *(names.get(one, "") if one else "" for one in _who(row)[1:]),
        )
        for row in rows
    ]


def _who(row: DepartmentChange) -> tuple[UUID, UUID | None, UUID | None]:
    return row.asked_by, row.answered_by, row.dropped_by


def change_words(row: DepartmentChange) -> str:
    """What it is, with what was before."""
    if row.kind == DepartmentChange.Kind.RENAMED:
        return f"{row.name_before}改名为{row.name_after}"
    if row.kind == DepartmentChange.Kind.MOVED:
        before = row.parent_before.name if row.parent_before else "没有上级"
        after = row.parent_after.name if row.parent_after else "没有上级"
        return f"{row.name_before}的上级部门由{before}改为{after}"
    after = f"，由{row.successor.name}承接" if row.successor else "，职责取消，没有承接单位"
    with_posts = "，岗位整体划转" if row.carries_posts else ""
    return f"{row.name_before}撤销{after}{with_posts}"


def waiting_changes(person_id: UUID) -> int:
    """How many changes others asked for wait for a second officer."""
    asked = DepartmentChange.objects.filter(state=DepartmentChange.State.ASKED)
    return asked.exclude(asked_by=person_id).count()


def stuck_changes(day: date) -> int:
    """How many were agreed to and did not take effect on their day: something still holds the department."""
    return DepartmentChange.objects.filter(state=DepartmentChange.State.AGREED, from_on__lt=day).count()


def table(*, words: str = "", state: str = "") -> list[list[str | int]]:
    """What the list shows, all of it, for a workbook."""
    lines, _more = departments(words=words, state=state, limit=5000)
    done: dict[UUID, list[str]] = {}
    for one in reversed(changes_of(line.row.pk for line in lines)):
        if one.row.state == DepartmentChange.State.DONE:
            done.setdefault(one.row.department_id, []).append(
                f"{one.row.from_on:%Y-%m-%d} {one.words}（{one.row.basis}）"
            )
    return [_cells(line, done.get(line.row.pk, [])) for line in lines]


def _cells(line: DepartmentLine, done: list[str]) -> list[str | int]:
    row = line.row
    return [
        row.code,
        row.name,
        row.parent.name if row.parent else "",
        line.region,
        row.credit_code,
        line.posts,
        line.state,
        f"{row.closed_on:%Y-%m-%d}" if row.closed_on else "",
        row.successor.name if row.successor else "",
        "；".join(done),
    ]


def spells(row: Department) -> list[tuple[str, date | None, date | None]]:
    """(name, first day or None for the beginning, last day or None) of every name it has had, the present one first."""
    found: list[tuple[str, date | None, date | None]] = []
    since: date | None = None
    renamed = organ_names.RENAMED.filter(department_id=row.pk)
    for until, name in renamed.values_list("from_on", "name_before"):
        found.append((name, since, until - timedelta(days=1)))
        since = until
    return [(row.name, since, None), *reversed(found)]
