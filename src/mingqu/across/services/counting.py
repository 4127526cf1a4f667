"""
The figures of 通办, kept up by events: what a reception adds to its months is worked out from what stands written, and
the difference to what it added before is what changes. Told twice, late or out of order, the sums are right.
"""

from collections import Counter
from uuid import UUID

from django.db import connection, transaction

from mingqu.across import rules
from mingqu.across.models import MonthFigure, Reception, ReceptionFacts
from mingqu.across.selectors import months as reading
from mingqu.across.types import Facts
from mingqu.kernel.rows import read_often

PORTION = 200
KEY = ("agreement_id", "month", "item_code", "organ_id", "measure", "days")
_COLUMNS = (*KEY, "item_type", "region_code", "number")
_UPSERT = (
    f"INSERT INTO {MonthFigure._meta.db_table} AS f ({', '.join(_COLUMNS)})"  # noqa: S608  names of our own
    f" VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
    f" ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET number = f.number + excluded.number"
)

# Every event of every case is asked about.
_OF_CASE = "SELECT id FROM across_reception WHERE draft_id = %s AND state = %s ORDER BY id LIMIT 1"


def count(case_id: UUID) -> bool:
    """Count what became of one case, if a hall elsewhere received it; whether it is. Called by the relay or a sweep."""
    received = read_often(_OF_CASE, [case_id, Reception.State.FILED])
    if not received:
        return False
    with transaction.atomic():
        # Two who count the same wait for each other here.
        row = Reception.objects.select_for_update().get(pk=received[0][0])
        found = reading.facts_now(row)
        kept = ReceptionFacts.objects.filter(pk=case_id).first()
        if kept is None and found is not None:
            found.save(force_insert=True)
        elif found is None and kept is not None:
            kept.delete()  # 作废: it never counted
        elif found is not None:
            found.save(force_update=True)
        of = found or kept
        if of is not None:
            _write(of, kept.facts if kept else None, found.facts if found else None)
    return found is not None


def recount(limit: int = PORTION) -> int:
    """What goes on, and what was never counted, looked at anew: how many. For what an event did not tell."""
    done = 0
    for case_id in reading.to_recount(limit):
        done += count(case_id)
    return done


def _write(of: ReceptionFacts, before: Facts | None, now: Facts | None) -> None:
    """Always in one order, so that two who write the same rows wait for each other and do not lock up."""
    change = Counter(rules.added(now))
    change.subtract(rules.added(before))
    rows = [
        [
            of.agreement_id,
            month,
            of.item_code,
            of.organ_id,
            measure,
            days,
            of.item_type,
            of.region_code,
            number,
        ]
        for (month, measure, days), number in sorted(change.items())
        if number
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_UPSERT, rows)
