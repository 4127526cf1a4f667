"""
Where an instance stands, and what can happen to it. Pure and immutable.

Numbers of tokens, tasks and gatherings are unique within an instance: (number of the event that made
them, place among what it made). The store makes row ids from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from immutables import Map

from mingqu.kernel.types import Instant
from mingqu.process.types import Json

PLACES = 20
"""Bits for the place: one event can make a million things."""


class Status(StrEnum):
    NEW = "new"
    ACTIVE = "active"
    ENDED = "ended"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class Token:
    """A place where the process stands: a user task, or a join at which it is parked. `flow` brought it."""

    node: str
    flow: str = ""


@dataclass(frozen=True, slots=True)
class OpenTask:
    node: str
    token: int


@dataclass(frozen=True, slots=True)
class Gathering:
    """One opening of a block: `arrived` of `expected` branches are parked at the join."""

    number: int
    expected: int
    arrived: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """
    The state of an instance, or the part of it that one event can touch.

    `live` counts all tokens, also those not loaded. `gatherings` go by their join. `done`: steps completed
    at least once.
    """

    status: Status = Status.NEW
    live: int = 0
    tokens: Map[int, Token] = field(default_factory=Map)
    tasks: Map[int, OpenTask] = field(default_factory=Map)
    gatherings: Map[str, Gathering] = field(default_factory=Map)
    variables: Map[str, Json] = field(default_factory=Map)
    done: Map[str, bool] = field(default_factory=Map)
    end: str | None = None


EMPTY = State()

Decisions = Mapping[str, bool | None]
"""Flow id -> whether its condition was true when the event happened (None: FEEL null)."""


@dataclass(frozen=True, slots=True)
class Start:
    seq: int
    at: Instant
    data: Mapping[str, Json]
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class Complete:
    seq: int
    at: Instant
    task: int
    outcome: str
    data: Mapping[str, Json]
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class Terminate:
    """Ended from outside: withdrawn by the applicant, or stopped by the organ."""

    seq: int
    at: Instant
    reason: str


@dataclass(frozen=True, slots=True)
class ReturnTo:
    """内部退回: back inside the organ to a step done before."""

    seq: int
    at: Instant
    task: int
    node: str
    reason: str


Event = Start | Complete | Terminate | ReturnTo


@dataclass(frozen=True, slots=True)
class TaskOpened:
    task: int
    node: str


@dataclass(frozen=True, slots=True)
class TaskDropped:
    """Taken away by a return elsewhere or by the end of the instance."""

    task: int
    node: str


@dataclass(frozen=True, slots=True)
class JoinClosed:
    """The last branch came: one token goes on from `join`."""

    number: int
    join: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The flows tokens took, in order."""

    flows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    status: Status
    node: str | None


Effect = TaskOpened | TaskDropped | JoinClosed | Moved | Ended


def shape(state: State) -> dict[str, Any]:
    """The state without its numbers: equal for two orders of the same completions."""
    return {
        "status": state.status.value,
        "live": state.live,
        "tokens": sorted((token.node, token.flow) for token in state.tokens.values()),
        "tasks": sorted(task.node for task in state.tasks.values()),
        "joins": {join: (g.expected, g.arrived) for join, g in state.gatherings.items()},
        "variables": dict(state.variables),
        "done": sorted(state.done),
        "end": state.end,
    }
