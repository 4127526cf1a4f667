"""What departments and posts are called, now and on an earlier day: what was done keeps the name of its day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from mingqu.identity.models import Department, DepartmentChange, Post, PostMove
from mingqu.identity.types import DepartmentView

RENAMED = DepartmentChange.objects.filter(
    kind=DepartmentChange.Kind.RENAMED, state=DepartmentChange.State.DONE
).order_by("from_on", "done_at")


@dataclass(frozen=True)
class PostName:
    """「部门·岗位」; `former`: (first day of the next name, name before it), oldest first."""

    department: str
    post: str
    former: tuple[tuple[date, str], ...] = ()

    @property
    def now(self) -> str:
        return f"{self.department}·{self.post}"

    def on(self, day: date) -> str:
        """As it was called on a day."""
        return f"{name_then(self.department, self.former, day)}·{self.post}"


def name_then(now: str, former: Sequence[tuple[date, str]], day: date) -> str:
    """The name that held on a day, by what it was called before each change; pure."""
    return next((name for until, name in former if day < until), now)


def name_on(department_id: UUID, day: date) -> str:
    """What a department was called on a day; "" for one there is not. Two statements."""
    now = Department.objects.filter(pk=department_id).values_list("name", flat=True).first()
    former = RENAMED.filter(department_id=department_id).values_list("from_on", "name_before")
    return name_then(now or "", list(former), day)


def post_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """「部门·岗位」 by post id, as they are called today; one statement."""
    rows = Post.objects.filter(pk__in=set(ids)).values_list("id", "department__name", "name")
    return {post_id: f"{department_name}·{name}" for post_id, department_name, name in rows}


def post_names_by_day(ids: Iterable[UUID]) -> Mapping[UUID, PostName]:
    """The same for histories: each tells how it was called on a day; one statement."""
    moves = PostMove.objects.filter(post_id=OuterRef("pk")).order_by("from_on", "pk")
    told = JSONObject(until="from_on", name="name_before", renamed=_renamed("department_before_id"))
    rows = Post.objects.filter(pk__in=set(ids)).annotate(
        renamed=_renamed("department_id"), moved=ArraySubquery(moves.values(said=told))
    )
    return {
        post_id: PostName(
            department,
            name,
            former(_turns(renamed), [(*_turn(one), _turns(one["renamed"])) for one in moved]),
        )
        for post_id, department, name, renamed, moved in rows.values_list(
            "id", "department__name", "name", "renamed", "moved"
        )
    }


Turn = tuple[date, str]  # the first day of the next name, the name before it


def former(renamed: Sequence[Turn], moves: Sequence[tuple[date, str, Sequence[Turn]]]) -> tuple[Turn, ...]:
    """
    What the department of a post was called before, oldest first: by the renames of each department while the post was
    there. `moves`: the first day at the next one, the name of the one before on its last day, its renames. Pure.
    """
    found: list[Turn] = []
    since = date.min
    for until, name, turns in moves:
        found += [turn for turn in turns if since < turn[0] < until]
        if until > since:
            found.append((until, name))
            since = until
    return (*found, *(turn for turn in renamed if turn[0] > since))


def _renamed(department_ref: str) -> ArraySubquery:
    earlier = RENAMED.filter(department_id=OuterRef(department_ref))
    return ArraySubquery(earlier.values(said=JSONObject(until="from_on", name="name_before")))


def _turn(one: Mapping[str, str]) -> Turn:
    return date.fromisoformat(one["until"]), one["name"]


def _turns(several: Iterable[Mapping[str, str]]) -> list[Turn]:
    return [_turn(one) for one in several]


def department_view(found: Department) -> DepartmentView:
    """A department as other rooms see it."""
    return DepartmentView(
        id=found.id,
        code=found.code,
        name=found.name,
        region_code=found.region_code,
        credit_code=found.credit_code,
        parent_id=found.parent_id,
        review_organ=found.review_organ,
        closed_on=found.closed_on,
    )
