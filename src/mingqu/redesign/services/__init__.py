"""Commands of simulations."""

from mingqu.redesign.services.asking import again, ask, stop
from mingqu.redesign.services.mapping import bring_map, map_again
from mingqu.redesign.services.measured import measure_again
from mingqu.redesign.services.running import run, sweep

__all__ = ["again", "ask", "bring_map", "map_again", "measure_again", "run", "stop", "sweep"]
