"""
Who stands above whom: the rank of a post (岗位层级), as it is registered or as its roles tell.

Ranks are ours, a plain order of four; no regulation names them. They are asked only where one person is to look over
what another has set, and nobody is to look over who is above.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, Value

from mingqu.identity.models import Post, RoleGrant

BY_ROLE = {
    "government_head": Post.Rank.HEAD,
    "department_head": Post.Rank.HEAD,
    "approver": Post.Rank.DEPUTY,
    "checker": Post.Rank.SECTION,
}


@dataclass(frozen=True)
class Ranked:
    """A post with the way of its department and its rank."""

    path: str
    rank: int

    def below(self, other: "Ranked") -> bool:
        """A department below is below, one above is not; else the rank tells."""
        if self.path != other.path and self.path.startswith(other.path):
            return True
        if self.path != other.path and other.path.startswith(self.path):
            return False
        return self.rank < other.rank


def posts_below(first_post: UUID, codes: Iterable[str]) -> set[str]:
    """Which of these posts, by code, stand below that one. One statement."""
    ranked = _ranked(Q(pk=first_post) | Q(code__in=set(codes)))
    if first_post not in ranked:
        return set()
    first = ranked[first_post][1]
    return {code for pk, (code, one) in ranked.items() if pk != first_post and one.below(first)}


def code_and_below(post: UUID, first_post: UUID) -> tuple[str, bool]:
    """The code of a post ("": there is none), and whether it stands below the other one. One statement."""
    ranked = _ranked(Q(pk__in=(post, first_post)))
    if post not in ranked:
        return "", False
    code, own = ranked[post]
    return code, first_post in ranked and own.below(ranked[first_post][1])


def _ranked(which: Q) -> dict[UUID, tuple[str, Ranked]]:
    """By id of the post: its code, and where it stands."""
    rows = Post.objects.filter(which)
    rows = rows.annotate(roles=ArrayAgg("grants__role", filter=Q(grants__isnull=False), default=Value([])))
    found = rows.values_list("pk", "code", "department__path", "rank", "roles")
    return {pk: (code, Ranked(path, rank or by_roles(roles))) for pk, code, path, rank, roles in found}


def by_roles(roles: Iterable[str]) -> int:
    """The rank its roles tell where none is registered: the highest of them."""
    return max((BY_ROLE.get(role, Post.Rank.OFFICER) for role in roles), default=Post.Rank.OFFICER)


def rank_words(post: Post) -> str:
    """As the page of the post says it."""
    if post.rank:
        return str(Post.Rank(post.rank).label)
    roles = RoleGrant.objects.filter(post=post).values_list("role", flat=True)
    return f"{Post.Rank(by_roles(roles)).label}（按角色，没有登记）"
