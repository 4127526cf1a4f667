"""What this room has of a department that has to be settled before it is closed (机构撤销)."""

from mingqu.identity.services.settling import Tie
from mingqu.voice.models import Ticket

TIES = (
    Tie(
        "没有答复的投诉、咨询和建议",
        lambda department, day: Ticket.objects.filter(department_id=department, state=Ticket.State.FILED),
        page="voice:desk",
        how="先答复，或者转给接着办的机关。",
    ),
)
