"""Commands of simulations."""

from mingqu.redesign.services.asking import again, ask, stop
from mingqu.redesign.services.mapping import bring_map, map_again
from mingqu.redesign.services.measured import measure_again
from mingqu.redesign.services.moving import (
    approve_move,
    decline_move,
    go_on_with,
    plan_move,
    sweep_moves,
    undo_move,
)
from mingqu.redesign.services.running import run, sweep

__all__ = [
    "again",
    "approve_move",
    "ask",
    "bring_map",
    "decline_move",
    "go_on_with",
    "map_again",
    "measure_again",
    "plan_move",
    "run",
    "stop",
    "sweep",
    "sweep_moves",
    "undo_move",
]
