"""Who is signed in and what a post may do: the account with its posts and mandates, each in one statement."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from mingqu.identity.models import Department, Person, Post, RoleGrant, User
from mingqu.identity.roles import roles
from mingqu.identity.rules import holds_on
from mingqu.identity.types import ActingPost, Mandate, OrganName, PostView, Standing
from mingqu.kernel.identifiers import RegionCode
from mingqu.kernel.rows import Columns, kept_plans


def grants_json(post_ref: str) -> ArraySubquery:
    """The grants of a post as JSON, each with the ids of its department's whole subtree."""
    subtree = Department.objects.filter(path__startswith=OuterRef("department__path")).values("id")
    grants = RoleGrant.objects.filter(post_id=OuterRef(post_ref)).values(
        json=JSONObject(
            role="role",
            region="region_code",
            department="department_id",
            departments=ArraySubquery(subtree),
            item_types="item_types",
        )
    )
    return ArraySubquery(grants)


def grants_text(post: str) -> str:
    """The same in a statement that is written out; `post`: what the post's id is called there."""
    return f"""ARRAY(
        SELECT json_build_object(
            'role', g.role, 'region', g.region_code, 'department', g.department_id,
            'item_types', g.item_types, 'departments', ARRAY(
                SELECT below.id FROM identity_department own JOIN identity_department below
                    ON starts_with(below.path, own.path) WHERE own.id = g.department_id))
        FROM identity_rolegrant g WHERE g.post_id = {post})"""  # noqa: S608  a name


def mandate(grant: dict[str, Any], post_items: list[str]) -> Mandate:
    """A grant narrowed by its post: item types of both must agree."""
    role = roles().get(grant["role"])
    items: frozenset[str] | None = frozenset(grant["item_types"]) or None
    if post_items:
        items = frozenset(post_items) & items if items is not None else frozenset(post_items)
    region = grant["region"]
    return Mandate(
        role=grant["role"],
        permissions=role.permissions if role else frozenset(),
        departments=None if grant["department"] is None else frozenset(UUID(d) for d in grant["departments"]),
        region=RegionCode.parse(region).prefix if region else "",
        item_types=items,
    )


# Every request of a signed-in person runs this: one statement (two with the session), written out because building
# it through the ORM cost more than running it.
_USER, _PERSON_NAME = Columns(User, "u"), Person._meta.get_field("name")
SIGNED_IN = f"""
SELECT {_USER}, p.name AS person_name, p.assurance AS person_assurance, ARRAY(
    SELECT json_build_object(
        'post', h.post_id, 'name', post.name, 'code', post.code, 'items', post.item_types, 'department', d.id,
        'department_name', d.name, 'department_code', d.code, 'region', d.region_code,
        'from_on', h.from_on, 'until_on', h.until_on,
        'deputy_for', (SELECT a.person_id FROM identity_user a WHERE a.id = h.deputy_for_id),
        'grants', {grants_text("h.post_id")})
    FROM identity_postholding h JOIN identity_post post ON post.id = h.post_id
        JOIN identity_department d ON d.id = post.department_id
    WHERE h.user_id = u.id) AS holdings_json,
    EXISTS(SELECT 1 FROM identity_capacity c WHERE c.agent_id = u.person_id AND c.state = 'active') AS acts
FROM identity_user u LEFT JOIN identity_person p ON p.id = u.person_id WHERE u.id = %s AND u.is_active
"""  # noqa: S608  constants


def signed_in_user(user_id: UUID) -> User | None:
    """The active account with its `standing`: person, posts, grants, department subtrees, in one statement."""
    with kept_plans() as cursor:
        cursor.execute(SIGNED_IN, [user_id])
        row = cursor.fetchone()
    if row is None:
        return None
    user: Any = _USER.instance(row[: len(_USER)])
    sealed_name, assurance, holdings, acts = row[len(_USER) :]
    name = _PERSON_NAME.from_db_value(sealed_name, None, connection)
    posts = sorted((_post_view(h) for h in holdings), key=lambda p: (p.from_on, p.name, str(p.id)))
    user.standing = Standing(user.person_id, name or "", assurance or 0, tuple(posts), acts=acts)
    found: User = user
    return found


def _post_view(holding: dict[str, Any]) -> PostView:
    post_id, department_id = UUID(holding["post"]), UUID(holding["department"])
    organ = OrganName(holding["department_code"], holding["department_name"])
    return PostView(
        id=post_id,
        name=holding["name"],
        department_id=department_id,
        department_name=holding["department_name"],
        from_on=date.fromisoformat(holding["from_on"]),
        until_on=date.fromisoformat(holding["until_on"]) if holding["until_on"] else None,
        mandates=tuple(mandate(grant, holding["items"]) for grant in holding["grants"]),
        acting=ActingPost(post_id, holding["code"], department_id, organ, holding["region"]),
        deputy_for=UUID(holding["deputy_for"]) if holding["deputy_for"] else None,
    )


def posts_held(standing: Standing, day: date) -> tuple[PostView, ...]:
    """The posts held on that day."""
    return tuple(p for p in standing.posts if holds_on(day, (p.from_on, p.until_on)))


def mandates_of(post_id: UUID) -> tuple[Mandate, ...]:
    """What a post may do, for an actor that did not come through the web."""
    row = (
        Post.objects.filter(pk=post_id)
        .annotate(grants_json=grants_json("pk"))
        .values("item_types", "grants_json")
    )
    return tuple(mandate(g, post["item_types"]) for post in row for g in post["grants_json"])
