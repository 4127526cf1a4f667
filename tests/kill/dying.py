"""A deed in a process of its own that kills itself between two statements or at a commit, and what a database holds."""

import os
import signal
from collections.abc import Callable

from django.db import connection, connections

KILLED, DONE = -signal.SIGKILL, 0


def in_a_process(deed: Callable[[], object], prepare: Callable[[], None] = lambda: None) -> int:
    """Run `deed` in a fork that has connections of its own; its exit code, or minus its signal."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            connection.ensure_connection()
            prepare()
            deed()
            code = DONE
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dies_before(number: int) -> Callable[[], None]:
    """Prepares a process to die before its statement of this number, counted from 1."""
    seen = []

    def execute(run, sql, params, many, context):
        seen.append(sql)
        if len(seen) == number:
            die()
        return run(sql, params, many, context)

    return lambda: connection.execute_wrappers.append(execute)


def dies_at_commit(*, after: bool) -> Callable[[], None]:
    """Prepares a process to die when it commits: before the database hears of it, or after it is done."""
    commit = connection.commit

    def dying() -> None:
        if after:
            commit()
        die()

    return lambda: setattr(connection, "commit", dying)


def everything() -> dict[str, tuple[int, int]]:
    """Every table: how many rows, and a sum over what they hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        one = "SELECT '{0}', count(*), coalesce(sum(hashtext(t::text)), 0) FROM \"{0}\" t"
        cursor.execute(" UNION ALL ".join(one.format(name) for (name,) in cursor.fetchall()))
        return {name: (count, total) for name, count, total in cursor.fetchall()}


def statements_of(deed: Callable[[], object]) -> int:
    """How many statements it runs up to its first commit, which does not happen: nothing is changed by asking."""
    seen: list[str] = []

    def counting() -> None:
        def execute(run, sql, params, many, context):
            seen.append(sql)
            return run(sql, params, many, context)

        connection.execute_wrappers.append(execute)
        connection.commit = lambda: os._exit(min(len(seen), 200))

    return in_a_process(deed, counting)
