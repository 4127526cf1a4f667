"""
Batches into the database: each in one transaction with the note that it is there, so that a run that was killed goes on
where it was and writes the very same rows; nothing of a batch is kept when it is done.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections

from mingqu.config.demo.history.copying import Rows, copy

NOTES = """
CREATE TABLE IF NOT EXISTS bench_poured (kind text, batch int, rows int, PRIMARY KEY (kind, batch));
CREATE TABLE IF NOT EXISTS bench_note (name text PRIMARY KEY, value text NOT NULL)
"""
Make = Callable[[int], tuple[int, Rows]]


@contextmanager
def owner() -> Iterator[psycopg.Cursor[Any]]:
    """A transaction of the owner of the tables."""
    connection = connections["owner"]
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    before, raw.autocommit = raw.autocommit, False
    try:
        with raw.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")  # a batch that was lost is poured again
            yield cursor
        raw.commit()
    except BaseException:
        raw.rollback()
        raise
    finally:
        raw.autocommit = before


def noted(name: str) -> Any:
    """What was noted under this name; None for nothing."""
    with owner() as cursor:
        cursor.execute(NOTES)
        found = cursor.execute("SELECT value FROM bench_note WHERE name = %s", [name]).fetchone()
    return json.loads(found[0]) if found else None


def note(name: str, make: Callable[[], Any]) -> Any:
    """What was noted under this name, else what `make` makes, noted."""
    if (found := noted(name)) is not None:
        return found
    value = make()
    with owner() as cursor:
        cursor.execute("INSERT INTO bench_note VALUES (%s, %s)", [name, json.dumps(value)])
    return value


def pour(kind: str, batches: int, make: Make, whole: int, tell: Callable[[str], None]) -> int:
    """Every batch that is not there yet; how many rows of `whole` were made now."""
    with owner() as cursor:
        cursor.execute(NOTES)
        rows = cursor.execute("SELECT batch, rows FROM bench_poured WHERE kind = %s", [kind]).fetchall()
    there, began, made = dict(rows), time.monotonic(), 0
    before = sum(there.values())
    for batch in range(batches):
        if batch in there:
            continue
        count, tables = make(batch)
        with owner() as cursor:
            for table, lines in tables.items():
                copy(cursor, table, lines)
            cursor.execute("INSERT INTO bench_poured VALUES (%s, %s, %s)", [kind, batch, count])
        made += count
        tell(_progress(kind, before + made, whole, made / max(0.001, time.monotonic() - began)))
    return made


def _progress(kind: str, done: int, whole: int, rate: float) -> str:
    left = round(max(0, whole - done) / max(1.0, rate))
    return f"{kind}: {done:,} of {whole:,}, {rate:,.0f} a second, {left // 60}:{left % 60:02d} left"


def on_one_line(text: str) -> None:
    sys.stderr.write(f"\r{text}   ")
    sys.stderr.flush()


def settle(tables: Sequence[str]) -> None:
    """As autovacuum would leave them."""
    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")
    connection.close()
