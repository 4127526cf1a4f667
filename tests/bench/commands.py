"""Each command of a case: its statements, its CPU beside the bare statements', its time."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from mingqu.cases.tests.every_command import Deed, publish
from mingqu.cases.tests.every_inside_command import EVERY
from mingqu.identity.models import Allowance
from tests.bench import figures
from tests.bench import world as w
from tests.bench.figures import Figure
from tests.bench.meter import (
    Spent,
    backend,
    bare_connection,
    captured,
    counted,
    cpu_of,
    quiet,
    replay,
)

OFTEN = {
    "file_case",
    "accept_case",
    "complete_step",
    "complete_step: the last",
    "decide_case",
    "deliver_case",
}
EACH_OFTEN, EACH = 40, 15  # measured repetitions of the command, and as many bare
WARM = 2
STATEMENTS, TIMES_BARE = 12, 5.0


def bench() -> Iterable[Figure]:
    """In the order of their services, so that none is published twice; what happens every day is measured oftener."""
    w.world()
    published: Callable[[], dict[str, Any]] | None = None
    for name, deed in sorted(EVERY.items(), key=lambda one: _service(one[1])):
        if deed.document is not published:
            publish(deed.document)
            published = deed.document
        yield from measured(name, deed, EACH_OFTEN if name in OFTEN else EACH)
    publish(None)


def _service(deed: Deed) -> str:
    return deed.document.__qualname__ if deed.document else ""


def measured(name: str, deed: Deed, each: int, people: Any = None) -> Iterable[Figure]:
    """
    Half of what is ready goes on by the command, half by its bare statements, in turn; so both see the same database
    and each has taken the step afterwards.
    """
    if f"{name}: statements" in figures.KNOWN:
        return
    people = people or w.world()
    Allowance.objects.all().delete()  # one clerk of the house asks for more people than a clerk may in an hour
    given = [deed.ready(people) for _ in range(WARM + 2 * each)]
    for one in given[:WARM]:
        with counted() as statements:
            deed.act(people, one)
    if figures.SHOWN_STATEMENTS:
        print(f"-- {name}", *(" ".join(sql.split())[:240] for sql, _, _ in statements), sep="\n")
    ours, bare, servers = Spent(), Spent(), [0.0, 0.0]
    with bare_connection() as other, quiet():
        for one, another in zip(given[WARM::2], given[WARM + 1 :: 2], strict=True):
            with served(backend(), servers, 0):
                ours.take(deed.act, people, one)
            taken = captured(deed.act, people, another)
            with served(other.info.backend_pid, servers, 1):
                bare.take(replay, other, taken)
    server, bare_server = (1e3 * spent / each for spent in servers)
    yield Figure(f"{name}: statements", len(statements), "statements", bar=STATEMENTS)
    yield Figure(f"{name}: CPU, beside bare", ours.cpu_ms, "ms", bar=TIMES_BARE, beside=bare.cpu_ms)
    yield Figure(f"{name}: CPU of PostgreSQL, beside bare", server, "ms", beside=bare_server)
    yield Figure(f"{name}: time, median, beside bare", ours.wall_ms(), "ms", beside=bare.wall_ms())
    late = 0.95
    if each >= EACH_OFTEN:
        yield Figure(
            f"{name}: time, 95th percentile, beside bare", ours.wall_ms(late), "ms", beside=bare.wall_ms(late)
        )


@contextmanager
def served(pid: int, spent: list[float], place: int) -> Iterator[None]:
    """Adds the CPU of one server process."""
    before = cpu_of([pid])
    yield
    spent[place] += cpu_of([pid]) - before
