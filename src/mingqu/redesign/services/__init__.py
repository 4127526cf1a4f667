"""Commands of simulations."""

from mingqu.redesign.services.asking import again, ask, stop
from mingqu.redesign.services.running import run, sweep

__all__ = ["again", "ask", "run", "stop", "sweep"]
