"""
What a deed does to a question that another organ was asked (征求意见), and what a question does to a deed: pure.

docs/process-human-steps.md has the table; a test reads it and tries each cell.
"""

from datetime import date

from mingqu.cases.consulting.types import LIMITS

ASKED, ANSWERED, SILENT, CALLED_OFF = "asked", "answered", "silent", "called_off"


def keeps_from_settling(state: str, *, waits: bool) -> bool:
    """Whether the step it was asked from can't be signed or decided yet."""
    return state == ASKED and waits


def after_its_day(due_on: date, today: date, *, silence_agrees: bool) -> str:
    """What it is after the sweep of a day: silence means agreement only where the definition's step says so."""
    return SILENT if silence_agrees and today > due_on else ASKED


def goes_with(state: str) -> str:
    """What becomes of it when its step is left without having been done (内部退回, 终止, 撤回申请, 决定)."""
    return CALLED_OFF if state == ASKED else state


def limit_fits(limit: int, at_least: int) -> bool:
    """`at_least`: the span the definition gives where silence means agreement; nobody may be rushed into it."""
    return limit in LIMITS and limit >= at_least


def answered_late(due_on: date, answered_on: date) -> bool:
    return answered_on > due_on
