"""What really happened, for a replay: when each step of past instances opened and closed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """
    One step of one instance, done. `begun`: when whoever did it can have begun at the earliest: it was there, he had
    taken it, and the one he did before was done.
    """

    root_id: UUID
    step: str
    post: str
    outcome: str
    opened: datetime
    begun: datetime
    closed: datetime


_SQL = """
SELECT root_id, node, post, outcome, opened_at,
       GREATEST(opened_at, claimed_at, LAG(closed_at) OVER (PARTITION BY closed_by ORDER BY closed_at, id)), closed_at
FROM process_task
WHERE root_id = ANY(%s) AND status IN ('completed', 'signed')
ORDER BY root_id, opened_at, id
"""


def recorded(root_ids: Collection[UUID]) -> Iterator[Recorded]:
    """
    By root, in the order in which the steps opened. One statement for every AT_ONCE roots; what somebody did for roots
    that are not asked about is not seen, so `begun` may be too early, never too late.
    """
    wanted = list(root_ids)
    for place in range(0, len(wanted), AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(_SQL, [wanted[place : place + AT_ONCE]])
            rows = cursor.fetchall()
        for root, step, post, outcome, opened, begun, closed in rows:
            yield Recorded(root, step, post, outcome, opened, min(begun, closed), closed)
