"""What this room has of a department that has to be settled before it is closed (机构撤销)."""

from mingqu.identity.services.settling import Tie
from mingqu.outreach.models import Errand, HomeVisit, Point

TIES = (
    Tie(
        "管着的便民服务点",
        lambda department, day: Point.objects.filter(department_id=department, closed_on=None),
        page="outreach:manage",
        how="改由承接的单位管，或者停办。",
    ),
    Tie(
        "没有办完的帮办代办",
        lambda department, day: Errand.objects.filter(
            department_id=department, state__in=("open", "paper", "agreed", "filed")
        ),
        page="outreach:desk",
        how="办完，或者由本人结束。",
    ),
    Tie(
        "没有办完的上门服务",
        lambda department, day: HomeVisit.objects.filter(
            department_id=department, state__in=("asked", "planned")
        ),
        page="outreach:visits",
        how="办完，或者写明办不了的原因。",
    ),
)
