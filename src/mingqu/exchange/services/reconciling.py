"""
每日对账 with another system: what we handed over on a day against what it has of that day, compared in the database.
Each difference has the post that answers for it and is settled with a reason.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection
from procrastinate.contrib.django import app as jobs

from mingqu.exchange import rules, selectors
from mingqu.exchange.connectors import registry
from mingqu.exchange.errors import (
    DayNotOver,
    DayReconciled,
    DifferenceSettled,
    FileUnreadable,
    ReasonMissing,
)
from mingqu.exchange.models import Discrepancy, ExchangeDay
from mingqu.exchange.services.common import EXCHANGE, QUEUE
from mingqu.exchange.types import DayLine, Reconciled
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

RECONCILE = "exchange.reconcile"
DAY_JOB = "exchange.reconcile_day"
LEAST_CELLS = 2
MOST_AT_ONCE = 7  # days asked of one connection in an hour
_STATES = {words: code for code, words in rules.OUTSIDE_WORDS.items()}


def day_id_of(connector: str, day: date) -> UUID:
    return uuid5(NAMESPACE_URL, f"mingqu:exchange-day:{connector}:{day.isoformat()}")


def reconcile(
    *, connector: str, day: date, lines: Iterable[DayLine], source: str, by: Actor, at: Instant
) -> Reconciled:
    """
    One connection's day. Looked at again, with the same list or another, it is compared anew while nothing is settled.
    Raises NotAuthorised, DayNotOver, DayReconciled.
    """
    found, digest = _told_once(lines)
    day_id = day_id_of(connector, day)
    key = CommandKey(uuid5(day_id, f"{digest}:{by.id}:{at.isoformat()}"))
    with command(RECONCILE, day_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Reconciled)
        access.require_may(by, RECONCILE)
        if day >= legal_day(at):
            raise DayNotOver(field="day", day=day.isoformat())
        known = ExchangeDay.objects.select_for_update().filter(pk=day_id).first()
        if known is not None:
            if Discrepancy.objects.filter(day=known, settled_at__isnull=False).exists():
                raise DayReconciled(field="day", day=day.isoformat())
            known.delete()
        row = ExchangeDay.objects.create(
            id=day_id,
            connector=connector,
            day=day,
            source=source[:200],
            digest=digest,
            reconciled_at=at,
            by_person=by.id,
        )
        _copy_in(day_id, found)
        many = _compare(row)
        row.sent, row.received = _counts(row)
        row.save(update_fields=["sent", "received"])
        cmd.note(system=connector, day=day, rows=row.received, differences=many)
        return cmd.done(Reconciled(day_id, row.sent, row.received, many))


def settle_difference(
    *, day_id: UUID, difference_id: UUID, reason: str, by: Actor, at: Instant, key: CommandKey
) -> None:
    """Explained and dealt with. Raises NotAuthorised, ReasonMissing, DifferenceSettled."""
    with command("exchange.settle_difference", day_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = Discrepancy.objects.select_for_update().filter(day_id=day_id, id=difference_id).first()
        if row is None or row.post_id is None or row.post_id != by.post_id:  # one's own, or who reconciles
            access.require_may(by, RECONCILE)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        if row is None or row.settled_at is not None:
            raise DifferenceSettled()
        row.settled_at, row.settled_by, row.reason = at, by.id, reason.strip()[:500]
        row.save(update_fields=["settled_at", "settled_by", "reason"])
        cmd.note(reference=row.reference, kind=row.kind)
        cmd.note_digest(reason=reason.strip())
        cmd.done(None)


def reconcile_asked(connector: str, day: date, at: Instant) -> Reconciled:
    """Ask the other side for its list and compare; in a job. Raises SystemUnavailable (tried again next hour)."""
    lines = list(registry.named(connector).day(day))
    return reconcile(connector=connector, day=day, lines=lines, source="自动查询", by=EXCHANGE, at=at)


def sweep_days(at: Instant) -> int:
    """
    Have the days that are not reconciled yet compared with every connection that can be asked: yesterday, and what an
    outage left behind since this connection was first reconciled, the oldest first; how many were queued.
    """
    yesterday = legal_day(at) - timedelta(days=1)
    queued = 0
    for name, one in registry.connectors().items():
        if not one.can_be_asked:
            continue
        left = [day for of, day in selectors.days_left(at) if of == name]
        due = [] if ExchangeDay.objects.filter(pk=day_id_of(name, yesterday)).exists() else [yesterday]
        for day in (due + left)[:MOST_AT_ONCE]:
            jobs.configure_task(DAY_JOB, queue=QUEUE).defer(connector=name, day=day.isoformat())
            queued += 1
    return queued


def read_list(data: bytes) -> Iterator[DayLine]:
    """The other side's list as a file: 流水号, 编号, 状态. Raises FileUnreadable."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileUnreadable(field="file", what="应是UTF-8编码的CSV文件") from error
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise FileUnreadable(field="file", what="不是CSV的写法，可能是引号没有成对") from error
    for line, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        if line == 1 or not any(cells):
            continue
        if len(cells) < LEAST_CELLS or not cells[0]:
            raise FileUnreadable(field="file", what=f"第{line}行没有流水号和编号")
        state = cells[2] if len(cells) > LEAST_CELLS else ""
        if state and state not in _STATES:
            raise FileUnreadable(field="file", what=f"第{line}行不认识的状态“{state[:20]}”")
        yield DayLine(cells[0][:64], cells[1][:64], _STATES.get(state, ""))


