"""Tables of organisations and staff that were brought, what each would change, and what there is as such a table."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from mingqu.identity import selectors
from mingqu.identity.models import Department, OrgImport, Post, PostHolding, RoleGrant, User
from mingqu.identity.org_plan import COLUMNS, SCOPE, UNLIMITED, Grant, Known, Plan, Spell, plan
from mingqu.identity.roles import roles
from mingqu.kernel.codelists import code_list

SHOWN = 50


def imports() -> list[OrgImport]:
    """The latest ones, without their rows."""
    return list(OrgImport.objects.defer("rows").order_by("-id")[:SHOWN])


def import_of(import_id: UUID) -> OrgImport | None:
    return OrgImport.objects.filter(pk=import_id).first()


def waiting_imports() -> int:
    return OrgImport.objects.filter(state=OrgImport.State.WAITING).count()


def plan_of(row: OrgImport, today: date) -> Plan:
    """What it would change now; nine statements, however long it is."""
    return plan([(line, cells) for line, cells in row.rows], known(today), today)


def known(today: date) -> Known:
    users = dict(User.objects.filter(kind=User.Kind.STAFF).values_list("username", "person_id"))
    names = selectors.names_of(users.values())
    posts = list(Post.objects.select_related("department").prefetch_related("grants__department"))
    held = _held(today)
    departments = Department.objects.filter(closed_on=None).values_list("code", "name", "region_code")
    return Known(
        departments={code: name for code, name, _region in departments},
        regions={code: region for code, _name, region in departments},
        posts={
            one.code: (one.name, one.department.code, frozenset(grant.role for grant in one.grants.all()))
            for one in posts
        },
        accounts={str(name): names.get(person, "") for name, person in users.items()},
        held={which: span[0] for which, span in held.items()},
        until={which: span[1] for which, span in held.items()},
        roles={code: role.name for code, role in roles().items()},
        grants={one.code: frozenset(_grant(grant) for grant in one.grants.all()) for one in posts},
        deputies=_deputies(today),
        item_types={one.code: one.name for one in code_list("item_type")},
    )


def _grant(row: RoleGrant) -> Grant:
    department = row.department.code if row.department else ""
    return row.role, row.region_code, department, tuple(sorted(row.item_types))


def _present(today: date) -> QuerySet[PostHolding]:
    """Held today or later."""
    return PostHolding.objects.filter(Q(until_on=None) | Q(until_on__gte=today))


def _held(today: date) -> Mapping[tuple[str, str], tuple[date, date | None]]:
    rows = _present(today).filter(deputy_for=None).order_by("-from_on")
    return {
        (str(user), post): (since, until)
        for user, post, since, until in rows.values_list(
            "user__username", "post__code", "from_on", "until_on"
        )
    }


def _deputies(today: date) -> Mapping[tuple[str, str, str], tuple[Spell, ...]]:
    rows = _present(today).exclude(deputy_for=None).order_by("from_on")
    found: dict[tuple[str, str, str], tuple[Spell, ...]] = {}
    for user, post, principal, since, until in rows.values_list(
        "user__username", "post__code", "deputy_for__username", "from_on", "until_on"
    ):
        which = (str(user), post, str(principal))
        found[which] = (*found.get(which, ()), (since, until))
    return found


def present(today: date) -> list[list[str]]:
    """
    What there is, a line for each holder, post or department, and for roles that hold elsewhere than in the post's own
    department: to be changed and handed in again.
    """
    departments = {
        one.pk: one
        for one in Department.objects.filter(closed_on=None).select_related("parent").order_by("path")
    }
    posts: dict[UUID, list[Post]] = {}
    for post in Post.objects.prefetch_related("grants__department").order_by("code"):
        posts.setdefault(post.department_id, []).append(post)
    held: dict[UUID, list[PostHolding]] = {}
    rows = _present(today).select_related("user", "deputy_for")
    for holding in rows.order_by("deputy_for_id", "from_on", "id"):
        held.setdefault(holding.post_id, []).append(holding)
    names = selectors.names_of(one.user.person_id for found in held.values() for one in found)
    lines = []
    for one in departments.values():
        above = one.parent.code if one.parent else ""
        head = [one.code, one.name, above, one.region_code, one.credit_code]
        for post in posts.get(one.pk, []):
            lines += _lines(head, post, held, names)
        if one.pk not in posts:
            lines.append([*head, *[""] * (len(COLUMNS) - len(head))])
    return lines


def _lines(
    head: list[str], post: Post, held: Mapping[UUID, list[PostHolding]], names: Mapping[UUID, str]
) -> list[list[str]]:
    here = (head[3], head[0], ())
    scopes: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for role, *limits in sorted(_grant(one) for one in post.grants.all()):
        scopes.setdefault((limits[0], limits[1], limits[2]), []).append(role)  # type: ignore[index]
    known_roles = roles()

    def said(codes: list[str]) -> str:
        return "、".join(sorted(known_roles[code].name for code in codes if code in known_roles))

    own = [*head, post.code, post.name, said(scopes.pop(here, []))]
    found = [
        [
            *own,
            one.user.get_username(),
            names.get(one.user.person_id, ""),
            str(one.from_on),
            str(one.until_on or ""),
            one.deputy_for.get_username() if one.deputy_for else "",
            *[""] * len(SCOPE),
        ]
        for one in held.get(post.pk, [])
    ] or [[*own, *[""] * (len(COLUMNS) - len(own))]]
    kinds = code_list("item_type")
    for (region, department, items), codes in sorted(scopes.items()):
        limits = [
            region or UNLIMITED,
            department or UNLIMITED,
            "、".join(kinds.name(code) for code in items) or UNLIMITED,
        ]
        found.append([*head, post.code, post.name, said(codes), *[""] * 5, *limits])
    return found


def wrong_rows(row: OrgImport, today: date) -> list[list[str]]:
    """The rows that can't be brought in, as they were written, with what is wrong: to be put right and handed in."""
    cells = {int(line): said for line, said in row.rows}
    return [
        [str(line), words, *(cells[line].get(name, "") for name in COLUMNS)]
        for line, words in plan_of(row, today).wrong
    ]
