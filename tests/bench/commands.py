"""Each command of a case: its statements, its CPU beside the bare statements', its time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

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

EACH = 40  # measured repetitions of the command, and as many bare
WARM = 4
STATEMENTS, TIMES_BARE = 12, 5.0

Next = Callable[[w.Ready], w.Ready]


def bench() -> Iterable[Figure]:
    """From draft to delivery; and by way of a correction."""
    cases = w.drafts(WARM + 2 * EACH)
    yield from measured("file", w.file, cases)
    yield from measured("accept", w.accept, cases)
    yield from measured("complete a step", w.check, cases, lambda one: w.at_step(one, "check"))
    yield from measured("complete the last step", w.fitness, cases, lambda one: w.at_step(one, "fitness"))
    yield from measured("decide", w.decide, cases)
    yield from measured("deliver", w.deliver, cases)
    assert {w.status_of(one) for one in cases} == {"delivered"}, "every case, bare ones too, came to its end"

    cases = w.drafts(WARM + 2 * EACH)
    for one in cases:
        w.file(one)
    yield from measured("ask for a correction", w.ask_correction, cases)
    for one in cases:
        w.correction_files(one)
    yield from measured("supplement", w.supplement, cases)
    assert {w.status_of(one) for one in cases} == {"received"}


def measured(
    name: str, command: Callable[[w.Ready], None], cases: Sequence[w.Ready], ready: Next = lambda one: one
) -> Iterable[Figure]:
    """
    Half of the cases go on by the command, half by its bare statements, in turn; so both see the same database and
    every case has taken the step afterwards.
    """
    given = [ready(one) for one in cases]
    for one in given[:WARM]:
        with counted() as statements:
            command(one)
    if figures.SHOWN_STATEMENTS:
        print(f"-- {name}", *(" ".join(sql.split())[:240] for sql, _, _ in statements), sep="\n")
    ours, bare, servers = Spent(), Spent(), [0.0, 0.0]
    with bare_connection() as other, quiet():
        for one, another in zip(given[WARM::2], given[WARM + 1 :: 2], strict=True):
            with served(backend(), servers, 0):
                ours.take(command, one)
            taken = captured(command, another)
            with served(other.info.backend_pid, servers, 1):
                bare.take(replay, other, taken)
    server, bare_server = (1e3 * spent / EACH for spent in servers)
    yield Figure(f"{name}: statements", len(statements), "statements", bar=STATEMENTS)
    yield Figure(f"{name}: CPU, beside bare", ours.cpu_ms, "ms", bar=TIMES_BARE, beside=bare.cpu_ms)
    yield Figure(f"{name}: CPU of PostgreSQL, beside bare", server, "ms", beside=bare_server)
    yield Figure(f"{name}: time, median, beside bare", ours.wall_ms(), "ms", beside=bare.wall_ms())
    late = 0.95
    yield Figure(
        f"{name}: time, 95th percentile, beside bare", ours.wall_ms(late), "ms", beside=bare.wall_ms(late)
    )


@contextmanager
def served(pid: int, spent: list[float], place: int) -> Iterator[None]:
    """Adds the CPU of one server process."""
    before = cpu_of([pid])
    yield
    spent[place] += cpu_of([pid]) - before
