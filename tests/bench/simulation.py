"""What if: 100,000 cases through a changed process, with people, hours and work as it was. Without a database."""

import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from random import Random

from mingqu.process import bench as process
from mingqu.process.services import plan_from_steps
from mingqu.process.simulation.services import Hours, sampled, simulate
from mingqu.process.simulation.types import Arrival, Found, Pool, Setup
from mingqu.process.types import StepRow
from tests.bench.figures import Figure

CASES = 100_000
BAR = 60.0  # seconds for all of them
FIRST = date(2026, 1, 5)
MIDNIGHT = datetime(2026, 1, 4, 16, tzinfo=UTC)
OFFICE = ((540.0, 720.0), (840.0, 1080.0))
DAY = 420.0  # minutes that are worked
EVERY = 4.0  # minutes between two cases
STEPS = (
    StepRow("receive", "承办", "clerk", 2),
    StepRow("fire", "消防意见", "fire", 3, parallel="A"),
    StepRow("site", "现场核查", "site", 3, parallel="A", people=2),
    StepRow("water", "排水意见", "water", 3, when="situation.water", parallel="A"),
    StepRow("check", "审核", "checker", 1),
    StepRow("decide", "批准", "head", 1),
)
PEOPLE = {"clerk": 9, "fire": 9, "site": 20, "water": 5, "checker": 9, "head": 8}


def bench() -> Iterable[Figure]:
    began = time.perf_counter()
    found = run(CASES)
    took = time.perf_counter() - began
    yield Figure(f"{CASES:,} cases simulated, six steps", took, "s", "lower", bar=BAR)
    done = sum(len(step.handled) for step in found.steps.values())
    yield Figure("steps of cases simulated", done / took, "1/s", "higher")
    ten = process.group(10)
    through = process.per_second(lambda: process.run_through(ten))
    yield Figure(
        "pure steps, ten departments, before a simulation", through, "1/s", "higher", bar=process.BAR
    )


def run(cases: int) -> Found:
    """As many cases as they come on working days, a third of them without the water department."""
    dice = Random(20260105)
    plan = plan_from_steps(STEPS, names={"situation.water"})
    hours = Hours(FIRST, lambda day: day.weekday() < 5, OFFICE)
    minutes = {step.id: sampled([dice.lognormvariate(3, 0.6) for _ in range(500)]) for step in STEPS}
    pools = {post: Pool(staff, hours) for post, staff in PEOPLE.items()}
    came = (hours.moment(number * EVERY + 0.01) for number in range(cases))
    arrivals = (Arrival(at, {"situation": {"water": n % 3 != 0}}) for n, at in enumerate(came))
    return simulate(Setup(plan, MIDNIGHT, pools, minutes, seed=1), arrivals)
