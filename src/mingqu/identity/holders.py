"""Who holds which post on a day, and which posts of other organs may do something."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, Subquery

from mingqu.identity import standing
from mingqu.identity.models import Department, Person, PostHolding
from mingqu.identity.roles import roles
from mingqu.identity.types import Place
from mingqu.kernel.rows import read_often


@dataclass(frozen=True)
class Colleague:
    """Somebody of a department as the holder of one of her posts."""

    person_id: UUID
    post_id: UUID
    name: str
    post: str


# Written out: built through the ORM it cost a third of the command that asks.
_POSTS = f"""
SELECT p.code, p.name, p.item_types, d.id, d.name, d.region_code, {standing.grants_text("p.id")}
FROM identity_post p JOIN identity_department d ON d.id = p.department_id
WHERE d.id <> %s AND d.region_code LIKE ANY(%s::text[])
    AND EXISTS (SELECT 1 FROM identity_rolegrant r WHERE r.post_id = p.id AND r.role = ANY(%s::text[]))
    AND (%s::text IS NULL OR p.code = %s::text)
ORDER BY d.path, p.code
"""  # noqa: S608  constants


def posts_of_others(
    action: str, item_type: str, *, near: Iterable[str], than: UUID, only: str | None = None
) -> dict[str, tuple[str, str]]:
    """
    (部门, 岗位) by code of the posts outside the department `than` that may do something within their own department;
    `near`: how the codes of the regions looked at begin; `only`: none but the post of this code. By department; one
    statement.
    """
    named = [code for code, role in roles().items() if action in role.permissions]
    begins = [f"{prefix}%" for prefix in near]
    found: dict[str, tuple[str, str]] = {}
    for code, name, item_types, department_id, organ, region, given in read_often(
        _POSTS, [than, begins, named, only, only]
    ):
        here = Place(department_id, region, item_type)
        mandates = (standing.mandate(one, item_types) for one in given)
        if any(action in one.permissions and one.covers(here) for one in mandates):
            found[code] = (organ, name)
    return found


def people_by_post(codes: Iterable[str], day: date) -> dict[str, list[UUID]]:
    """The persons who hold each of these posts on a day, by its code; one statement."""
    wanted = set(codes)
    held = PostHolding.objects.filter(post__code__in=wanted, from_on__lte=day, user__is_active=True)
    rows = held.exclude(until_on__lt=day).order_by("from_on", "id")
    found: dict[str, list[UUID]] = {code: [] for code in wanted}
    for code, person_id in rows.values_list("post__code", "user__person_id"):
        found[code].append(person_id)
    return found


def people_at(codes: Iterable[str], day: date) -> list[UUID]:
    """The persons who hold any of these posts on a day, each once; one statement."""
    return list(dict.fromkeys(one for held in people_by_post(codes, day).values() for one in held))


def serves_in(person_id: UUID, department_id: UUID, codes: Iterable[str], day: date) -> bool:
    """Whether a person holds a post of this department or below it on a day, or one of these; one statement."""
    own = Department.objects.filter(pk=department_id).values("path")[:1]
    there = Q(post__department__path__startswith=Subquery(own)) | Q(post__code__in=set(codes))
    held = PostHolding.objects.filter(there, user__person_id=person_id, from_on__lte=day)
    return held.exclude(until_on__lt=day).exists()


def organs_that_may(action: str) -> list[UUID]:
    """The organs with a post that allows an action anywhere, by their place in the tree; one statement."""
    named = [code for code, role in roles().items() if action in role.permissions]
    found = Department.objects.filter(posts__grants__role__in=named).order_by("path").distinct()
    return list(found.values_list("pk", flat=True))


def colleagues(department_id: UUID, action: str, day: date) -> list[Colleague]:
    """
    Who holds a post of this very department on a day whose role allows an action, a line for each of her posts, by post
    and name; two statements.
    """
    named = [code for code, role in roles().items() if action in role.permissions]
    held = PostHolding.objects.filter(
        post__department_id=department_id,
        post__grants__role__in=named,
        from_on__lte=day,
        user__is_active=True,
    ).exclude(until_on__lt=day)
    rows = held.values_list("post_id", "post__code", "post__name", "user__person_id").distinct()
    found = list(rows)
    names = {one.pk: one.name or "" for one in Person.objects.filter(pk__in={row[3] for row in found})}
    lines = [
        (code, Colleague(person, post_id, names.get(person, ""), post))
        for post_id, code, post, person in found
    ]
    return [one for _code, one in sorted(lines, key=lambda line: (line[0], line[1].name, line[1].person_id))]
