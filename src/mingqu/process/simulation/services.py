"""What other rooms use of the simulation."""

from mingqu.process.simulation.drawing import Quantile, sampled, spread, uniform
from mingqu.process.simulation.engine import NeverEnds, TooFewPeople, short_of, simulate
from mingqu.process.simulation.hours import DAY, Hours, NoHours, TooFar, always

__all__ = [
    "DAY",
    "Hours",
    "NeverEnds",
    "NoHours",
    "Quantile",
    "TooFar",
    "TooFewPeople",
    "always",
    "sampled",
    "short_of",
    "simulate",
    "spread",
    "uniform",
]
