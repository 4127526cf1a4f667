"""Questions to the duties of organs (责任事项)."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from mingqu.catalogue.directory.duty_models import Duty, DutyDone
from mingqu.catalogue.directory.errors import DutyUnknown
from mingqu.identity.services import access
from mingqu.kernel.types import Actor

LISTED = 300
SOON = timedelta(days=30)
WHICH = {"": "没有终止的", "late": "已经逾期的", "soon": "30天内到期的", "ended": "已经终止的"}
# A colour code of the `status` tag with its words.
STATES = {
    "late": ("refused", "已逾期"),
    "soon": ("correct", "快到期"),
    "runs": ("accepted", "未到期"),
    "ended": ("done", "已终止"),
}


@dataclass(frozen=True)
class DutyRow:
    duty: Duty
    state: str  # of STATES

    @property
    def colour(self) -> str:
        return STATES[self.state][0]

    @property
    def words(self) -> str:
        return STATES[self.state][1]


def duties(actor: Actor, which: str, on: date) -> list[DutyRow]:
    """What the acting post may see, soonest due first."""
    found = _visible(actor).select_related("department")
    found = found.filter(_which(which, on)).order_by("due_on", "id")
    return [DutyRow(duty, _state(duty, on)) for duty in found[:LISTED]]


def counts(actor: Actor, on: date) -> dict[str, int]:
    wanted = {name or "all": Count("id", filter=_which(name, on)) for name in WHICH}
    return dict(_visible(actor).aggregate(**wanted))


def duty_seen(actor: Actor, duty_id: UUID, on: date) -> tuple[DutyRow, list[DutyDone]]:
    """One duty and what was done for it, newest first. Raises DutyUnknown for absent and forbidden alike."""
    found = _visible(actor).select_related("department").filter(pk=duty_id).first()
    if found is None:
        raise DutyUnknown()
    return DutyRow(found, _state(found, on)), list(found.done.order_by("-due_on"))


def _visible(actor: Actor) -> QuerySet[Duty]:
    return Duty.objects.filter(access.scope(actor, "duty.see").q(item_type="law"))


def _which(which: str, on: date) -> Q:
    running = Q(ended_on=None)
    match which:
        case "late":
            return running & Q(due_on__lt=on)
        case "soon":
            return running & Q(due_on__gte=on, due_on__lte=on + SOON)
        case "ended":
            return ~running
    return running


def _state(duty: Duty, on: date) -> str:
    if duty.ended_on:
        return "ended"
    if duty.due_on < on:
        return "late"
    return "soon" if duty.due_on <= on + SOON else "runs"
