"""
A day's statistics: summed from the figures kept for the days, beside a scan of the cases for the same numbers; the
same of a month; and all figures counted anew.
"""

import time
from collections.abc import Iterable
from datetime import datetime
from datetime import time as clock

from mingqu.cases import selectors as cases
from mingqu.insight import selectors, services
from mingqu.insight.models import DayFigures
from mingqu.insight.types import Span
from mingqu.kernel.legal_day import BEIJING
from tests.bench import scale
from tests.bench.figures import Figure
from tests.bench.million.ready import UNTIL, ready
from tests.bench.pages import repeated

AT = datetime.combine(UNTIL, clock(12), BEIJING)
EACH = 10
OF_SCAN = 0.1  # of the time that a scan takes


def bench() -> Iterable[Figure]:
    ready()
    among = f"{scale.CASES:,} cases"
    began = time.perf_counter()
    number = services.rebuild(AT)
    yield Figure(f"{among}: counted anew", time.perf_counter() - began, "s")
    rows = DayFigures.objects.order_by()
    day = rows.filter(day__lte=UNTIL).order_by("-day").values_list("day", flat=True)[0]
    span = Span(day, day)
    kept, scanned = selectors.sums(rows, span), cases.tally(day, day)
    if not number or any(kept[name] != found for name, found in scanned.items()):
        raise RuntimeError(f"the figures of {day} are not those of a scan")
    scan = repeated(lambda: cases.tally(day, day), EACH).wall_ms()
    own = repeated(lambda: selectors.sums(rows, span), EACH).wall_ms()
    yield Figure(f"{among}: figures of a day, beside a scan", own, "ms", beside=scan, bar=OF_SCAN)
    month = Span(day.replace(day=1), day)
    table = repeated(lambda: selectors.sums(rows, month), EACH).wall_ms()
    yield Figure(f"{among}: figures of a month", table, "ms")