def _told_once(lines: Iterable[DayLine]) -> tuple[list[DayLine], str]:
    found = sorted(set(lines), key=lambda one: (one.reference, one.number, one.state))
    said = "\n".join(f"{one.reference},{one.number},{one.state}" for one in found)
    return found, sha256(said.encode()).hexdigest()


def _copy_in(day_id: UUID, lines: Iterable[DayLine]) -> None:
    statement = "COPY exchange_exchangeline (day_id, line, reference, number, state) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for line, one in enumerate(lines, start=1):
            copy.write_row((day_id, line, one.reference, one.number, one.state))


# What we handed over on a day by a connection; the other side's list; what does not agree. What is open from earlier
# days (silent, contradicting, not sent) is listed with every day until somebody has dealt with it.
OURS = """
    SELECT reference, external_number AS number, outside, post_id, sending FROM exchange_handover
     WHERE connector = %(connector)s AND sent_on = %(day)s
"""
COMPARE = f"""
WITH ours AS ({OURS}), theirs AS (
    SELECT reference, max(number) AS number, max(state) AS state FROM exchange_exchangeline
     WHERE day_id = %(id)s GROUP BY reference
), found AS (
    SELECT 'missing_there' AS kind, o.reference, o.number AS ours, '' AS theirs, o.post_id
      FROM ours o LEFT JOIN theirs t ON t.reference = o.reference
     WHERE t.reference IS NULL AND o.sending <> 'called_off'
    UNION ALL
    SELECT 'missing_here', t.reference, '', t.number, h.post_id
      FROM theirs t LEFT JOIN exchange_handover h ON h.connector = %(connector)s AND h.reference = t.reference
     WHERE h.reference IS NULL OR h.sent_on IS NULL
    UNION ALL
    SELECT 'number', o.reference, o.number, t.number, o.post_id
      FROM ours o JOIN theirs t ON t.reference = o.reference
     WHERE t.number <> '' AND o.number <> t.number
    UNION ALL
    SELECT CASE WHEN o.outside IN ('granted', 'refused') THEN 'state' ELSE 'behind' END,
           o.reference, o.outside, t.state, o.post_id
      FROM ours o JOIN theirs t ON t.reference = o.reference
     WHERE t.state <> '' AND t.state <> o.outside AND o.sending = 'sent'
    UNION ALL
    SELECT CASE WHEN contradicts THEN 'contradicts' WHEN silent THEN 'silent' ELSE 'unsent' END,
           reference, outside, '', post_id
      FROM exchange_handover
     WHERE connector = %(connector)s AND (
           (needs IN ('contradicts', 'silent') AND sent_on <= %(day)s)
        OR (sending IN ('waiting', 'stuck') AND ended_at IS NULL
            AND (created_at AT TIME ZONE 'Asia/Shanghai')::date <= %(day)s))
)
INSERT INTO exchange_discrepancy (day_id, id, kind, reference, ours, theirs, post_id, reason)
SELECT %(id)s, gen_random_uuid(), kind, reference, ours, theirs, post_id, '' FROM found
"""  # noqa: S608 - our own texts


def _given(row: ExchangeDay) -> dict[str, Any]:
    return {"id": row.id, "connector": row.connector, "day": row.day}


def _compare(row: ExchangeDay) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COMPARE, _given(row))
        return int(cursor.rowcount)


def _counts(row: ExchangeDay) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({OURS}) AS ours", _given(row))  # noqa: S608
        ours = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(DISTINCT reference) FROM exchange_exchangeline WHERE day_id = %s", [row.id]
        )
        return int(ours), int(cursor.fetchone()[0])
