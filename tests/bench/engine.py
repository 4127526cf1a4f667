"""Without a database: steps, decisions, deadlines."""

import time
from collections.abc import Iterable
from datetime import timedelta

from mingqu.clocks.rules.explain import explain
from mingqu.clocks.selectors import current_calendar
from mingqu.clocks.types import CORRECTION_NOTICE, Action, ClockSpec, Entry, Kind, Unit
from mingqu.decisions import bench as decisions
from mingqu.kernel.legal_day import legal_day
from mingqu.process import bench as process
from tests.bench import spiff, zen
from tests.bench import world as w
from tests.bench.figures import Figure

EXPLANATIONS = 300
TIMES_SPIFF = 50.0
LINEAR = 0.9  # of a step's speed among a hundred is left among a thousand


def bench() -> Iterable[Figure]:
    ten = process.group(10)
    through = process.per_second(lambda: process.run_through(ten))
    yield Figure("pure steps, ten departments side by side", through, "1/s", "higher", bar=process.BAR)
    theirs = spiff.per_second(ten)
    name = "pure steps, ten departments, beside SpiffWorkflow"
    yield Figure(name, through, "1/s", "higher", TIMES_SPIFF, theirs)
    hundred, thousand = (process.several(count) for count in (100, 1000))
    small, large = (process.per_second(lambda p=plan: process.run_through(p)) for plan in (hundred, thousand))
    yield Figure("pure steps, 1,000 instances of a step, beside 100", large, "1/s", "higher", LINEAR, small)
    one = process.per_second(process.one_of_many(thousand))
    yield Figure("pure steps, one of 1,000 instances", one, "1/s", "higher", bar=process.BAR)
    for branches in (10, 1000):
        rate = process.per_second(process.one_of_many(process.group(branches)))
        yield Figure(f"pure steps, one branch of {branches:,}", rate, "1/s", "higher", bar=process.BAR)
    own = {one["name"]: one for one in decisions.figures()}
    for one in own.values():
        yield Figure(one["name"], one["value"], one["unit"], one["better"], one["bar"])
    for name, rate in zen.rates():
        yield Figure(f"{name}, beside zen-engine", own[name]["value"], "1/s", "higher", beside=rate)
    statutory = ClockSpec(Kind.STATUTORY, 20, Unit.WORKING_DAYS)
    yield Figure("clock of five days explained", explained(CORRECTION_NOTICE), "µs")
    yield Figure("clock of twenty days explained", explained(statutory), "µs")


def explained(spec: ClockSpec) -> float:
    """Microseconds of CPU for a whole explanation, day by day and in sentences."""
    calendar, day = current_calendar(), legal_day(w.AT)
    start = Entry(1, Action.START, day, w.AT, spec=spec)
    later = w.AT + timedelta(days=3)
    explain([start], calendar, later)
    began = time.process_time()
    for _ in range(EXPLANATIONS):
        explain([start], calendar, later)
    return (time.process_time() - began) / EXPLANATIONS * 1e6
