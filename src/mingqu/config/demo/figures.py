"""The figures of the district: what was copied told nobody of itself, so it is counted by the scan, once."""

from collections.abc import Callable

from mingqu.cases import selectors as cases
from mingqu.insight import services
from mingqu.insight.models import CaseFacts
from mingqu.kernel.types import Instant

SAMPLE = 500


def count(at: Instant, progress: Callable[[str], None]) -> None:
    """Idempotent: a district whose cases are counted is left as it is."""
    some = cases.case_ids(limit=SAMPLE)
    if CaseFacts.objects.filter(pk__in=some).count() == len(some):
        return
    progress(f"statistics of {services.rebuild(at):,} cases")
