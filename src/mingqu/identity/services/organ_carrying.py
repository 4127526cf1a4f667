"""
Posts carried over to who takes over (岗位划转), within the deed that ends a department: each keeps its row, its code,
who holds it (AB岗 too), its grants and what lies open at it; what was done before keeps the name of its day
(`PostMove`).
"""

from uuid import UUID

from django.db.models import Q

from mingqu.identity.models import (
    Department,
    DepartmentChange,
    Post,
    PostHolding,
    PostMove,
    RoleGrant,
)
from mingqu.identity.organ_errors import OwnPostCarried
from mingqu.identity.services import settling
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant


def carry_posts(row: DepartmentChange, department: Department, at: Instant) -> int:
    """
    All its posts go to `row.successor`, with what rooms said goes along with them; how many. The caller holds both
    departments, so nobody is appointed or granted anything meanwhile.
    """
    heir = Department.objects.get(pk=row.successor_id)
    for tie in settling.ties():
        if tie.along:
            tie.rows(department.pk, legal_day(at)).update(**{tie.along: heir.pk})
    posts = list(Post.objects.select_for_update().filter(department=department).order_by("pk"))
    PostMove.objects.bulk_create(
        PostMove(
            post=post,
            change=row,
            department_before=department,
            name_before=department.name,
            from_on=row.from_on,
        )
        for post in posts
    )
    ids = [post.pk for post in posts]
    Post.objects.filter(pk__in=ids).update(department=heir)
    for grant in RoleGrant.objects.filter(post_id__in=ids, department=department).order_by("pk"):
        _regrant(grant, department, heir)
    return len(ids)


def refuse_own_carrying(department_id: UUID, by: Actor, at: Instant) -> None:
    """
    What a post may do over its department it may do over the successor then: nobody has a hand in that who holds such a
    post. Raises OwnPostCarried.
    """
    held = PostHolding.objects.filter(Q(until_on=None) | Q(until_on__gte=legal_day(at)), user_id=by.user_id)
    grants = RoleGrant.objects.filter(post__department_id=department_id, department_id=department_id)
    if by.user_id and grants.filter(post_id__in=held.values("post_id")).exists():
        raise OwnPostCarried()


def _regrant(grant: RoleGrant, before: Department, heir: Department) -> None:
    """The same role over the successor; where the post has it there already, the two are one."""
    region = heir.region_code if grant.region_code == before.region_code else grant.region_code
    same = RoleGrant.objects.filter(
        post_id=grant.post_id, role=grant.role, region_code=region, department=heir
    ).first()
    if same is None:
        grant.department, grant.region_code = heir, region
        grant.save(update_fields=["department", "region_code"])
        return
    whole = not grant.item_types or not same.item_types
    same.item_types = [] if whole else sorted({*grant.item_types, *same.item_types})
    same.save(update_fields=["item_types"])
    grant.delete()


def goes_along(department_id: UUID) -> list[str]:
    """Names of the posts that would be carried over, by code."""
    posts = Post.objects.filter(department_id=department_id).order_by("code")
    return list(posts.values_list("name", flat=True))
