"""The values and descriptions other apps meet: durations, ranges, outcomes, compiled expressions, models."""

from __future__ import annotations

from mingqu.decisions.analysis import Problem
from mingqu.decisions.boxed import Trouble
from mingqu.decisions.dmn_graph import Model
from mingqu.decisions.expression import Compiled, Outcome
from mingqu.decisions.tables import Hit
from mingqu.decisions.temporal import Date, DateTime, DayTimeDuration, Duration, Time, YearMonthDuration
from mingqu.decisions.reasons import Reason
from mingqu.decisions.values import Limits, Range

__all__ = [
    "Compiled",
    "Date",
    "DateTime",
    "DayTimeDuration",
    "Duration",
    "Hit",
    "Limits",
    "Model",
    "Outcome",
    "Problem",
    "Range",
    "Time",
    "Trouble",
    "Reason",
    "YearMonthDuration",
]
