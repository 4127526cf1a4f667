"""Once a morning each officer is told what waits: one message of the inbox instead of one for every case."""

from datetime import time
from typing import Final

from django.db.models import Q

from mingqu.clocks import selectors as clocks
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.notifications import services as notifications
from mingqu.workbench.selectors.desk import counts_of

BEGINS, ENDS = time(7, 30), time(12)  # a morning missed by a stop is not made up for in the evening
TOLD: Final = {"received": "待受理", "today": "今天到期", "soon": "三个工作日内到期", "late": "已经超期"}


def tell_all(at: Instant) -> None:
    """On working days, whoever holds a post at which something waits; once a day, however often this runs."""
    day = legal_day(at)
    if not BEGINS <= at.astimezone(BEIJING).time() < ENDS or not clocks.current_calendar().working_day(day):
        return
    lasts = Q(holdings__until_on=None) | Q(holdings__until_on__gte=day)
    held = identity.staff_accounts().filter(lasts, is_active=True, holdings__from_on__lte=day)
    for user_id, person_id, post_id in held.values_list("id", "person_id", "holdings__post_id"):
        actor = Actor("staff", person_id, post_id=post_id, user_id=user_id)
        counted = counts_of(actor, at)
        waits = [f"{words}{counted[code]}件" for code, words in TOLD.items() if counted.get(code, "0") != "0"]
        if waits:
            notifications.tell(
                person_id,
                "desk_digest",
                {"day": day, "waits": waits},
                post_id,
                at=at,
                fact=day.isoformat(),
                link="/desk/",
            )
