"""
The figures of each day, kept up by events and made anew by a scan: both read the same facts of the same cases.

An event only says that something happened to a case. What the case adds to the days is worked out from what stands
written, and the difference to what it added before is what changes: told twice, late or out of order, the sum is right.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, Sum

from mingqu.cases import selectors as cases
from mingqu.cases.selectors import Life
from mingqu.clocks.types import Unit
from mingqu.evaluation import selectors as evaluation
from mingqu.insight import rules
from mingqu.insight.models import NOBODY, CaseFacts, DayFigures
from mingqu.insight.types import MEASURES, Difference, Place
from mingqu.kernel.rows import Columns, kept_plans, read_often, write_again
from mingqu.kernel.types import Instant

LOCK = 0x4D51_1451
PORTION = 2000
COMPARABLE = frozenset({Unit.WORKING_DAYS, Unit.DAYS})
KEY = ("department_id", "day", "item_code", "region_code", "street_code", "channel", "post_id", "clerk_id")

Sums = dict[tuple[Any, ...], Counter[str]]


def follow(case_ids: Iterable[UUID]) -> None:
    """Count what became of these cases; called by the relay, in the transaction of the delivery."""
    ids = sorted(set(case_ids))
    with transaction.atomic(savepoint=False):
        _hold(shared=True)
        held = _held_places(
            ids
        )  # first: what is read after that, no other who follows these cases has in hand
        found = {row.pk: row for row in facts_of(ids)}
        sums: Sums = defaultdict(Counter)
        for kept in held:
            _replace(sums, kept, found.get(kept.pk))
        _write({key: row for key, row in sums.items() if any(row.values())})


def _replace(sums: Sums, kept: CaseFacts, found: CaseFacts | None) -> None:
    if kept.department_id != NOBODY:
        _add(sums, kept, -1)
    if found is None:  # 作废: it never counted
        kept.delete()
        return
    _add(sums, found, 1)
    if _values(found) != _values(kept):
        write_again(found)


def _values(row: CaseFacts) -> list[Any]:
    return [getattr(row, name) for name in _names(CaseFacts)]


def facts_of(ids: Sequence[UUID]) -> list[CaseFacts]:
    """As they stand written now, not stored; by id."""
    levels = evaluation.levels_of(ids)
    return [_facts(life, levels.get(life.case_id, [])) for life in cases.lives_of(ids)]


def _facts(life: Life, ratings: list[tuple[Any, int]]) -> CaseFacts:
    statutory, promised = life.ends.statutory, life.ends.promised
    decided = life.ending in ("granted", "refused")
    binding = promised or statutory
    comparable = (
        decided
        and statutory
        and promised
        and statutory.unit == promised.unit
        and statutory.unit in COMPARABLE
    )
    timing = ""
    if decided and binding is not None and life.ended_on is not None:
        timing = rules.timing(
            ended_on=life.ended_on,
            due_on=binding.due_on,
            in_time=binding.in_time,
            in_time_by_law=statutory.in_time if statutory else True,
        )
    due_on = (binding.due_on if binding else None) if life.ending else life.due_on
    return CaseFacts(
        id=life.case_id,
        department_id=life.department_id,
        item_code=life.item_code,
        item_type=life.item_type,
        region_code=life.region_code,
        street_code=life.street_code,
        channel=life.channel,
        post_id=life.post_id or NOBODY,
        clerk_id=life.clerk_id or NOBODY,
        received_on=life.received_on,
        accepted_on=life.accepted_on,
        ended_on=life.ended_on,
        ending=life.ending,
        timing=timing,
        overdue_from=rules.overdue_from(due_on, life.ended_on),
        in_bundle=life.in_bundle,
        owed=life.owed,
        electronic=life.electronic,
        visits=life.visits,
        promised_days=promised.limit if comparable and promised else 0,
        statutory_days=statutory.limit if comparable and statutory else 0,
        corrections=list(life.corrections),
        rated_on=[day for day, _ in ratings],
        levels=[level for _, level in ratings],
    )


_PLACE = Columns(CaseFacts, "f")
_HELD = (  # locked in the order of the ids
    "INSERT INTO insight_casefacts AS f (id, department_id, item_code, item_type, region_code, channel, post_id,"  # noqa: S608
    " clerk_id, received_on, ending, timing, in_bundle, owed, electronic, visits, promised_days, statutory_days,"
    " corrections, rated_on, levels) SELECT one, %s, '', '', '', '', %s, %s, 'epoch', '', '', false, false, false, 0,"
    " 0, 0, '{}', '{}', '{}' FROM unnest(%s::uuid[]) AS one ON CONFLICT (id) DO UPDATE SET id = excluded.id"
    f" RETURNING {_PLACE}"
)


def _held_places(ids: Sequence[UUID]) -> list[CaseFacts]:
    """
    What is counted of these cases, locked: two events of one at once wait for each other here. For a case that is not
    counted yet an empty row that adds nothing is put in first.
    """
    return [_PLACE.instance(row) for row in read_often(_HELD, [NOBODY, NOBODY, NOBODY, list(ids)])]


def _add(sums: Sums, row: CaseFacts, sign: int) -> None:
    place = row.place
    for (day, measure), amount in rules.added(row.facts).items():
        sums[(*_key(place, day), place.item_type)][measure] += sign * amount


def _key(place: Place, day: Any) -> tuple[Any, ...]:
    return (
        place.department_id, day, place.item_code, place.region_code, place.street_code, place.channel,
        place.post_id, place.clerk_id,
    )  # fmt: skip


_COLUMNS = (*KEY, "item_type", *MEASURES)
_UPSERT = (
    f"INSERT INTO insight_dayfigures AS f ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608  names of our own
    f" ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {', '.join(f'{m} = f.{m} + excluded.{m}' for m in MEASURES)}"
)


def _write(sums: Sums) -> None:
    """Always in one order, so that two who write the same rows wait for each other and do not lock up."""
    rows = [[*key, *(row[measure] for measure in MEASURES)] for key, row in sorted(sums.items(), key=_order)]
    if rows:
        with kept_plans() as cursor:
            for row in rows:
                cursor.execute(_UPSERT, row)


def _order(one: tuple[tuple[Any, ...], Any]) -> tuple[str, ...]:
    return tuple(str(part) for part in one[0])


def _hold(*, shared: bool) -> None:
    """Whoever follows events does so together; a scan is alone."""
    lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with kept_plans() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [LOCK])


def settle_due() -> int:
    """
    Count anew the cases that go on and whose last day is another than was counted: where a fee stopped the clock, or a
    notice of holidays moved the day, no event says so. How many there were; safe to repeat.
    """
    moved, after = 0, None
    while rows := cases.running_days(after=after, limit=PORTION):
        ids = [case_id for case_id, _due_on in rows]
        kept = dict(CaseFacts.objects.filter(pk__in=ids).values_list("pk", "overdue_from"))
        for case_id, due_on in rows:
            if case_id in kept and kept[case_id] != rules.overdue_from(due_on, None):
                follow([case_id])
                moved += 1
        after = ids[-1]
    return moved


# The scan ---------------------------------------------------------------------------------------------------------


def rebuild(at: Instant) -> int:
    """
    Make every figure anew from the cases themselves: how many cases. Pages read the old figures until it is done.
    Safe to repeat; events that come meanwhile wait and then change nothing twice.
    """
    with transaction.atomic():
        _hold(shared=False)
        DayFigures.objects.all().delete()
        CaseFacts.objects.all().delete()
        sums: Sums = defaultdict(Counter)
        number = 0
        for rows in _portions():
            _copy(CaseFacts, (_values(row) for row in rows))
            for row in rows:
                _add(sums, row, 1)
            number += len(rows)
        _copy(
            DayFigures,
            ([*key, *(row[measure] for measure in MEASURES)] for key, row in sums.items()),
            _COLUMNS,
        )
    return number


def _portions() -> Iterator[list[CaseFacts]]:
    after: UUID | None = None
    while ids := cases.case_ids(after=after, limit=PORTION):
        yield facts_of(ids)
        after = ids[-1]


def _names(model: type[CaseFacts]) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]


def _copy(model: Any, rows: Iterable[Sequence[Any]], columns: Sequence[str] = ()) -> None:
    names = ", ".join(columns or _names(model))
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as stream,
    ):
        for row in rows:
            stream.write_row(row)


def day_is_whole(day: date) -> bool:
    """Whether the figures of a day are the sum of what was counted of its cases."""
    rows = CaseFacts.objects.filter(
        Q(received_on=day)
        | Q(accepted_on=day)
        | Q(ended_on=day)
        | Q(corrections__contains=[day])
        | Q(rated_on__contains=[day])
    )
    counted: Counter[str] = Counter()
    for row in rows.iterator(PORTION):
        for (on, measure), amount in rules.added(row.facts).items():
            if on == day:
                counted[measure] += amount
    kept = DayFigures.objects.filter(day=day).aggregate(**{f"sum_{one}": Sum(one) for one in MEASURES})
    return all((kept[f"sum_{one}"] or 0) == counted[one] for one in MEASURES)


def differences(ids: Sequence[UUID]) -> list[Difference]:
    """Of these cases: what is counted of them otherwise than they stand. For the nightly sample."""
    kept = {row.pk: row for row in CaseFacts.objects.filter(pk__in=ids)}
    found: list[Difference] = []
    for row in facts_of(ids):
        before = rules.added(kept[row.pk].facts) if row.pk in kept else Counter()
        now = rules.added(row.facts)
        found += [
            Difference(row.pk, day, measure, before[day, measure], now[day, measure])
            for day, measure in sorted({*before, *now})
            if before[day, measure] != now[day, measure]
        ]
        was = kept[row.pk].overdue_from if row.pk in kept else None
        if was != row.overdue_from:
            day = row.overdue_from or was or row.received_on
            found.append(Difference(row.pk, day, "overdue", int(was == day), int(row.overdue_from == day)))
    return found
