"""
A day of a million payments × receipts × cases against the provider's statement: lines streamed in by COPY, both sides
compared in the database, which cases there are asked of the room of cases in portions. A day of a tenth goes first:
what a payment costs, and the memory, may not grow with the day.
"""

import resource
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connections

from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor
from mingqu.payments import services
from mingqu.payments.models import Difference, FeeNotice
from mingqu.payments.tests import factories as f
from mingqu.payments.types import Line, Statement
from tests.bench import world as w
from tests.bench.figures import Figure
from tests.bench.meter import backend, cpu_of
from tests.bench.pages import many

ROWS, TENTH = 1_000_000, 100_000
# Of each day: missing there, with another amount, without a receipt, of a case that is not there.
GONE, OTHER, WITHOUT, LOST = 37, 53, 29, 31
PUT_IN = {"missing_there": GONE, "amount": OTHER, "no_receipt": WITHOUT, "no_case": LOST}
DAY, AT = date(2026, 9, 18), datetime(2026, 9, 19, 4, 0, tzinfo=UTC)
DAY_BEFORE = DAY - timedelta(days=1)
BAR_S, BAR_MB, TIMES_TENTH = 120, 200, 2.0
MB = 1024  # ru_maxrss is in KB


def bench() -> Iterable[Figure]:
    finance = people.staff_actor("finance_officer")
    (one,) = w.drafts(1)
    w.file(one)
    many(one.id, ROWS)
    pour(f.notice().id, one.id, DAY_BEFORE, TENTH)
    pour(f.notice().id, one.id, DAY, ROWS)
    tenth, _cpu = measured(DAY_BEFORE, TENTH, finance)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = measured(DAY, ROWS, finance)
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held
    name = f"{ROWS:,} payments × receipts × cases against a statement"
    yield Figure(name, wall, "s", bar=BAR_S)
    each, of_tenth = wall / ROWS * 1e6, tenth / TENTH * 1e6
    yield Figure(f"{name}: each, beside {TENTH:,}", each, "µs", beside=of_tenth, bar=TIMES_TENTH)
    yield Figure(f"{name}: CPU of PostgreSQL", cpu, "s")
    yield Figure(f"{name}: memory on top of what {TENTH:,} took", more / MB, "MB", bar=BAR_MB)


def measured(day: date, rows: int, finance: Actor) -> tuple[float, float]:
    """Seconds, and those of PostgreSQL's CPU. Raises RuntimeError unless just what was put in is found."""
    server = [backend()]
    wall, cpu = time.perf_counter(), cpu_of(server)
    found = services.reconcile(
        of=Statement("double", day, "对账单.csv", "0" * 64),
        lines=statement(day, rows),
        by=finance,
        at=AT,
        key=new_id(),
    )
    spent = time.perf_counter() - wall, cpu_of(server) - cpu
    kinds = {kind: Difference.objects.filter(day_id=found.day_id, kind=kind).count() for kind in PUT_IN}
    if kinds != PUT_IN or found.differences != sum(PUT_IN.values()) or found.ours != rows:
        raise RuntimeError(f"{kinds} of {found.ours} rows: not what was put in")
    return spent


def reference(day: date, number: int) -> str:
    return f"{day:%Y%m%d}{number:024x}"


def pour(notice_id: UUID, case_id: UUID, day: date, rows: int) -> None:
    """Each payment with a notice of its own like the one given, as paid, and a case of its own; some are wrong."""
    columns = [field.column for field in FeeNotice._meta.concrete_fields]
    kept = ", ".join(
        name for name in columns if name not in {"id", "number", "state", "receipt_number", "case_id"}
    )
    name = f"'{day:%Y%m%d}' || lpad(to_hex(n), 24, '0')"
    numbered = f"(SELECT id, row_number() OVER (ORDER BY id) AS n FROM cases_case WHERE id <> '{case_id}')"
    receipt = f"CASE WHEN n > {rows - WITHOUT} THEN '' ELSE n::text END"
    case = f"CASE WHEN n BETWEEN {rows // 2} AND {rows // 2 + LOST - 1} THEN gen_random_uuid() ELSE c.id END"
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO payments_feenotice (id, number, state, receipt_number, case_id, {kept})"
            f" SELECT ({name})::uuid, 'B{day:%d}' || n, 'paid', n::text, {case},"
            f" {', '.join(f'p.{one.strip()}' for one in kept.split(','))}"
            f" FROM payments_feenotice p, {numbered} c WHERE p.id = %s AND n <= %s",
            [notice_id, rows],
        )
        cursor.execute(
            "INSERT INTO payments_payment (notice_id, id, provider, way, reference, trade_number, amount, state,"
            " surplus, receipt_number, began_at, until, paid_at, paid_on, checked_because)"
            f" SELECT ({name})::uuid, gen_random_uuid(), 'double', 'online',"
            f" {name}, '', 100 + n %% 9000, 'succeeded', false, {receipt}, %s, %s, %s, %s, ''"
            " FROM generate_series(1, %s) n",
            [AT, AT, AT, day, rows],
        )
        cursor.execute("VACUUM ANALYZE payments_feenotice")
        cursor.execute("VACUUM ANALYZE payments_payment")
    connections["owner"].close()


def statement(day: date, rows: int) -> Iterator[Line]:
    """What the bank has: some are missing, some have another amount."""
    for number in range(1 + GONE, rows + 1):
        other = number <= GONE + OTHER
        yield Line(number, reference(day, number), "pay", 100 + number % 9000 + other)
