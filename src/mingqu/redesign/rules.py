"""Sums of a simulation: pure."""

import hashlib
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from mingqu.catalogue.types import Definition, Step
from mingqu.kernel.json import canonical
from mingqu.process.simulation.types import Found
from mingqu.redesign.types import Arrangement, PostResult, Spread, StepResult, Variant

MORNING, AFTERNOON = (540.0, 720.0), 840.0  # from nine to twelve; the afternoon begins at two
FULL_DAY = 420.0
"""Minutes of a usual working day, ours: no rule says them. What was recorded is counted in them."""
SIDE_BY_SIDE = "Z"
LIMIT_CASES = 100_000
YEARS = range(1949, 3000)
"""In which cases may come: beyond them there is no hundred years to count on from."""
BUSY = 0.85
"""A post that is busier has long queues as soon as more comes: a rule of thumb of queueing, ours."""
_DAY = 24 * 60.0


def spans(hours: float) -> list[tuple[float, float]]:
    """The working minutes of a day on which a post gives so many hours to an item: first the morning."""
    minutes = hours * 60
    morning = MORNING[1] - MORNING[0]
    if minutes <= morning:
        return [(MORNING[0], MORNING[0] + minutes)]
    if minutes <= morning + _DAY - AFTERNOON:
        return [MORNING, (AFTERNOON, AFTERNOON + minutes - morning)]
    return [(0.0, min(minutes, _DAY))]


def arranged(definition: Definition, arrangement: Arrangement) -> Definition:
    """
    The same steps one after another, or side by side as far as they may be: steps in a row that review or visit, with a
    check (审核) or the decision after them. A process drawn as BPMN is left as it is.
    """
    if definition.process is not None or arrangement == "as_written":
        return definition
    if arrangement == "serial":
        steps = [replace(step, parallel="") for step in definition.steps]
    else:
        steps = _side_by_side(definition.steps)
    return replace(definition, steps=steps)


def _side_by_side(steps: Sequence[Step]) -> list[Step]:
    found: list[Step] = []
    group = 0
    for place, step in enumerate(steps):
        before = steps[place - 1] if place else None
        if step.kind == "check" or (before is not None and before.kind == "check"):
            group += 1
        found.append(replace(step, parallel="" if step.kind == "check" else f"{SIDE_BY_SIDE}{group}"))
    return [
        replace(step, parallel="") if [o.parallel for o in found].count(step.parallel) < 2 else step
        for step in found
    ]


def other_arrangement(definition: Definition) -> Arrangement | None:
    """What to hold beside it: serial for what is parallel, parallel for what could be; None where there is neither."""
    if definition.process is not None:
        return None
    if any(step.parallel for step in definition.steps):
        return "serial"
    return "parallel" if any(step.parallel for step in _side_by_side(definition.steps)) else None


def spread(values: "Sequence[float] | array[float]") -> Spread:
    """Of nothing: zeros."""
    if not len(values):
        return Spread(0.0, 0.0, 0.0)
    known = sorted(values)
    return Spread(
        round(known[(len(known) - 1) // 2], 3),
        round(known[min(len(known) - 1, int(len(known) * 0.9))], 3),
        round(sum(known) / len(known), 3),
    )


def step_results(found: Found, names: Mapping[str, tuple[str, str]]) -> list[StepResult]:
    """`names`: name and post of each step, in the order they are shown."""
    rows = []
    for code, (name, post) in names.items():
        step = found.steps[code]
        both = [waited + handled for waited, handled in zip(step.waited, step.handled, strict=True)]
        rows.append(
            StepResult(code, name, post, len(both), spread(step.waited), spread(step.handled), spread(both))
        )
    return rows


def post_results(found: Found, names: Mapping[str, str]) -> list[PostResult]:
    return [
        PostResult(code, names.get(code, code), post.staff or 0, round(post.load or 0.0, 4), post.longest)
        for code, post in found.posts.items()
    ]


def days_of(found: Found, first: date, between: Callable[[date, date], int]) -> list[int]:
    """Days from the day a case came to the day it was over; `between` counts them as its limit is counted."""
    days: dict[int, date] = {}

    def day(moment: float) -> date:
        number = int(moment // _DAY)
        return days.setdefault(number, first + timedelta(days=number))

    known: dict[tuple[date, date], int] = {}
    counted = []
    for came, over in zip(found.came, found.over, strict=True):
        pair = (day(came), day(over))
        if pair not in known:
            known[pair] = between(*pair)
        counted.append(known[pair])
    return counted


def share_beyond(days: Iterable[int], limit: int) -> float:
    found = list(days)
    return round(sum(one > limit for one in found) / len(found), 4) if found else 0.0


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def change(before: float, after: float) -> float | None:
    """By how much less, as a share of before; None where there was nothing."""
    return (before - after) / before if before else None


def length_words(minutes: float) -> str:
    """Working time in words of the desk."""
    if minutes < 1:
        return "不到1分钟"
    if minutes < 90:
        return f"{minutes:.0f}分钟"
    if minutes < FULL_DAY:
        return f"{minutes / 60:.1f}小时"
    return f"{minutes / FULL_DAY:.1f}个工作日"


def narrowest_words(variant: Variant) -> str:
    step = variant.narrowest
    if step is None or step.waited.mean < 1:
        return "没有哪个环节要排队"
    return f"“{step.name}”最堵，一件平均排队{length_words(step.waited.mean)}"
