"""
What many tests begin with is made once per worker by the real commands; later tests get a copy of its rows.

A district with its posts and one published service costs some thirty commands. The rows those commands left are kept in
memory and copied into the next test's database, which takes a tenth of the time. Where one of these tables already
holds a row, the commands run again: rows of two makings are never mixed.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction
from psycopg import sql

Value = TypeVar("Value")
Given = ParamSpec("Given")
Rows = dict[str, bytes]  # table → its rows as PostgreSQL's binary COPY wrote them

# A trigger of the queue writes the events of jobs, for copied jobs too.
WRITTEN = """
    SELECT relname, n_tup_ins - n_tup_del FROM pg_stat_xact_user_tables
     WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND relname <> 'procrastinate_events' ORDER BY relname
"""


def made_once(make: Callable[Given, Value]) -> Callable[Given, Value]:
    """
    `make`, which returns plain values (ids, names) and writes nothing but rows. What it is given tells what it makes:
    equal representations, equal rows. Kept from the second making on, since many variants are made by one test alone.
    Where jobs are among the rows: for tests in one database only, since the next database counts them from 1 again.
    """
    kept: dict[str, tuple[Value, Rows]] = {}
    asked: set[str] = set()

    @wraps(make)
    def made(*args: Given.args, **more: Given.kwargs) -> Value:
        key = repr((args, more))
        with transaction.atomic():
            if key in kept and _all_empty(kept[key][1]):
                value, rows = kept[key]
                _copy_in(rows)
            else:
                value = make(*args, **more)
                if key in asked and key not in kept and (found := _rows_written()) is not None:
                    kept[key] = value, found
                asked.add(key)
        return deepcopy(value)

    return made


def _all_empty(rows: Rows) -> bool:
    one_of_each = sql.SQL(" UNION ALL ").join(
        sql.SQL("(SELECT 1 FROM {} LIMIT 1)").format(sql.Identifier(table)) for table in rows
    )
    with connection.cursor() as cursor:
        cursor.execute(one_of_each.as_string(cursor.cursor))
        return cursor.fetchone() is None


def _rows_written() -> Rows | None:
    """Rows of every table this transaction wrote, or nothing where a table held others before."""
    rows: Rows = {}
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        for table, added in cursor.fetchall():
            cursor.execute(
                sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)).as_string(cursor.cursor)
            )
            if cursor.fetchone()[0] != added:
                return None
            rows[table] = _copy_out(cursor, table)
    return rows


def _copy_out(cursor, table: str) -> bytes:
    order = sql.SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(sql.Identifier(table))
    with cursor.copy(order) as copy:
        return b"".join(bytes(block) for block in copy)


def _copy_in(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, content in rows.items():
            order = sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(sql.Identifier(table))
            with cursor.copy(order) as copy:
                copy.write(content)
