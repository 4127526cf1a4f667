"""How long an operator waits for the demo: at its first start, with nothing there, and at a later one."""

import time
from collections.abc import Iterable

from mingqu.config.tests.running import place
from tests.bench.figures import Figure
from tests.kill.installation import Installation

FIRST, LATER = 180, 15  # seconds an operator may wait


def bench() -> Iterable[Figure]:
    with place() as home:
        demo = Installation(home)
        try:
            yield Figure("first start, database and district made", _until_ready(demo), "s", bar=FIRST)
            demo.stop()
            yield Figure("a later start", _until_ready(demo), "s", bar=LATER)
        finally:
            demo.stop()


def _until_ready(demo: Installation) -> float:
    began = time.perf_counter()
    demo.start()
    return time.perf_counter() - began
