"""What the clocks of a case would say if something were entered now: for the last question before it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Action, ClockSpec, Entry, Kind
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.workbench.types import Moved

NOT_WRITTEN = "preview"  # stands for the notice that the command will name


def if_paused(case_id: UUID, ground: str, expected_until: date, at: Instant) -> list[Moved]:
    """Every running clock that stops for this ground, with the last day it has if all goes as expected."""

    def entry(spec: ClockSpec) -> Entry | None:
        if ground not in spec.pauses:
            return None
        plain = _entry(Action.PAUSE, at)
        return replace(plain, ground=ground, proof=NOT_WRITTEN, expected_until=expected_until)

    return _supposed(case_id, at, entry)


def if_resumed(case_id: UUID, at: Instant) -> list[Moved]:
    """Every clock that a special procedure holds, with its last day if it goes on today."""
    return _supposed(case_id, at, lambda spec: _entry(Action.RESUME, at), paused=True)


def if_extended(case_id: UUID, limit: int, at: Instant) -> list[Moved]:
    """
    The statutory clock before and after the one extension (行政许可法 42), and the promised one where its own rule
    lets it follow.
    """

    def entry(spec: ClockSpec) -> Entry | None:
        if spec.extension is None:
            return None
        plain, most = _entry(Action.EXTEND, at), spec.extension.limit
        return replace(plain, limit=min(limit, most), approver=spec.extension.approver, reason=NOT_WRITTEN)

    return _supposed(case_id, at, entry)


def promise_kept(case_id: UUID, at: Instant) -> date | None:
    """The promised last day where an extension does not move it; None where it does, or none runs."""
    promised = clocks.states([case_id], at)[case_id].of(Kind.PROMISED)
    if promised is None or promised.stopped_on is not None:
        return None
    spec = next(e.spec for e in clocks.entries_of(case_id, Kind.PROMISED) if e.spec is not None)
    return promised.due_on if spec.extension is None else None


def _entry(action: Action, at: Instant) -> Entry:
    return Entry(0, action, legal_day(at), at, at=at)


def _supposed(
    case_id: UUID, at: Instant, make: Callable[[ClockSpec], Entry | None], *, paused: bool = False
) -> list[Moved]:
    calendar, found = clocks.current_calendar(), []
    for now in clocks.states([case_id], at)[case_id].deadlines:
        if now.stopped_on is not None or not now.kind.binds_root or (now.paused_since is not None) != paused:
            continue
        entries = clocks.entries_of(case_id, now.kind, now.ref)
        spec = next(e.spec for e in entries if e.spec is not None)
        if (new := make(spec)) is None:
            continue
        then = clocks.deadline([*entries, replace(new, seq=len(entries) + 1)], calendar, at)
        found.append(Moved(now.kind.text, now.due_on or now.projected_on, then.due_on or then.projected_on))
    return found
