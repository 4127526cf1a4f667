"""Numbers and 文号: allocated by the database per kind, organ and period (design section 4 rule 4)."""

from django.db import connection

from mingqu.kernel.rows import kept_plans


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
