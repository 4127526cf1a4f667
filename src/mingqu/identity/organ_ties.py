"""What identity itself has of a department that has to be settled before it is closed (机构撤销)."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from mingqu.identity.models import Department, PostHolding, StaffRegister
from mingqu.identity.services.settling import Tie
from mingqu.kernel.models import NumberSeries


def _held(department: UUID, day: date) -> QuerySet[PostHolding]:
    """Held longer than this day: whose last day it is goes with it."""
    own = PostHolding.objects.filter(post__department_id=department)
    return own.filter(Q(until_on=None) | Q(until_on__gt=day))


def _series(department: UUID, day: date) -> QuerySet[NumberSeries]:
    return NumberSeries.objects.filter(organ=Department.objects.filter(pk=department).values("code")[:1])


TIES = (
    Tie(
        "下级部门",
        lambda department, day: Department.objects.filter(parent_id=department, closed_on=None),
        page="identity:departments",
        how="先改隶到承接的单位，或者先撤销。",
    ),
    Tie(
        "还有人担任的岗位",
        _held,
        page="identity:organs",
        how="先免去（最后一天最晚写今天），在承接的单位重新任命；岗位整体划转的，人员跟着岗位走。",
        with_posts=True,
    ),
    Tie(
        "对接的人事系统",
        lambda department, day: StaffRegister.objects.filter(department_id=department, ended_at=None),
        page="identity:registers",
        how="停用，由承接的单位重新登记。",
    ),
    Tie(
        "用过的文号序列",
        _series,
        how="撤销以后不再编号，也不重复用；承接的单位接着编自己的。",
        bars=False,
    ),
)
