"""What this room has of a department that has to be settled before it is closed (机构撤销)."""

from mingqu.evaluation.models import FollowUp
from mingqu.identity.services.settling import Tie

TIES = (
    Tie(
        "没有整改完的差评",
        lambda department, day: FollowUp.objects.filter(department_id=department).exclude(
            state__in=("published", "excluded")
        ),
        page="evaluation:follow_ups",
        how="整改、回访、公开完再撤销。",
    ),
)
