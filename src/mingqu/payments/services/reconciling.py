"""
每日对账: payments and refunds of a day × fee notices × receipts × cases × the provider's statement. Both sides are
compared inside the database; lines are streamed in, so that a day of a million is no more than a day of ten.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection

from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.payments import rules
from mingqu.payments.errors import (
    DayNotOver,
    DayReconciled,
    DifferenceReasonMissing,
    DifferenceSettled,
    StatementUnreadable,
)
from mingqu.payments.models import Difference, ReconciledDay, StatementLine
from mingqu.payments.types import Line, Reconciled, Statement
from mingqu.ui.text import zh_day

Unknown = Callable[[Collection[UUID]], set[UUID]]
"""Of these cases, those that the room above does not know."""

PORTION = 5_000
HEADERS = ("流水号", "类型", "金额（元）")
KINDS = {"缴费": "pay", "退费": "refund"}
LONGEST = 64
_unknown: list[Unknown] = []


def offer_cases(unknown: Unknown) -> None:
    """The room of cases says which it does not know; a room offers once, in its `AppConfig.ready`."""
    if unknown not in _unknown:
        _unknown.append(unknown)


def day_id_of(provider: str, day: date) -> UUID:
    return uuid5(NAMESPACE_URL, f"mingqu:reconciled:{provider}:{day.isoformat()}")


def read_statement(data: bytes) -> Iterator[Line]:
    """
    CSV (UTF-8 or GB18030) with the columns 流水号, 类型 (缴费 or 退费), 金额（元）; amounts with at most two decimals.
    Raises StatementUnreadable with the line.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as unreadable:
            raise StatementUnreadable(line=1, what="文件的编码不是UTF-8，也不是GB18030") from unreadable
    if "\0" in text:
        raise StatementUnreadable(line=1, what="这不是CSV文件")
    rows = _cells(text)
    header = [cell.strip() for cell in next(rows, [])]
    if header[: len(HEADERS)] != list(HEADERS):
        raise StatementUnreadable(line=1, what=f"前三列应当是{'、'.join(HEADERS)}")
    for number, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < len(HEADERS):
            raise StatementUnreadable(line=number, what="列数不够")
        reference, kind, amount = (cell.strip() for cell in cells[: len(HEADERS)])
        fen = rules.fen(amount)
        if not reference or len(reference) > LONGEST:
            raise StatementUnreadable(line=number, what="没有流水号，或者流水号太长")
        if kind not in KINDS:
            raise StatementUnreadable(line=number, what="类型应当是缴费或者退费")
        if fen is None or fen > rules.LARGEST:
            raise StatementUnreadable(line=number, what="金额应当是最多两位小数的元，不超过一亿")
        yield Line(number, reference, KINDS[kind], fen)


def _cells(text: str) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        yield from rows
    except csv.Error as broken:  # a quotation mark that is never closed swallows the rest
        raise StatementUnreadable(line=rows.line_num, what="引号没有成对，或者一格太长") from broken


def reconcile(*, of: Statement, lines: Iterable[Line], by: Actor, at: Instant, key: CommandKey) -> Reconciled:
    """
    Compare a day with its statement; what does not agree becomes a difference that the importer answers for. Another
    file of the same day takes the place of the first while nobody has settled anything.

    Raises NotAuthorised, DayNotOver, DayReconciled, StatementUnreadable.
    """
    day_id = day_id_of(of.provider, of.day)
    with command("payment.reconcile", day_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Reconciled)
        access.require_may(by, "payment.reconcile")
        if of.day >= legal_day(at):
            raise DayNotOver(day=zh_day(of.day))
        known = ReconciledDay.objects.select_for_update().filter(pk=day_id).first()
        if known is not None:
            if Difference.objects.filter(day=known, settled_at__isnull=False).exists():
                raise DayReconciled(day=zh_day(of.day))
            Difference.objects.filter(day=known).delete()
            StatementLine.objects.filter(day=known).delete()
        row = known or ReconciledDay(id=day_id, provider=of.provider, day=of.day)
        row.file_name, row.digest = of.file_name[:200], of.digest
        row.reconciled_at, row.by_person = at, by.id
        row.save()
        _copy_in(day_id, lines)
        row.ours, row.our_sum, row.theirs, row.their_sum = _sums(row)
        row.save(update_fields=["ours", "our_sum", "theirs", "their_sum"])
        found = _compare(row, by) + _without_case(row, by)
        cmd.note(provider=of.provider, day=of.day, digest=of.digest, differences=found, sum=row.our_sum)
        return cmd.done(Reconciled(day_id, row.ours, row.our_sum, row.theirs, row.their_sum, found))


def settle_difference(
    *, day_id: UUID, difference_id: UUID, reason: str, by: Actor, at: Instant, key: CommandKey
) -> None:
    """It is explained and dealt with. Raises NotAuthorised, DifferenceReasonMissing, DifferenceSettled."""
    with command("payment.settle_difference", day_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "payment.reconcile")
        if not reason.strip():
            raise DifferenceReasonMissing(field="reason")
        row = Difference.objects.select_for_update().filter(day_id=day_id, id=difference_id).first()
        if row is None or row.settled_at is not None:
            raise DifferenceSettled()
        row.settled_at, row.settled_by, row.reason = at, by.id, reason.strip()[:500]
        row.save(update_fields=["settled_at", "settled_by", "reason"])
        cmd.note(reference=row.reference, kind=row.kind)
        cmd.note_digest(reason=reason.strip())
        cmd.done(None)


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def _copy_in(day_id: UUID, lines: Iterable[Line]) -> None:
    statement = "COPY payments_statementline (day_id, line, reference, amount) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for line in lines:
            amount = line.amount if line.kind == "pay" else -line.amount
            copy.write_row((day_id, line.line, line.reference, amount))


