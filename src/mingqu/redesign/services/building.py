"""From what was asked to what is run: processes, people, arrivals."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from math import log
from typing import Any

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.catalogue.types import Definition, Document
from mingqu.clocks import selectors as clocks
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import BEIJING
from mingqu.process.services import Plan
from mingqu.process.simulation import selectors as past
from mingqu.process.simulation.services import Hours, Quantile, sampled, spread, uniform
from mingqu.process.simulation.types import Arrival, Discipline, Pool, Setup
from mingqu.redesign import rules
from mingqu.redesign.errors import BasisUnknown, NothingRecorded
from mingqu.redesign.selectors import setting_up
from mingqu.redesign.types import Arrangement, Asked, Basis

UNKNOWN_MINUTES = 30.0
"""Of a step for which nothing was recorded and nothing was said; the page says so."""


def definition_of(asked: Asked, basis: Basis) -> tuple[Definition, Document]:
    """What a basis says, unchanged since it was chosen. Raises BasisUnknown, HandlingUnknown."""
    if basis.draft_id is None:
        item = revisions.item(asked.item_code)
        document: Document | None = catalogue.document(revisions.revision(item, basis.number).id)
    else:
        draft = revisions.draft(basis.draft_id)
        if draft is None or draft.digest != basis.digest:
            raise BasisUnknown(field="after")
        document = revisions.document_of(draft.document)
    if document is None:
        raise BasisUnknown(field="after")
    return revisions.definition_of(document, asked.handling), document


def drawn_after(asked: Asked) -> bool:
    """Whether the changed process is drawn, as far as it can still be read."""
    try:
        return definition_of(asked, asked.after)[0].process is not None
    except DomainError:  # the draft was changed or dropped since
        return False


def plan_of(definition: Definition, document: Document, arrangement: Arrangement) -> Plan:
    """Raises PlanRefused."""
    return revisions.plan_for(rules.arranged(definition, arrangement), document)


@dataclass
class Ground:
    """What all processes of a run share: the same cases, the same hours, the same lengths of work."""

    first: datetime
    hours: Hours
    arrivals: list[Arrival] = field(default_factory=list)
    minutes: dict[str, Quantile] = field(default_factory=dict)
    recorded_totals: list[float] = field(default_factory=list)


def ground_of(asked: Asked) -> Ground:
    """Read what was recorded, and lay out the arrivals. Raises NothingRecorded."""
    first = asked.since
    calendar = clocks.current_calendar()
    works = (lambda _day: True) if asked.weekend else calendar.working_day
    ground = Ground(datetime.combine(first, time.min, BEIJING), Hours(first, works, rules.spans(asked.hours)))
    recorded = _recorded(asked, ground)
    ground.minutes |= {step: spread(minutes) for step, minutes in asked.minutes.items()}
    if asked.source == "replay":
        if not recorded:
            raise NothingRecorded(field="since")
        ground.arrivals = [_without(one, asked.minutes) for one in sorted(recorded, key=lambda one: one.at)]
    else:
        ground.arrivals = list(_sampled(asked, ground.hours, recorded))
    return ground


def _recorded(asked: Asked, ground: Ground) -> list[Arrival]:
    """Past cases as they came, and by the way how long each step took and each case."""
    found = cases.past_cases(asked.item_code, asked.handling, asked.since, asked.until, asked.cases)
    situations = {one.id: one.situation for one in found}
    office = setting_up.office_hours(asked.since)
    came: dict[object, list[float]] = {}
    taken: dict[object, dict[str, float]] = {}
    by_step: dict[str, list[float]] = {}
    for row in past.recorded(list(situations)):
        opened, closed = (setting_up.minute_of(moment, asked.since) for moment in (row.opened, row.closed))
        span = came.setdefault(row.root_id, [opened, closed])
        span[0], span[1] = min(span[0], opened), max(span[1], closed)
        work = setting_up.work_of(row, office)
        taken.setdefault(row.root_id, {}).setdefault(row.step, work)
        by_step.setdefault(row.step, []).append(work)
    ground.minutes |= {step: sampled(values) for step, values in by_step.items()}
    ground.recorded_totals = [office.worked(end) - office.worked(begin) for begin, end in came.values()]
    return [
        Arrival(max(0.0, begin), {"situation": situations[root]}, taken[root])  # type: ignore[index]
        for root, (begin, _end) in came.items()
    ]


def _without(one: Arrival, changed: dict[str, float]) -> Arrival:
    """What somebody wants otherwise is not taken from the record."""
    if not changed:
        return one
    return Arrival(one.at, one.data, {step: at for step, at in one.taken.items() if step not in changed})


def _sampled(asked: Asked, hours: Hours, recorded: Sequence[Arrival]) -> Iterator[Arrival]:
    """Cases that come at random within working hours, with the situations that were."""
    work, every = 0.0, hours.per_day / asked.per_day
    for case in range(asked.cases):
        work += -log(1 - uniform(asked.seed, case, "arrival")) * every
        data = recorded[int(uniform(asked.seed, case, "situation") * len(recorded))].data if recorded else {}
        yield Arrival(hours.moment(work), data)


def _hours_of(asked: Asked, ground: Ground, post: str) -> Hours:
    """The calendar of a post: the usual one, or its own."""
    if post not in asked.hours_of and post not in asked.weekend_of:
        return ground.hours
    daily = asked.weekend or post in asked.weekend_of
    works = (lambda _day: True) if daily else clocks.current_calendar().working_day
    return Hours(ground.hours.first, works, rules.spans(asked.hours_of.get(post, asked.hours)))


def setup_of(asked: Asked, ground: Ground, plan: Plan, people: dict[str, int], of: Definition) -> Setup:
    """`of`: what the process belongs to; its 自动判定 read the situation of past cases, never their forms."""

    def decides(node: str, data: Mapping[str, Any]) -> str:
        return catalogue.routed(of, node, data.get("situation", {}), {})

    steps = [node for node in plan.nodes.values() if node.post]
    posts: dict[str, int] = {}
    for node in steps:
        for post in (node.post, *node.signers):
            posts[post] = max(posts.get(post, 1), node.people)
    return Setup(
        plan=plan,
        first=ground.first,
        pools={
            post: Pool(people.get(post, least), _hours_of(asked, ground, post))
            for post, least in posts.items()
        },
        minutes={node.id: ground.minutes.get(node.id) or spread(UNKNOWN_MINUTES) for node in steps},
        order=Discipline(asked.order),
        seed=asked.seed,
        decides=decides if of.routes else None,
    )
