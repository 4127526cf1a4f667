"""
That something of ours is to be told upwards (again). Rows of a queue, kept by the relay in the transaction of the
delivery: what it comes to is read when it is sent, so an event told twice or late changes nothing.
"""

from collections.abc import Iterable

from mingqu.federation import rules
from mingqu.federation.models import UpwardEntry
from mingqu.kernel.rows import kept_plans
from mingqu.kernel.types import Instant

State = UpwardEntry.State
# What is out stays out and is looked at again when the report on it is there.
MARK = """
INSERT INTO federation_upwardentry
    (id, "table", key, label, state, again, changed_at, batch_id, digest, offered, guids, offered_guids, wrong)
SELECT given.id, %s, given.key, '', 'waiting', false, %s, NULL, '', '', '{}', '{}', '[]'
  FROM unnest(%s::uuid[], %s::text[]) AS given(id, key) ORDER BY given.id
ON CONFLICT (id) DO UPDATE SET
    again = federation_upwardentry.state = 'sent',
    state = CASE WHEN federation_upwardentry.state = 'sent' THEN 'sent' ELSE 'waiting' END,
    changed_at = EXCLUDED.changed_at
"""


def mark(table: str, keys: Iterable[str], at: Instant) -> int:
    """Have these looked at; how many. In the caller's transaction."""
    found = sorted(set(keys))
    if not found:
        return 0
    ids = [rules.entry_id(table, key) for key in found]
    with kept_plans() as cursor:
        cursor.execute(MARK, [table, at, ids, found])
    return len(found)
