"""Questions about simulations, the map of prerequisites and what re-engineering brought."""

from mingqu.redesign.selectors.runs import run_seen, runs

__all__ = ["run_seen", "runs"]
