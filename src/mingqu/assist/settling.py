"""What this room has of a department that has to be settled before it is closed (机构撤销)."""

from mingqu.assist.models import Stuck
from mingqu.identity.services.settling import Tie

TIES = (
    Tie(
        "没有答复的办不成事反映",
        lambda department, day: Stuck.objects.filter(
            department_id=department, state__in=("filed", "again", "going")
        ),
        page="assist:desk",
        how="先答复。",
    ),
)
