"""
A day of a million payments against the provider's statement: lines streamed in by COPY, both sides compared in the
database. Which cases there are is asked of the room of cases in portions; here it answers at once that it knows all.
"""

import resource
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connection

from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.payments import services
from mingqu.payments.models import FeeNotice
from mingqu.payments.services import reconciling
from mingqu.payments.tests import factories as f
from mingqu.payments.types import Line, Statement
from tests.bench.figures import Figure
from tests.bench.meter import backend, cpu_of

ROWS, GONE, OTHER = 1_000_000, 37, 53  # missing there; with another amount
DAY, AT = date(2026, 9, 18), datetime(2026, 9, 19, 4, 0, tzinfo=UTC)
BAR_S, BAR_MB = 60, 200
MB = 1024  # ru_maxrss is in KB


def bench() -> Iterable[Figure]:
    finance = people.staff_actor("finance_officer")
    pour(f.notice().id)
    reconciling._unknown[:] = [lambda ids: set()]
    server = [backend()]
    wall, cpu, held = time.perf_counter(), cpu_of(server), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = services.reconcile(
        of=Statement("double", DAY, "对账单.csv", "0" * 64),
        lines=statement(),
        by=finance,
        at=AT,
        key=new_id(),
    )
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held
    if found.differences != GONE + OTHER or found.ours != ROWS:
        raise RuntimeError(f"{found.differences} differences of {found.ours} rows: not what was put in")
    yield Figure(f"{ROWS:,} payments against a statement", time.perf_counter() - wall, "s", bar=BAR_S)
    yield Figure(f"{ROWS:,} payments, CPU of PostgreSQL", cpu_of(server) - cpu, "s")
    yield Figure(f"{ROWS:,} payments, memory on top", more / MB, "MB", bar=BAR_MB)


def reference(number: int) -> str:
    return f"{number:032x}"


def pour(notice_id: UUID) -> None:
    """Each payment with a notice of its own like the one given, as paid."""
    columns = [field.column for field in FeeNotice._meta.concrete_fields]
    kept = ", ".join(name for name in columns if name not in {"id", "number", "state", "receipt_number"})
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO payments_feenotice (id, number, state, receipt_number, {kept})"
            " SELECT lpad(to_hex(n), 32, '0')::uuid, 'B' || n, 'paid', n::text,"
            f" {kept} FROM payments_feenotice, generate_series(1, %s) n WHERE id = %s",
            [ROWS, notice_id],
        )
        cursor.execute(
            "INSERT INTO payments_payment (notice_id, id, provider, way, reference, trade_number, amount, state,"
            " surplus, receipt_number, began_at, until, paid_at, paid_on)"
            " SELECT lpad(to_hex(n), 32, '0')::uuid, gen_random_uuid(), 'double', 'online',"
            " lpad(to_hex(n), 32, '0'), '', 100 + n %% 9000, 'succeeded', false, n::text, %s, %s, %s, %s"
            " FROM generate_series(1, %s) n",
            [AT, AT, AT, DAY, ROWS],
        )
        cursor.execute("ANALYZE payments_feenotice")
        cursor.execute("ANALYZE payments_payment")


def statement() -> Iterator[Line]:
    """What the bank has: some are missing, some have another amount."""
    for number in range(1 + GONE, ROWS + 1):
        other = number <= GONE + OTHER
        yield Line(number, reference(number), "pay", 100 + number % 9000 + other)
