"""Four people at once, each a process with a connection of its own: how many a second, and whose CPU it took."""

from collections.abc import Callable, Iterable, Sequence

from mingqu.kernel.numbers import next_number
from tests.bench import world as w
from tests.bench.figures import Figure
from tests.bench.meter import in_processes

CLIENTS, EACH = 4, 60
OPEN_ZAAK = {"filings": 13.6, "completions": 6.7}  # a second: create, set status (3,500 cases; see the issue)


def bench() -> Iterable[Figure]:
    yield series()
    yield from at_once("filings", w.file, w.drafts(CLIENTS * EACH))
    cases = [w.at_step(one, "check") for one in w.accepted(CLIENTS * EACH)]
    yield from at_once("completions", w.check, cases)


def series() -> Figure:
    """All that file on one day in one region count on one row and hold it until their commit is on the disk."""

    def work(number: int) -> None:
        for _ in range(EACH):
            next_number("bench", "990104", "20260918")

    spent = in_processes(CLIENTS, work)
    name = f"bare: one number of one series and its commit, {CLIENTS} connections"
    return Figure(name, CLIENTS * EACH / spent.wall, "1/s", "higher")


def at_once(name: str, command: Callable[[w.Ready], None], cases: Sequence[w.Ready]) -> Iterable[Figure]:
    w.world()

    def work(number: int) -> None:
        for one in cases[number::CLIENTS]:
            command(one)

    spent = in_processes(CLIENTS, work)
    count = len(cases)
    yield Figure(
        f"{name} with {CLIENTS} connections", count / spent.wall, "1/s", "higher", bar=10 * OPEN_ZAAK[name]
    )
    yield Figure(f"{name}: CPU of the clients, each", spent.clients / count * 1e3, "ms")
    yield Figure(f"{name}: CPU of PostgreSQL, each", spent.servers / count * 1e3, "ms")
