"""
Signals between the parts of one 一件事: what the flow of one part throws releases what another part's flow waits for,
once, whichever of both came first. A case that is no part of one throws to nobody.
"""

from uuid import UUID, uuid5

from mingqu.cases import events, selectors
from mingqu.cases.arriving.errors import ArrivalNotAwaited
from mingqu.cases.arriving.sending import whose
from mingqu.cases.models import Case
from mingqu.cases.services.arriving import left
from mingqu.cases.services.standing_aside import tell_stranded
from mingqu.kernel.commands import command, require_command
from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.process import selectors as process
from mingqu.process import services as engine
from mingqu.process.types import Awaited

SIGNALS = Actor.system("signals")


def throw(root_id: UUID, signal: str, at: Instant) -> None:
    """The engine threw a signal; it keeps which (`process.thrown`)."""
    _look(root_id)


def listen(root_id: UUID, awaited: Awaited, at: Instant) -> None:
    """The engine waits for one, which another part may have thrown already."""
    _look(root_id)


def _look(root_id: UUID) -> None:
    bundle_id = Case.objects.values_list("bundle_id", flat=True).get(pk=root_id)
    if bundle_id is not None:
        require_command().publish(events.FlowSignals(*whose(root_id), bundle_id=bundle_id))


@subscriber("cases.carry_signals", events.FlowSignals)
def carry(event: events.FlowSignals, *, at: Instant) -> None:
    """Every signal that a part waits for and another has thrown is heard, each once. Safe to repeat."""
    parts = list(Case.objects.filter(bundle_id=event.bundle_id).order_by("id"))
    thrown = {part.pk: process.thrown(part.pk) for part in parts if part.instance_id}
    for part in parts:
        if part.status != Case.Status.ACCEPTED:
            continue
        wanted = set(process.listened(part.pk))
        for other, throws in thrown.items():
            for one, signal in throws:
                if other != part.pk and signal in wanted:
                    hear(part.pk, signal, of=f"{other}:{one}", at=at)


def hear(case_id: UUID, signal: str, *, of: str, at: Instant) -> None:
    """`of`: which throw it is. What it was heard for before, and what is not awaited by now, changes nothing."""
    key = CommandKey(uuid5(case_id, f"signal:{of}"))
    try:
        with command("case.hear_signal", case_id, by=SIGNALS, at=at, key=key) as cmd:
            if cmd.repeated:
                return
            case = selectors.case_for_update(case_id)
            if case.status != Case.Status.ACCEPTED or signal not in process.listened(case_id):
                raise ArrivalNotAwaited()
            effects = engine.signal(root_id=case_id, name=signal, by=SIGNALS, at=at)
            if dropped := [task for one in effects for task in one.dropped]:
                left(case, dropped, at)
            tell_stranded(cmd, case)
            cmd.note(signal=signal)
            cmd.done(None)
    except ArrivalNotAwaited:
        return  # another throw of it came first, or what it waited beside is done
