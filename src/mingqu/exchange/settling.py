"""What this room has of a department that has to be settled before it is closed (机构撤销)."""

from mingqu.exchange.models import Handover
from mingqu.identity.services.settling import Tie

TIES = (
    Tie(
        "转给外部系统、还没有结果的",
        lambda department, day: Handover.objects.filter(department_id=department, ended_at=None).exclude(
            sending__in=(Handover.Sending.CALLED_OFF, Handover.Sending.SETTLED)
        ),
        page="exchange:desk",
        how="等外部系统的结果，或者由工作人员登记结果。",
    ),
)
