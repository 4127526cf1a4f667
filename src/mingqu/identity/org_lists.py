"""Tables of organisations and staff that were brought, what each would change, and what there is as such a table."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q

from mingqu.identity import selectors
from mingqu.identity.models import Department, OrgImport, Post, PostHolding, User
from mingqu.identity.org_plan import Known, Plan, plan
from mingqu.identity.roles import roles

SHOWN = 50


def imports() -> list[OrgImport]:
    """The latest ones, without their rows."""
    return list(OrgImport.objects.defer("rows").order_by("-id")[:SHOWN])


def import_of(import_id: UUID) -> OrgImport | None:
    return OrgImport.objects.filter(pk=import_id).first()


def waiting_imports() -> int:
    return OrgImport.objects.filter(state=OrgImport.State.WAITING).count()


def plan_of(row: OrgImport, today: date) -> Plan:
    """What it would change now; six statements."""
    return plan([(line, cells) for line, cells in row.rows], known(today), today)


def known(today: date) -> Known:
    users = dict(User.objects.filter(kind=User.Kind.STAFF).values_list("username", "person_id"))
    names = selectors.names_of(users.values())
    posts = Post.objects.select_related("department").prefetch_related("grants")
    return Known(
        departments=dict(Department.objects.values_list("code", "name")),
        posts={
            one.code: (one.name, one.department.code, frozenset(grant.role for grant in one.grants.all()))
            for one in posts
        },
        accounts={str(name): names.get(person, "") for name, person in users.items()},
        held=_held(today),
        roles={code: role.name for code, role in roles().items()},
    )


def _held(today: date) -> Mapping[tuple[str, str], date]:
    rows = PostHolding.objects.filter(Q(until_on=None) | Q(until_on__gte=today), deputy_for=None)
    return {
        (str(user), post): day
        for user, post, day in rows.values_list("user__username", "post__code", "from_on")
    }


def present(today: date) -> list[list[str]]:
    """What there is, a line for each holder, post or department: to be changed and handed in again."""
    departments = {one.pk: one for one in Department.objects.select_related("parent").order_by("path")}
    posts: dict[UUID, list[Post]] = {}
    for post in Post.objects.prefetch_related("grants").order_by("code"):
        posts.setdefault(post.department_id, []).append(post)
    held: dict[UUID, list[PostHolding]] = {}
    rows = PostHolding.objects.filter(Q(until_on=None) | Q(until_on__gte=today), deputy_for=None)
    for holding in rows.select_related("user").order_by("from_on", "id"):
        held.setdefault(holding.post_id, []).append(holding)
    names = selectors.names_of(one.user.person_id for found in held.values() for one in found)
    lines = []
    for one in departments.values():
        above = one.parent.code if one.parent else ""
        head = [one.code, one.name, above, one.region_code, one.credit_code]
        for post in posts.get(one.pk, []) or [None]:
            lines += _lines(head, post, held, names)
    return lines


def _lines(
    head: list[str], post: Post | None, held: Mapping[UUID, list[PostHolding]], names: Mapping[UUID, str]
) -> list[list[str]]:
    if post is None:
        return [[*head, *[""] * 7]]
    known_roles = roles()
    said = "、".join(
        sorted({known_roles[one.role].name for one in post.grants.all() if one.role in known_roles})
    )
    own = [*head, post.code, post.name, said]
    found = [
        [
            *own,
            one.user.get_username(),
            names.get(one.user.person_id, ""),
            str(one.from_on),
            str(one.until_on or ""),
        ]
        for one in held.get(post.pk, [])
    ]
    return found or [[*own, "", "", "", ""]]
