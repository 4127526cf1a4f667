"""What a simulation is told, and what it finds."""

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mingqu.kernel.types import Instant
from mingqu.process.plan import Plan
from mingqu.process.simulation.drawing import Quantile
from mingqu.process.simulation.hours import Hours
from mingqu.process.types import Json


class Discipline(StrEnum):
    """Which of the waiting is taken next."""

    FIRST = "first"  # who came first to this step
    DUE = "due"  # whose case came first to the office, plus the limit of the step: the most urgent
    SHORT = "short"  # what is done soonest


@dataclass(frozen=True, slots=True)
class Pool:
    """The people of a post: how many work at once (None: nobody ever waits for them) and when."""

    staff: int | None
    hours: Hours


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    A case that comes: when (minutes after the first midnight), what its flow decides on, and, of one that really was,
    how long each step took (minutes of work).
    """

    at: float
    data: Mapping[str, Json] = field(default_factory=dict)
    taken: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setup:
    """
    Everything a run depends on: with the same setup and arrivals it is the same to the last digit.

    `first`: the instant of minute 0. `minutes`: how long a step takes where a case does not say. `outcomes`: what it
    comes to, with the share of each; "met" where nothing is said. `decides`: what a business-rule task (by id) comes to
    for what the flow of a case decides on.
    """

    plan: Plan
    first: Instant
    pools: Mapping[str, Pool]
    minutes: Mapping[str, Quantile]
    outcomes: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    order: Discipline = Discipline.FIRST
    seed: int = 0
    decides: Callable[[str, Mapping[str, Json]], str] | None = None


def _numbers() -> "array[float]":
    return array("d")


@dataclass(slots=True)
class StepFound:
    """Of each time a step was done, in working minutes of its post: how long it lay, how long it was worked on."""

    waited: "array[float]" = field(default_factory=_numbers)
    handled: "array[float]" = field(default_factory=_numbers)


@dataclass(slots=True)
class PostFound:
    """`busy`: minutes that people of the post worked; `open`: that they could have; `longest`: of its queue."""

    staff: int | None
    busy: float = 0.0
    open: float = 0.0
    longest: int = 0

    @property
    def load(self) -> float | None:
        """Share of the time that was worked; None where nobody is ever waited for."""
        return self.busy / self.open if self.open else None


@dataclass(slots=True)
class Found:
    """
    Cases in their order: when each came and when it was over (minutes after the first midnight). `dropped`: tasks that
    a path taken elsewhere made needless.
    """

    steps: dict[str, StepFound]
    posts: dict[str, PostFound]
    came: "array[float]" = field(default_factory=_numbers)
    over: "array[float]" = field(default_factory=_numbers)
    dropped: int = 0
    events: int = 0