# What we have of a day: what came in, what went back. Both lie in an index by provider, day and reference.
OURS = """
    SELECT reference, amount, notice_id, receipt_number <> '' AS has_receipt FROM payments_payment
     WHERE provider = %(provider)s AND paid_on = %(day)s AND state = 'succeeded'
    UNION ALL
    SELECT reference, -amount, notice_id, true FROM payments_refund
     WHERE provider = %(provider)s AND done_on = %(day)s AND state = 'done'
"""
# As the provider counts: what several notices were paid with at once is one line of its statement, of their sum.
ORDERS = """
    SELECT reference, amount, notice_id FROM payments_payment
     WHERE provider = %(provider)s AND paid_on = %(day)s AND state = 'succeeded' AND order_reference = ''
    UNION ALL
    SELECT order_reference, sum(amount)::bigint, NULL::uuid FROM payments_payment
     WHERE provider = %(provider)s AND paid_on = %(day)s AND state = 'succeeded' AND order_reference <> ''
     GROUP BY order_reference
    UNION ALL
    SELECT reference, -amount, notice_id FROM payments_refund
     WHERE provider = %(provider)s AND done_on = %(day)s AND state = 'done'
"""
THEIRS = """
    SELECT reference, sum(amount)::bigint AS amount FROM payments_statementline
     WHERE day_id = %(id)s GROUP BY reference
"""
COMPARE = f"""
WITH ours AS ({OURS}), orders AS ({ORDERS}), theirs AS ({THEIRS}), found AS (
    SELECT CASE WHEN theirs.reference IS NULL THEN 'missing_there'
                WHEN orders.reference IS NULL THEN 'missing_here' ELSE 'amount' END AS kind,
           coalesce(orders.reference, theirs.reference) AS reference, orders.notice_id,
           orders.amount AS ours, theirs.amount AS theirs
      FROM orders FULL JOIN theirs ON orders.reference = theirs.reference
     WHERE orders.amount IS DISTINCT FROM theirs.amount
    UNION ALL
    SELECT 'no_receipt', reference, notice_id, amount, NULL FROM ours WHERE NOT has_receipt
    UNION ALL
    SELECT 'not_noted', ours.reference, ours.notice_id, ours.amount, NULL
      FROM ours JOIN payments_payment p ON p.notice_id = ours.notice_id AND p.reference = ours.reference
      JOIN payments_feenotice n ON n.id = ours.notice_id
     WHERE NOT p.surplus AND n.state NOT IN ('paid', 'refunding', 'refunded')
)
INSERT INTO payments_difference (day_id, id, kind, reference, notice_id, ours, theirs, owner_id, reason)
SELECT %(id)s, gen_random_uuid(), kind, reference, notice_id, ours, theirs, %(owner)s, '' FROM found
"""  # noqa: S608 - our own texts


def _given(row: ReconciledDay, by: Actor) -> dict[str, Any]:
    return {"id": row.id, "provider": row.provider, "day": row.day, "owner": by.id}


def _sums(row: ReconciledDay) -> tuple[int, int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), coalesce(sum(amount), 0) FROM ({ORDERS}) AS orders",  # noqa: S608
            {"provider": row.provider, "day": row.day},
        )
        ours, our_sum = cursor.fetchone()
        cursor.execute(
            "SELECT count(*), coalesce(sum(amount), 0) FROM payments_statementline WHERE day_id = %s",
            [row.id],
        )
        theirs, their_sum = cursor.fetchone()
    return int(ours), int(our_sum), int(theirs), int(their_sum)


def _compare(row: ReconciledDay, by: Actor) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COMPARE, _given(row, by))
        return int(cursor.rowcount)


def _without_case(row: ReconciledDay, by: Actor) -> int:
    """Money of cases that are not there, asked in portions."""
    found = 0
    for rows in _portions(row):
        missing = {one for unknown in _unknown for one in unknown({case_id for *_r, case_id in rows})}
        wrong = [
            Difference(
                day=row,
                kind="no_case",
                reference=reference,
                notice_id=notice_id,
                ours=amount,
                owner_id=by.id,
            )
            for reference, notice_id, amount, case_id in rows
            if case_id in missing
        ]
        Difference.objects.bulk_create(wrong)
        found += len(wrong)
    return found


def _portions(row: ReconciledDay) -> Iterator[list[tuple[str, UUID, int, UUID]]]:
    """By keyset, so that no portion is read twice and none is held but one."""
    if not _unknown:
        return
    after = ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT p.reference, p.notice_id, p.amount, n.case_id FROM payments_payment p"
                " JOIN payments_feenotice n ON n.id = p.notice_id"
                " WHERE p.provider = %s AND p.paid_on = %s AND p.state = 'succeeded' AND p.reference > %s"
                " ORDER BY p.reference LIMIT %s",
                [row.provider, row.day, after, PORTION],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]
