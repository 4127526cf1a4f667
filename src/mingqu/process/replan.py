"""The event by which an instance goes on by another plan. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mingqu.kernel.types import Instant
from mingqu.process.types import Json


@dataclass(frozen=True, slots=True)
class Moves:
    """
    Places on the plan with this digest: `tokens` (number, node, flow), `tasks` (number, node, post), `joins` (as it is
    called now, as it will be), the variables it decides on.
    """

    plan: str
    tokens: tuple[tuple[int, str, str], ...] = ()
    tasks: tuple[tuple[int, str, str], ...] = ()
    joins: tuple[tuple[str, str], ...] = ()
    variables: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replan:
    """
    The instance goes on by another plan. Where each token, task and open join stands then was worked out before
    (`replanning.moves`); `was` is what takes it back.
    """

    seq: int
    at: Instant
    moves: Moves
    was: Moves


@dataclass(frozen=True, slots=True)
class Replanned:
    """From the plan of this digest to the other."""

    was: str
    now: str
