"""
When each part begins and ends, and which way through them is the longest (关键路径): what has happened by its days,
what runs by its clocks, what waits by what was promised. Read by the applicant's page and by the departments'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mingqu.cases.bundles import rules, selectors
from mingqu.cases.bundles.rules import Span
from mingqu.cases.models import Bundle, BundlePart, Case
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import GROUNDS, ClockSpec, Deadline, Kind, RootClocks, Unit
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant

WHOLE = 1000  # the width of a row, in parts


@dataclass(frozen=True)
class Standing:
    """A part that stands still by 特别程序 (行政许可法 45), alone: the others go on. Or one that was lengthened."""

    ground: str = ""
    since: date | None = None
    until: date | None = None  # the last day of the time needed, as it was told
    extended_on: date | None = None


@dataclass(frozen=True)
class Row:
    """One part in the picture: `left` and `width` in thousandths of the whole time."""

    part: BundlePart
    span: Span
    mark: str
    critical: bool
    left: int
    width: int
    until: int  # of the width: what has gone by


@dataclass(frozen=True)
class Timetable:
    rows: list[Row]
    way: list[str]  # names of the parts on the longest way
    first: date
    last: date
    today: int  # thousandths


def standings(parts: Sequence[BundlePart]) -> dict[str, Standing]:
    """By part: those whose time stands still or was lengthened. The caller has checked access."""
    ids = {
        part.case_id: part.code for part in parts if part.state == BundlePart.State.ACCEPTED and part.case_id
    }
    found: dict[str, Standing] = {}
    for case in Case.objects.filter(pk__in=list(ids)).only(
        "suspended_since", "suspended_ground", "suspended_until", "extended_on"
    ):
        if case.suspended_since:
            last = clocks.entries_of(case.pk, Kind.STATUTORY)[-1]
            ground = GROUNDS[case.suspended_ground].text
            found[ids[case.pk]] = Standing(
                ground, case.suspended_since, case.suspended_until or last.expected_until, case.extended_on
            )
        elif case.extended_on:
            found[ids[case.pk]] = Standing(extended_on=case.extended_on)
    return found


def timetable(bundle: Bundle, parts: Sequence[BundlePart], at: Instant) -> Timetable | None:
    """None where there is nothing to draw: one part only, or all ended without having begun."""
    spans = _spans(bundle, parts, at)
    if len(spans) < 2:
        return None
    first = min(span.first for span in spans.values())
    last = max(span.last for span in spans.values())
    whole = (last - first).days + 1
    today = legal_day(at)
    way = rules.critical_way(spans, {part.code: part.after for part in parts})

    def place(day: date) -> int:
        return min(max((day - first).days, 0), whole) * WHOLE // whole

    rows = []
    for part in parts:
        if (span := spans.get(part.code)) is None:
            continue
        left, right = place(span.first), (((span.last - first).days + 1) * WHOLE) // whole
        gone = right if span.mark == "done" else min(max(place(today), left), right)
        rows.append(Row(part, span, span.mark, part.code in way, left, right - left, gone - left))
    names = {part.code: part.name for part in parts}
    return Timetable(rows, [names[code] for code in way], first, last, place(today))


def _spans(bundle: Bundle, parts: Sequence[BundlePart], at: Instant) -> dict[str, Span]:
    """By part its first and last day; what fell away without having begun has none."""
    begun = [part.case_id for part in parts if part.case_id and part.accepted_on]
    known = clocks.states(begun, at) if begun else {}
    promised = _promised(bundle, parts)
    spans: dict[str, Span] = {}
    today = legal_day(at)
    waiting = list(parts)
    while waiting:
        ready = [p for p in waiting if not any(w.code in p.after for w in waiting)]
        for part in ready:
            if (
                span := _span(part, spans, known, promised, (legal_day(bundle.received_at), today))
            ) is not None:
                spans[part.code] = span
            waiting.remove(part)
    return spans


def _span(
    part: BundlePart,
    spans: Mapping[str, Span],
    known: Mapping[object, RootClocks],
    promised: Mapping[str, ClockSpec],
    between: tuple[date, date],
) -> Span | None:
    """`between`: the day of receipt and today; what has not begun can't begin before today."""
    received, today = between
    before = [spans[code].last for code in part.after if code in spans]
    first = part.accepted_on or max([*before, received])
    if part.ended_on:
        begun = part.accepted_on or part.state in rules.FULFILLED
        return Span(min(first, part.ended_on), part.ended_on, "done") if begun else None
    if part.state in rules.ENDED:
        return None
    if part.case_id in known and (running := _running(known[part.case_id])):
        last = running.due_on or running.projected_on
        return Span(first, max(first, last), "runs" if running.due_on else "still")
    outside = part.state == part.State.OUTSIDE  # another system has it already
    first = first if outside else max(first, today)
    planned = clocks.preview(promised.get(part.code, ClockSpec(Kind.PROMISED, 1)), first).deadline
    return Span(first, max(planned.due_on or first, today), "runs" if outside else "ahead")


def _running(of: RootClocks) -> Deadline | None:
    """The clock that ends first; while it stands still, where it would end if it ran on after the day told."""
    if binding := of.binding:
        return binding
    still = [d for d in of.deadlines if d.kind.binds_root and d.stopped_on is None]
    return min(still, key=lambda d: d.projected_on, default=None)


def _promised(bundle: Bundle, parts: Sequence[BundlePart]) -> dict[str, ClockSpec]:
    """As each was promised when the bundle was filed; outside systems in working days."""
    of = selectors.opened(bundle, parts)
    limits = {code: one.clocks.promised for code, one in of.definitions.items()}
    ours = {code: ClockSpec(Kind.PROMISED, one.limit, Unit(one.unit)) for code, one in limits.items()}
    outside = {p.code: p.external.limit for p in of.document.parts if p.external}
    return ours | {code: ClockSpec(Kind.PROMISED, limit) for code, limit in outside.items()}
