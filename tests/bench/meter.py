"""Counting statements, CPU and time of a deed; and the same deed bare."""

import gc
import os
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import psycopg
from django.db import connection, connections

from mingqu.config.launcher_process import processes_in

Statement = tuple[str, Any, bool]
Deed = Callable[..., object]


def cpu_of(pids: Iterable[int]) -> float:
    """Seconds of CPU these processes have used; those that have ended count nothing."""
    total = 0.0
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e9
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total


@contextmanager
def counted() -> Iterator[list[Statement]]:
    """Every statement sent inside, with its parameters; BEGIN and COMMIT are psycopg's own and not among them."""
    seen: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, list(params) if many else params, many))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def captured(deed: Deed, *on: object) -> list[Statement]:
    """The statements of a deed that is rolled back where it would commit."""
    commit, connection.commit = connection.commit, connection.rollback  # type: ignore[method-assign]
    try:
        with counted() as seen:
            deed(*on)
    finally:
        connection.commit = commit  # type: ignore[method-assign]
    return seen


def bare_connection(*, kept: bool = False) -> psycopg.Connection:
    """
    psycopg alone, writing parameters into the text as Django's ordinary cursor does, so that no plan is kept; `kept`:
    parameters beside the text, and the plan of what came before is kept.
    """
    given = connection.get_connection_params()
    own = {name: given[name] for name in ("dbname", "user", "password", "host", "port") if given.get(name)}
    if kept:
        return psycopg.connect(**own, prepare_threshold=1)
    return psycopg.connect(**own, cursor_factory=psycopg.ClientCursor)


def replay(bare: psycopg.Connection, statements: Iterable[Statement]) -> None:
    """The statements in one transaction, every row fetched, then committed."""
    cursor = bare.cursor()
    for sql, params, many in statements:
        if many:
            cursor.executemany(sql, params)
        else:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
    bare.commit()


@dataclass
class Spent:
    """CPU and wall time of each repetition, in seconds."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def take(self, deed: Deed, *on: object) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        deed(*on)
        self.cpu.append(time.process_time() - cpu)
        self.wall.append(time.perf_counter() - wall)

    @property
    def cpu_ms(self) -> float:
        """The mean: what a thousand of them would cost."""
        return statistics.fmean(self.cpu) * 1000

    def wall_ms(self, share: float = 0.5) -> float:
        ordered = sorted(self.wall)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def backend() -> int:
    """The server process of Django's connection."""
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


@contextmanager
def quiet() -> Iterator[None]:
    """No garbage of an earlier measurement is collected inside this one."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@dataclass(frozen=True)
class Together:
    """What many processes at once took: wall seconds, CPU seconds of all of them and of PostgreSQL."""

    wall: float
    clients: float
    servers: float


def in_processes(count: int, work: Callable[[int], None]) -> Together:
    """
    Run `work(number)` in so many forks at once, each with a connection of its own; measured from the moment all
    stand ready until the last has ended. Raises RuntimeError if one fails.
    """
    others = server_pids()
    connections.close_all()
    (go, start), (ready, stand), (told, tell) = os.pipe(), os.pipe(), os.pipe()
    children = []
    for number in range(count):
        if (child := os.fork()) == 0:
            os.close(start)
            _client(number, work, (go, stand, tell))
        children.append(child)
    for end in (go, stand, tell):
        os.close(end)
    waiting = count
    while waiting and (got := os.read(ready, waiting)):
        waiting -= len(got)
    before = {pid: cpu_of([pid]) for pid in others}
    began = time.perf_counter()
    os.close(start)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    wall = time.perf_counter() - began
    # Of the server's processes those that stayed; each client tells of its own backend.
    servers = sum(max(0.0, cpu_of([pid]) - was) for pid, was in before.items())
    os.close(ready)
    with os.fdopen(told) as lines:
        spent = [tuple(map(float, line.split())) for line in lines]
    if any(codes):
        raise RuntimeError(f"clients ended with {codes}")
    return Together(wall, sum(own for own, _ in spent), servers + sum(server for _, server in spent))


def _client(number: int, work: Callable[[int], None], pipes: tuple[int, int, int]) -> NoReturn:
    """In a fork: say that we stand ready, wait for the start, work, tell what it took."""
    (go, stand, tell), code = pipes, 1
    try:
        server = [backend()]
        os.write(stand, b".")
        os.read(go, 1)  # returns when the parent closes its end
        own, theirs = time.process_time(), cpu_of(server)
        work(number)
        os.write(tell, f"{time.process_time() - own} {cpu_of(server) - theirs}\n".encode())
        code = 0
    finally:
        os._exit(code)


def server_pids() -> list[int]:
    """Every process of the database."""
    return processes_in(Path(os.readlink(f"/proc/{backend()}/cwd")))
