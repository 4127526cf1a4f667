"""The event by which an instance goes on by another plan. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mingqu.kernel.types import Instant
from mingqu.process.types import Json

WaitRow = tuple[int, str, int, int, str, int]
"""Number, node, token, frame, when it is due (ISO text, "" for no timer), how often after that."""


@dataclass(frozen=True, slots=True)
class Moves:
    """
    Places on the plan with this digest: `tokens` (number, node, flow), `tasks` (number, node, post), `joins` (as it is
    called now, as it will be), `frames` (number, node), the variables it decides on and those that go (`gone`).
    `waits`: all that is awaited then; None: as it is.
    """

    plan: str
    tokens: tuple[tuple[int, str, str], ...] = ()
    tasks: tuple[tuple[int, str, str], ...] = ()
    joins: tuple[tuple[str, str], ...] = ()
    variables: Mapping[str, Json] = field(default_factory=dict)
    frames: tuple[tuple[int, str], ...] = ()
    waits: tuple[WaitRow, ...] | None = None
    gone: tuple[str, ...] = ()


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
class Moving:
    """What a move comes to and what takes it back; `notes`: what becomes of what runs and waits, in plain words."""

    then: Moves
    was: Moves
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replanned:
    """From the plan of this digest to the other."""

    was: str
    now: str
