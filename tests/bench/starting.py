"""How long an operator waits for the demo: at its first start, with nothing there, and at a later one."""

import time
from collections.abc import Iterable

from mingqu.config.tests.running import place
from tests.bench.figures import Figure
from tests.kill.installation import HISTORY, Installation

FIRST, LATER = 180, 15  # seconds an operator may wait


def bench() -> Iterable[Figure]:
    """Without cases that went before, and with the history that `mingqu demo` makes when nothing is said."""
    for what, history in (("", HISTORY), (", with its history", None)):
        with place() as home:
            demo = Installation(home, history)
            try:
                first = _until_ready(demo)
                yield Figure(f"first start, database and district made{what}", first, "s", bar=FIRST)
                demo.stop()
                yield Figure(f"a later start{what}", _until_ready(demo), "s", bar=LATER)
            finally:
                demo.stop()


def _until_ready(demo: Installation) -> float:
    began = time.perf_counter()
    demo.start()
    return time.perf_counter() - began
