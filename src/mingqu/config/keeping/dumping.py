"""The database of a backup: one snapshot that pg_dump, the counts and the list of addresses all read."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from mingqu.config.launcher_binaries import binaries
from mingqu.config.launcher_process import LauncherError
from mingqu.config.launcher_settings import environment

BLOCK = 2**20
# libpq's names of what an address holds: given in the environment, where other users of the machine don't see them.
VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
             "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}  # fmt: skip
TABLES = """
    SELECT c.relname FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     ORDER BY c.relname
"""


@dataclass(frozen=True)
class Snapshot:
    """What the database was at one moment. `addresses`: stored files that its rows name."""

    name: str
    server: str
    migrations: list[str]
    rows: dict[str, int]
    checkpoint: int
    addresses: frozenset[str]


@contextlib.contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """Held open while pg_dump reads the very same moment; writers are not kept waiting."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield Snapshot(
            str(row[0]),
            connection.info.parameter_status("server_version") or "",
            _migrations(connection),
            rows_of(connection),
            _last_checkpoint(connection),
            frozenset(addresses_in(connection)),
        )


def rows_of(connection: psycopg.Connection) -> dict[str, int]:
    """Table → how many rows."""
    found = {}
    for (table,) in connection.execute(TABLES).fetchall():
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        found[str(table)] = int(row[0]) if row else 0
    return found


def addresses_in(connection: psycopg.Connection) -> Iterator[str]:
    """Stored files that rows of documents name."""
    for (address,) in connection.execute("SELECT DISTINCT address FROM documents_storedfile"):
        yield str(address)


def _migrations(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    return [str(name) for (name,) in rows]


def _last_checkpoint(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT coalesce(max(number), 0) FROM kernel_checkpoint").fetchone()
    return int(row[0]) if row else 0


def dumped(url: str, home: Path, moment: str) -> Iterator[bytes]:
    """The dump of that moment in pg_dump's own compressed format. Raises LauncherError with its last words."""
    program = [str(binaries(home, None) / "pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    program += ["--no-comments", f"--snapshot={moment}"]
    with _running(program, url, stdout=subprocess.PIPE) as (process, words):
        assert process.stdout is not None
        while block := process.stdout.read(BLOCK):
            yield block
        if process.wait() != 0:
            raise LauncherError(f"The database could not be dumped: {words()}")


def restore(url: str, home: Path, blocks: Iterable[bytes]) -> None:
    """Bring a dump back, all of it or nothing. Raises LauncherError with the last words of pg_restore."""
    program = [
        str(binaries(home, None) / "pg_restore"),
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
    ]
    # The schema `public` is there already, the owner's by the privileges of a fresh database.
    program += ["--exit-on-error", f"--dbname={conninfo_to_dict(url).get('dbname') or 'mingqu'}"]
    with _running(program, url, stdin=subprocess.PIPE) as (process, words):
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it ended before the dump did: its words say why
            for block in blocks:
                process.stdin.write(block)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        if process.wait() != 0:
            raise LauncherError(f"The database could not be brought back: {words()}")


@contextlib.contextmanager
def _running(
    program: list[str], url: str, *, stdin: int | None = None, stdout: int | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], Words]]:
    parts = conninfo_to_dict(url)
    given = {name: str(parts[key]) for key, name in VARIABLES.items() if parts.get(key)}
    process = subprocess.Popen(  # noqa: S603  PostgreSQL's own programs
        program,
        env={**environment(), **given},
        stdin=stdin if stdin is not None else subprocess.DEVNULL,
        stdout=stdout if stdout is not None else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    words = Words(process.stderr)
    try:
        yield process, words
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        words.close()


class Words:
    """What a program says on standard error, read beside it so that it never waits for us; the end is kept."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe, self._kept = pipe, b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while block := os.read(self._pipe.fileno(), 4096):
            self._kept = (self._kept + block)[-2000:]

    def __call__(self) -> str:
        """The last line; it names tables and constraints, never the values of a row."""
        self._reader.join()
        lines = [
            line
            for line in self._kept.decode("utf-8", "replace").splitlines()
            if line.strip() and not line.startswith(("DETAIL", "CONTEXT"))
        ]
        return " / ".join(lines[-3:])[-400:]

    def close(self) -> None:
        self._reader.join()
        self._pipe.close()
