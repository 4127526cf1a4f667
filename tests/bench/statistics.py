"""
A day's statistics: summed from the figures kept for the days, beside a scan of the cases for the same numbers; the same
of a month; and all figures counted anew. On fewer cases than the lists, unless the database was kept with more.
"""

import time
from collections.abc import Iterable
from datetime import datetime
from datetime import time as clock

from mingqu.insight import selectors, services
from mingqu.insight.models import DayFigures
from mingqu.insight.selectors import Kept
from mingqu.insight.types import Span
from mingqu.kernel.legal_day import BEIJING
from tests.bench import scale
from tests.bench.figures import Figure
from tests.bench.million.pour import noted
from tests.bench.million.ready import UNTIL, ready
from tests.bench.pages import repeated

AT = datetime.combine(UNTIL, clock(12), BEIJING)
EACH = 10
OF_SCAN = 0.1  # of the time that a scan takes
CASES, ITEMS = 100_000, 5_000


def bench() -> Iterable[Figure]:
    if noted("size") is None:
        scale.CASES, scale.ITEMS = min(scale.CASES, CASES), min(scale.ITEMS, ITEMS)
    ready()
    among = f"{scale.CASES:,} cases"
    began = time.perf_counter()
    number = services.rebuild(AT)
    yield Figure(f"{among}: counted anew", time.perf_counter() - began, "s")
    rows, every = DayFigures.objects.order_by(), Kept.everything()
    day = rows.filter(day__lte=UNTIL, received__gt=0).order_by("-day").values_list("day", flat=True)[0]
    whole = Span(day.replace(day=1), day)
    for name, span in (("a day", Span(day, day)), ("a month", whole)):
        kept, scanned = selectors.sums(every, span), services.scan(span)
        if not number or any(kept[code] != found for code, found in scanned.items()):
            raise RuntimeError(f"the figures of {span} are not those of a scan")
        scan = repeated(lambda span=span: services.scan(span), EACH).wall_ms()
        own = repeated(lambda span=span: selectors.sums(every, span), EACH).wall_ms()
        yield Figure(f"{among}: figures of {name}, beside a scan", own, "ms", beside=scan, bar=OF_SCAN)
