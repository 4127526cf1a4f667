"""
Accounts, departments and posts as their administrators see them, one page at a time (keyset).

None checks who asks: the page's mark does (`identity.see_accounts`), and these lists hold nobody's case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from mingqu.identity import selectors
from mingqu.identity.models import Department, Post, PostHolding, RoleGrant, User
from mingqu.identity.roles import permissions, roles
from mingqu.identity.rules import holds_on
from mingqu.kernel import regions
from mingqu.kernel.codelists import code_list

PAGE = 30


@dataclass(frozen=True)
class AccountLine:
    """A staff account: who, whether it works, which posts today."""

    id: UUID
    username: str
    name: str
    active: bool
    posts: tuple[str, ...]
    locked_because: str = ""


@dataclass(frozen=True)
class HoldingLine:
    """A post of an account or the holder of a post, with its days; `now`: held today or later."""

    user_id: UUID
    post_id: UUID
    words: str
    from_on: date
    until_on: date | None
    now: bool


@dataclass(frozen=True)
class GrantLine:
    """A role of a post, and where it holds, in words."""

    id: UUID
    role: str
    where: str


@dataclass(frozen=True)
class PostLine:
    id: UUID
    code: str
    name: str
    department: str
    roles: tuple[str, ...]


def accounts(day: date, *, words: str = "", after: str = "") -> tuple[list[AccountLine], str]:
    """Staff accounts by name of account; `words`: how it begins. With the cursor of the next page, or ""."""
    found = User.objects.filter(kind=User.Kind.STAFF).order_by("username")
    if words:
        found = found.filter(username__startswith=words.strip().lower())
    if after:
        found = found.filter(username__gt=after)
    page = list(found[: PAGE + 1])
    shown = page[:PAGE]
    held = _posts_of([user.pk for user in shown], day)
    names = selectors.names_of(user.person_id for user in shown)
    lines = [
        AccountLine(
            u.pk, u.get_username(), names.get(u.person_id, ""), u.is_active, tuple(held.get(u.pk, ()))
        )
        for u in shown
    ]
    return lines, shown[-1].get_username() if len(page) > PAGE else ""


def account(user_id: UUID) -> AccountLine | None:
    """One staff account; None where there is none. Its posts are told by `holdings_of`."""
    user = User.objects.filter(pk=user_id, kind=User.Kind.STAFF).first()
    if user is None:
        return None
    name = selectors.names_of([user.person_id]).get(user.person_id, "")
    return AccountLine(user.pk, user.get_username(), name, user.is_active, (), user.locked_because or "")


def holdings_of(user_id: UUID, day: date) -> list[HoldingLine]:
    """Every post an account was ever given, the present ones first."""
    rows = PostHolding.objects.filter(user_id=user_id).select_related("post__department")
    return _present_first([_holding(row, f"{row.post.department.name}·{row.post.name}", day) for row in rows])


def holders_of(post_id: UUID, day: date) -> list[HoldingLine]:
    """Everyone who was ever given a post, the present ones first."""
    rows = list(PostHolding.objects.filter(post_id=post_id).select_related("user", "deputy_for"))
    people = {one.person_id for row in rows for one in (row.user, row.deputy_for) if one}
    names = selectors.names_of(people)
    words = {row.id: f"{names.get(row.user.person_id, '')}（{row.user.get_username()}）" for row in rows}
    for row in rows:
        if row.deputy_for:
            words[row.id] += f"，代{names.get(row.deputy_for.person_id, '')}"
    return _present_first([_holding(row, words[row.id], day) for row in rows])


@dataclass(frozen=True)
class RoleLine:
    """A role: how many posts have it, what it may do in words; `found`: what of that was asked for."""

    code: str
    name: str
    posts: int
    may: tuple[str, ...]
    found: tuple[str, ...]


def posts(*, words: str = "", after: str = "", role: str = "") -> tuple[list[PostLine], str]:
    """
    Posts by code. `words`: part of the name of a post or department, or how the code begins; `role`: a code that they
    have.
    """
    found = Post.objects.select_related("department").order_by("code")
    if role:
        found = found.filter(pk__in=RoleGrant.objects.filter(role=role).values("post_id"))
    if words := words.strip():
        found = found.filter(
            Q(name__contains=words) | Q(department__name__contains=words) | Q(code__startswith=words.upper())
        )
    if after:
        found = found.filter(code__gt=after)
    page = list(found.prefetch_related("grants")[: PAGE + 1])
    lines = [_post_line(post) for post in page[:PAGE]]
    return lines, lines[-1].code if len(page) > PAGE else ""


def post(post_id: UUID) -> Post | None:
    """With its department; None where there is none."""
    return Post.objects.filter(pk=post_id).select_related("department").first()


def grants_of(post_id: UUID) -> list[GrantLine]:
    rows = RoleGrant.objects.filter(post_id=post_id).select_related("department").order_by("role", "id")
    return [grant_line(row) for row in rows]


def grant(grant_id: UUID) -> RoleGrant | None:
    return RoleGrant.objects.filter(pk=grant_id).select_related("department", "post__department").first()


def grant_line(row: RoleGrant) -> GrantLine:
    department = row.department.name if row.department else ""
    return GrantLine(row.id, role_name(row.role), where_words(row.region_code, department, row.item_types))


def where_words(region_code: str, department: str, item_types: Iterable[str]) -> str:
    """The limits of a grant in words, of each dimension also that there is none."""
    place = f"{regions.full_name(region_code) or region_code}和下级区划" if region_code else "不限区划"
    kinds = "、".join(item_type_names(item_types))
    return "，".join([
        f"{department}和下级部门" if department else "不限部门",
        place,
        f"只办{kinds}" if kinds else "不限事项类型",
    ])  # fmt: skip


def item_type_names(codes: Iterable[str]) -> list[str]:
    kinds = code_list("item_type")
    return [kinds.require(code).name for code in codes]


def role_lines(words: str = "") -> list[RoleLine]:
    """Every role; with `words`, those that are called so or may do something that is."""
    held = dict(RoleGrant.objects.values_list("role").annotate(number=Count("post_id", distinct=True)))
    lines = []
    for code, role in roles().items():
        may = [says for name, says in permissions().items() if name in role.permissions]
        found = [says for says in may if words and words in says]
        if not words or found or words in role.name:
            lines.append(RoleLine(code, role.name, held.get(code, 0), tuple(may), tuple(found)))
    return lines


def role_matrix() -> tuple[list[str], list[list[str]]]:
    """权限 × 角色: headers, and a row for each thing that may be done by some role."""
    known = roles().values()
    rows = [
        [says, *("可以" if name in role.permissions else "" for role in known)]
        for name, says in permissions().items()
    ]
    return ["权限", *(role.name for role in known)], [row for row in rows if any(row[1:])]


def departments() -> Sequence[Department]:
    """Those in use, parents before children: an installation has some hundreds at most."""
    return list(Department.objects.filter(closed_on=None).order_by("path"))


def role_name(code: str) -> str:
    known = roles().get(code)
    return known.name if known else code


def _posts_of(user_ids: Sequence[UUID], day: date) -> Mapping[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    rows = PostHolding.objects.filter(user_id__in=user_ids).select_related("post__department")
    for row in rows.order_by("from_on", "id"):
        if holds_on(day, (row.from_on, row.until_on)):
            found.setdefault(row.user_id, []).append(f"{row.post.department.name}·{row.post.name}")
    return found


def _holding(row: PostHolding, words: str, day: date) -> HoldingLine:
    now = row.until_on is None or row.until_on >= day
    return HoldingLine(row.user_id, row.post_id, words, row.from_on, row.until_on, now)


def _present_first(lines: list[HoldingLine]) -> list[HoldingLine]:
    return sorted(lines, key=lambda line: (not line.now, -line.from_on.toordinal()))


def _post_line(row: Post) -> PostLine:
    names = sorted(role_name(grant.role) for grant in row.grants.all())
    return PostLine(row.id, row.code, row.name, row.department.name, tuple(dict.fromkeys(names)))
