"""
The joint limit while a part is in a special procedure (行政许可法 45): its time is not counted in "the limits of this
section", and the forty-five days of 42, second paragraph, are one of them (decision 0013). The other parts' own clocks
run on.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from mingqu.cases.models import Bundle, BundlePart, Case
from mingqu.clocks import selectors as clock_selectors
from mingqu.clocks import services as clocks
from mingqu.clocks.types import Action, ClockKey, Entry, Kind, PauseOrder
from mingqu.kernel.commands import Command
from mingqu.kernel.legal_day import legal_day

STATUTORY = ClockKey(Kind.STATUTORY)
LATE = "办件的特别程序在这一天开始或者结束，一件事随后登记。"


def stand_still(cmd: Command, bundle: Bundle, parts: Sequence[BundlePart], moved: Case) -> None:
    """
    Stops the joint limit with the first part in a special procedure, and lets it run on when the last is out of it;
    each day is left out once, however many parts stand still. `moved`: the case whose fact is followed.
    """
    if bundle.status != Bundle.Status.HANDLING or bundle.accepted_on is None:
        return
    running, today = bundle.due_on is not None, legal_day(cmd.at)
    # Each special procedure is a fact of its own, so while the limit runs only the moved case can stop it.
    first = (moved if _stands(moved) else None) if running else _first(parts)
    if first is not None and bundle.due_on is not None:
        told = _last(first, Action.PAUSE)
        day = max(told.day, bundle.accepted_on)
        if day > bundle.due_on:  # over already: nothing is left to stand still
            return
        order = PauseOrder(told.ground, told.proof, told.expected_until, reason=LATE if day < today else "")
        clocks.pause(root_id=bundle.pk, order=order, by=cmd.by, day=_past(day, today))
        cmd.change(bundle, due_on=None)
        cmd.note(joint="paused", ground=told.ground)
    elif first is None and bundle.due_on is None:
        day = _day_of_end(bundle, parts, today)
        due_on = clocks.resume(
            root_id=bundle.pk, by=cmd.by, day=_past(day, today), reason=LATE if day < today else ""
        )
        cmd.change(bundle, due_on=due_on)
        cmd.note(joint="resumed", due_on=due_on)


def _stands(case: Case) -> bool:
    return case.suspended_since is not None and case.status == Case.Status.ACCEPTED


def _first(parts: Sequence[BundlePart]) -> Case | None:
    ids = [part.case_id for part in parts if part.case_id]
    still = Case.objects.filter(pk__in=ids, status=Case.Status.ACCEPTED, suspended_since__isnull=False)
    return still.order_by("suspended_since", "id").first()


def _last(case: Case, action: Action) -> Entry:
    entries = clock_selectors.entries_of(case.pk, Kind.STATUTORY)
    return [entry for entry in entries if entry.action is action][-1]


def _day_of_end(bundle: Bundle, parts: Sequence[BundlePart], today: date) -> date:
    """On which day the last part's special procedure ended, by its own clock: the relay may tell it later."""
    found, _calendar = clock_selectors.ledgers([bundle.pk, *(part.case_id for part in parts if part.case_id)])
    limit = found.pop(bundle.pk)[STATUTORY]
    since = [entry.day for entry in limit if entry.action is Action.PAUSE][-1]
    ends = [day for ledger in found.values() for day in _ends(ledger.get(STATUTORY, []))]
    return max((day for day in ends if since <= day <= today), default=today)


def _ends(entries: Iterable[Entry]) -> Iterator[date]:
    stands = False
    for entry in entries:
        if entry.action is Action.PAUSE:
            stands = True
        elif stands and entry.action in (Action.RESUME, Action.STOP):
            stands = False
            yield entry.day


def _past(day: date, today: date) -> date | None:
    """None is today, which needs no reason."""
    return day if day < today else None
