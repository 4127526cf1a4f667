"""What this room has of a department that is to be closed (机构撤销)."""

from mingqu.identity.services.settling import Tie
from mingqu.regulation.models import Supervised

TIES = (
    Tie(
        "在监管的对象",
        lambda department, day: Supervised.objects.filter(department_id=department, ended_on=None),
        page="regulation:desk",
        how="有承接部门的，撤销生效时自动交给它接着监管；职责取消的，没有人再检查。",
        bars=False,
    ),
)
