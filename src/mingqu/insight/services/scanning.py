"""
What the kept figures of some days come to when everything is counted once more, from the cases, their clocks, the
ledger and the ratings themselves: every measure that a figure is made of, by other statements than those that keep it.
"""

from collections import Counter

from mingqu.cases import selectors as cases
from mingqu.clocks.types import Unit
from mingqu.evaluation import selectors as evaluation
from mingqu.insight import selectors
from mingqu.insight.selectors import Kept
from mingqu.insight.types import MEASURES, STANDING, Span

COMPARABLE = frozenset({Unit.WORKING_DAYS, Unit.DAYS})


def scan(span: Span) -> dict[str, int]:
    """Every measure of these days, training regions with the rest."""
    found = cases.tally(span.since, span.until)
    found |= {f"level{level}": n for level, n in evaluation.levels_given(span.since, span.until).items()}
    found |= _periods(span)
    return found | {"overdue": cases.overdue_on(span.until)}


def agrees(span: Span) -> bool:
    """Whether the kept figures of these days are what the scan counts, each of them."""
    kept, scanned = selectors.sums(Kept.everything(), span), scan(span)
    return all(kept[name] == scanned[name] for name in (*MEASURES, *STANDING))


def _periods(span: Span) -> Counter[str]:
    """How the periods of what was decided came out."""
    found: Counter[str] = Counter(
        timed=0, early=0, on_time=0, late=0, late_law=0, promised_days=0, statutory_days=0
    )
    for day, ends in cases.periods_ended(span.since, span.until):
        statutory, promised = ends.statutory, ends.promised
        binding = promised or statutory
        if binding is None:
            continue
        broken = statutory is not None and not statutory.in_time
        kept = binding.in_time and not broken
        found["timed"] += 1
        found["on_time"] += kept
        found["early"] += kept and binding.due_on != day
        found["late"] += not kept
        found["late_law"] += broken
        if statutory and promised and statutory.unit == promised.unit and statutory.unit in COMPARABLE:
            found["promised_days"] += promised.limit
            found["statutory_days"] += statutory.limit
    return found
