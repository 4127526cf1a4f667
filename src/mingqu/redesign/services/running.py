"""The job: run what was asked, and keep the answer. What a killed worker leaves begins again and comes out the same."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid5

from django.db.models import F
from procrastinate.contrib.django import app as jobs

from mingqu.catalogue.types import ClockRule, Definition
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Unit
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.json import plain
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.process.services import Plan
from mingqu.process.simulation.services import NeverEnds, NoHours, TooFar, TooFewPeople, simulate
from mingqu.process.simulation.types import Found
from mingqu.redesign import rules
from mingqu.redesign.models import SimulationRun
from mingqu.redesign.selectors import setting_up
from mingqu.redesign.selectors.runs import asked_of
from mingqu.redesign.services.asking import QUEUE, WORK
from mingqu.redesign.services.building import Ground, definition_of, ground_of, plan_of, setup_of
from mingqu.redesign.types import Arrangement, Asked, Result, Spread, Variant

SIMULATOR = Actor.system("simulator")
State = SimulationRun.State
PATIENCE = timedelta(minutes=3)
TELL_EVERY = 1.0  # seconds
WORDS: dict[Arrangement, str] = {"serial": "串联办", "parallel": "并联办"}
ROUND = "流程会一直绕圈，没有一件办得完。"
MOST_TRIES = 3
BROKE_OFF = "算了三次都中途断了，不再重试。请运维人员查看日志；也可以把件数改小再试。"
TOO_FAR = "按这样的件数、人手和用时，一百年也办不完，请改小再试。"


class Stopped(Exception):
    """Somebody stopped it, or another worker is at it."""


def run(run_id: UUID, at: Instant, now: Callable[[], Instant]) -> None:
    """`now`: for the signs of life on the way, by which a sweep knows that somebody works on it."""
    if not _begun(run_id, at):
        return
    asked = asked_of(SimulationRun.objects.get(pk=run_id))
    try:
        result = answer(asked, _teller(run_id, now))
    except Stopped:
        return
    except (TooFar, NoHours):  # unfinished it would begin again and again
        _finish(run_id, now(), None, TOO_FAR)
    except (NeverEnds, TooFewPeople, DomainError) as refused:
        words = refused.message if isinstance(refused, DomainError) else ROUND
        _finish(run_id, now(), None, words)
    else:
        _finish(run_id, now(), result, "")


def _begun(run_id: UUID, at: Instant) -> bool:
    rows = SimulationRun.objects.filter(pk=run_id, state__in=SimulationRun.AT_WORK)
    return bool(rows.update(state=State.RUNNING, done=0, moved_at=at, tries=F("tries") + 1))


def _teller(run_id: UUID, now: Callable[[], Instant]) -> Callable[[int, int], None]:
    """Say how far it is, about once a second. Raises Stopped."""
    last = [0.0]

    def told(done: int, total: int) -> None:
        if time.monotonic() - last[0] < TELL_EVERY:
            return
        last[0] = time.monotonic()
        rows = SimulationRun.objects.filter(pk=run_id, state=State.RUNNING)
        if not rows.update(done=done, total=total, moved_at=now()):
            raise Stopped()

    return told


def answer(asked: Asked, told: Callable[[int, int], None] = lambda _done, _total: None) -> Result:
    """
    Send the same cases through every process. Raises NothingRecorded, BasisUnknown, NeverEnds, NoHours, TooFar.
    """
    ground = ground_of(asked)
    before, text_before = definition_of(asked, asked.before)
    after, text_after = definition_of(asked, asked.after)
    written = rules.arranged(after, asked.arrangement)
    wanted: list[tuple[str, str, Definition, Plan, dict[str, int]]] = [
        ("before", "改前", before, plan_of(before, text_before, "as_written"), asked.staff),
        ("after", "改后", after, plan_of(after, text_after, asked.arrangement), asked.staff_after),
    ]
    other = rules.other_arrangement(written)
    if other is not None:
        plan = plan_of(after, text_after, other)
        wanted.append(("contrast", WORDS[other], after, plan, asked.staff_after))
    total = len(ground.arrivals) * len(wanted)
    variants = []
    for place, (key, label, definition, plan, people) in enumerate(wanted):
        over = place * len(ground.arrivals)
        found = simulate(
            setup_of(asked, ground, plan, people, definition),
            ground.arrivals,
            lambda n, over=over: told(over + n, total),
        )
        variants.append(_variant(key, label, definition, plan, (found, ground)))
    steps = {step.id: step.name for _k, _l, of, _p, _s in wanted for step in (*of.steps, of.decide)}
    unknown = [name for code, name in steps.items() if code not in ground.minutes]
    recorded = _in_days(ground.recorded_totals) if asked.source == "replay" else None
    return Result(variants, recorded, len(ground.recorded_totals) if recorded else 0, unknown)


def _in_days(totals: list[float]) -> Spread:
    return rules.spread([minutes / rules.FULL_DAY for minutes in totals])


def _variant(key: str, label: str, definition: Definition, plan: Plan, of: tuple[Found, Ground]) -> Variant:
    found, ground = of
    names = {node.id: (node.name, node.post) for node in plan.nodes.values() if node.post}
    posts = setting_up.post_names(found.posts)
    steps = [(code, name, posts.get(post, post)) for code, (name, post) in names.items()]
    first = ground.hours.first
    calendar = clocks.current_calendar()
    working = rules.days_of(found, first, calendar.working_days_between)
    span = calendar.working_days_between(first, first + timedelta(minutes=max(found.over, default=0.0))) or 1
    promised, statutory = definition.clocks.promised, definition.clocks.statutory
    return Variant(
        key=key,
        label=label,
        cases=len(working),
        days=rules.spread([float(one) for one in working]),
        per_day=round(len(working) / span, 2),
        steps=rules.step_results(found, {code: (name, post) for code, name, post in steps}),
        posts=rules.post_results(found, posts),
        late_promised=_late(promised, found, first),
        late_statutory=_late(statutory, found, first),
        promised=limit_words(promised),
        statutory=limit_words(statutory),
        plan=plan.digest,
    )


def _late(rule: ClockRule, found: Found, first: date) -> float | None:
    """Share beyond the limit; None where it is not counted in days."""
    calendar = clocks.current_calendar()
    ways: dict[str, Callable[[date, date], int]] = {
        Unit.WORKING_DAYS: calendar.working_days_between,
        Unit.DAYS: lambda came, over: (over - came).days,
    }
    way = ways.get(rule.unit)
    return None if way is None else rules.share_beyond(rules.days_of(found, first, way), rule.limit)


def limit_words(rule: ClockRule) -> str:
    return f"{rule.limit}{Unit(rule.unit).text}"


def _finish(run_id: UUID, at: Instant, result: Result | None, refusal: str) -> None:
    key = CommandKey(uuid5(run_id, f"answer:{at.isoformat()}"))
    access.require_may(SIMULATOR, "redesign.answer")
    with command("redesign.answer", run_id, by=SIMULATOR, at=at, key=key) as cmd:
        row = SimulationRun.objects.select_for_update().get(pk=run_id)
        if cmd.repeated or row.state != State.RUNNING:
            return
        row.state = State.DONE if result is not None else State.FAILED
        row.refusal, row.moved_at, row.ended_at = refusal[:300], at, at
        if result is not None:
            row.result, row.result_digest = plain(result), rules.digest(result)
            row.done = row.total = sum(one.cases for one in result.variants)
        row.save()
        cmd.note(result=row.result_digest)
        cmd.done(None)


def sweep(at: Instant) -> None:
    """
    Jobs of killed workers, and of an error nobody foresaw: what has not moved for a while gets a new one, so often
    and no more; then it has failed, and its page says so.
    """
    waiting = SimulationRun.objects.filter(state__in=SimulationRun.AT_WORK, moved_at__lt=at - PATIENCE)
    for row in waiting.only("id", "tries")[:50]:
        if row.tries >= MOST_TRIES:
            SimulationRun.objects.filter(pk=row.pk).update(state=State.RUNNING)
            _finish(row.pk, at, None, BROKE_OFF)
            continue
        SimulationRun.objects.filter(pk=row.pk).update(moved_at=at)
        jobs.configure_task(WORK, queue=QUEUE).defer(run_id=str(row.pk))
