"""
Django's PostgreSQL, with a cursor whose statements the server keeps the plan of, and a pool that asks the socket of a
connection instead of the server whether it still stands.
"""

import itertools
import re
import select
from functools import lru_cache
from typing import Any

import psycopg
from django.db.backends.postgresql import base as backend

base: Any = backend  # untyped

# Of a value in a statement as Django writes it, by name or in turn, or a per cent sign.
PLACE = re.compile(r"%(?:\((\w+)\)s|(.))")


class KeptCursor(base.CursorMixin, psycopg.RawCursor[Any]):  # type: ignore[misc]
    """
    Values go beside the text, and a text that comes again is prepared. Django's own cursor writes the values into the
    text, so that every statement is parsed and planned anew.
    """

    prepares: bool | None = None  # None: what comes again

    def execute(self, query: Any, params: Any = None, **more: Any) -> "KeptCursor":
        if params is not None:
            query, names = _numbered(query)
            params = [params[name] for name in names] if names else params
        return super().execute(query, params, prepare=self.prepares, **more)


class BoundCursor(KeptCursor):
    """The same without a kept plan: for what PostgreSQL has to plan by the values."""

    prepares = False


@lru_cache(maxsize=512)
def _numbered(text: str) -> tuple[str, tuple[str, ...]]:
    """With PostgreSQL's own places, which psycopg would find anew in every long text; and whose values by name."""
    names: dict[str, int] = {}
    count = itertools.count(1)

    def place(found: re.Match[str]) -> str:
        if found[1]:
            return f"${names.setdefault(found[1], len(names) + 1)}"
        return f"${next(count)}" if found[2] == "s" else found[2]

    return PLACE.sub(place, text), tuple(names)


class Operations(base.DatabaseOperations):  # type: ignore[misc]
    """What a statement of these cursors was, for who looks at statements: with its values, as of the others."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> Any:
        if isinstance(cursor, KeptCursor):
            return self.compose_sql(sql, params)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]
    """`ENGINE` of every database of an installation."""

    ops_class = Operations

    @property
    def pool(self) -> Any:
        """As Django makes it, but for the check."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == base.NO_DB_ALIAS or not options:
            return None
        if self.alias not in self._connection_pools:
            from psycopg_pool import ConnectionPool  # the web alone has one

            made = ConnectionPool(
                kwargs={**self.get_connection_params(), "autocommit": True},
                open=False,
                configure=self._configure_connection,
                check=require_open,
                **options,
            )
            self._connection_pools.setdefault(self.alias, made)  # of two threads the first
        return self._connection_pools[self.alias]

    def bound_cursor(self, kind: type[KeptCursor] = KeptCursor) -> Any:
        """As `cursor()`, for the statements of kernel.rows.kept_plans and `planned_anew`."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(kind(self.connection))


def require_open(connection: psycopg.Connection[Any]) -> None:
    """
    Raises OperationalError where the server has ended this connection.

    Only where something waits to be read on one that rests is the server asked: one that is gone has closed its end.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        connection.execute("")
