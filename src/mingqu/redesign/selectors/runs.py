"""Runs as the post may see them."""

from uuid import UUID

from mingqu.identity.services import access
from mingqu.kernel.json import load
from mingqu.kernel.types import Actor
from mingqu.redesign.errors import RunUnknown
from mingqu.redesign.models import SimulationRun
from mingqu.redesign.types import Asked, Result

PAGE = 30
SEE = "redesign.see"


def runs(
    actor: Actor, *, item: str = "", state: str = "", after: str = ""
) -> tuple[list[SimulationRun], str]:
    """The newest first, without their results; the id to go on from. Keyset."""
    rows = SimulationRun.objects.filter(access.scope(actor, SEE).q()).defer("result", "asked")
    if item:
        rows = rows.filter(item_code=item)
    if state in SimulationRun.State.values:
        rows = rows.filter(state=state)
    try:
        rows = rows.filter(pk__lt=UUID(after)) if after else rows
    except ValueError:
        return [], ""
    found = list(rows.order_by("-id")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def run_seen(actor: Actor, run_id: UUID) -> SimulationRun:
    """Raises RunUnknown, also for one outside the post's scope."""
    row = SimulationRun.objects.filter(pk=run_id).first()
    if row is None or not access.allows(actor, SEE, row):
        raise RunUnknown()
    return row


def asked_of(row: SimulationRun) -> Asked:
    return load(Asked, row.asked)


def result_of(row: SimulationRun) -> Result | None:
    return load(Result, row.result) if row.result is not None else None


def twins(row: SimulationRun) -> list[SimulationRun]:
    """Others of the same item that are done, the newest first: to be compared with."""
    rows = SimulationRun.objects.filter(item_code=row.item_code, state=SimulationRun.State.DONE)
    rows = rows.filter(department_id=row.department_id).exclude(pk=row.pk).defer("result")
    return list(rows.order_by("-id")[:10])


def first_answer(row: SimulationRun) -> SimulationRun | None:
    """The run that this one repeats."""
    return SimulationRun.objects.filter(pk=row.repeats).defer("result").first() if row.repeats else None
