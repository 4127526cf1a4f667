"""Numbers and 文号: allocated by the database per kind, organ and period (design section 4 rule 4)."""

from typing import NamedTuple

from django.db import connection

from mingqu.kernel.commands import remembered, require_command
from mingqu.kernel.rows import kept_plans


class Series(NamedTuple):
    """What is numbered, by whom, and the period its numbers begin anew with."""

    kind: str
    organ: str
    period: str


def given_out(kind: str, period: str) -> int:
    """How many numbers of a kind all organs gave out in a period, refused ones not among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(last), 0) FROM kernel_numberseries WHERE kind = %s AND period = %s",
            [kind, period],
        )
        return int(cursor.fetchone()[0])


def next_number(kind: str, organ: str, period: str) -> int:
    """
    The next number of the series, from 1; two transactions never get the same.

    The row stays locked until the caller's transaction ends, so a refused command leaves no gap.
    """
    drawn = remembered().get(Series)
    if drawn and (ahead := drawn.pop(Series(kind, organ, period), None)) is not None:
        return int(ahead)
    with kept_plans() as cursor:
        cursor.execute(
            """
            INSERT INTO kernel_numberseries AS s (kind, organ, period, last) VALUES (%s, %s, %s, 1)
            ON CONFLICT (kind, organ, period) DO UPDATE SET last = s.last + 1
            RETURNING last
            """,
            [kind, organ, period],
        )
        return int(cursor.fetchone()[0])


def draw_ahead(*wanted: Series) -> None:
    """
    Take the next number of each of these series, no two of them the same, in one statement; `next_number` gives them
    out. Each must be asked for before the command ends, or its series has a gap. They are locked in the order in which
    they are named: name them everywhere in the same one.
    """
    require_command()
    with kept_plans() as cursor:
        cursor.execute(
            """
            INSERT INTO kernel_numberseries AS s (kind, organ, period, last)
            SELECT kind, organ, period, 1 FROM unnest(%s::text[], %s::text[], %s::text[])
                WITH ORDINALITY AS wanted(kind, organ, period, place) ORDER BY place
            ON CONFLICT (kind, organ, period) DO UPDATE SET last = s.last + 1
            RETURNING kind, organ, period, last
            """,
            [list(column) for column in zip(*wanted, strict=True)],
        )
        remembered()[Series] = {Series(*series): last for *series, last in cursor.fetchall()}
