"""
Gathering: every table is looked through once from its watermark on (what was there before anything was reported, what
an event did not tell), and what waits is put into batches. Nothing here speaks to the platform above.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from mingqu.federation import rules, selectors
from mingqu.federation.models import UpwardBatch, UpwardEntry, UpwardFeed
from mingqu.federation.services.marking import mark
from mingqu.federation.types import Collected, Row, Source
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Actor, Instant

UPWARD = Actor.system("federation")
LOOKED_AT = 200  # things of a table looked through at one turn
BATCHES = 5  # of a table at one turn
ANEW = timedelta(
    days=7
)  # after which a table is looked through anew: that a certificate expired, no event tells
State = UpwardEntry.State


def has_work(table: str, at: Instant) -> bool:
    """Whether something of a table waits or was not looked through yet; four short statements."""
    feed = UpwardFeed.objects.filter(table=table).first()
    if feed is None or feed.began_at is None or at - feed.began_at >= ANEW:
        return True
    return _ready(table).exists() or bool(selectors.keys_after(table, feed.mark, 1))


def look_through(table: str, at: Instant) -> int:
    """Mark the next things of a table and move its watermark, in one transaction; 0: all were looked through."""
    with transaction.atomic():
        feed = _feed(table)
        if feed.began_at is None or at - feed.began_at >= ANEW:
            feed.mark, feed.began_at = "", at
        keys = selectors.keys_after(table, feed.mark, LOOKED_AT)
        mark(table, keys, at)
        feed.mark = keys[-1] if keys else feed.mark
        feed.save(update_fields=["mark", "began_at"])
    return len(keys)


def gather(table: str, at: Instant) -> list[Collected]:
    """Batches of what waits; a few at one turn."""
    made = []
    for _turn in range(BATCHES):
        found = _batch(table, at)
        if found is None:
            break
        if found.rows:
            made.append(found)
    return made


def _feed(table: str) -> UpwardFeed:
    UpwardFeed.objects.bulk_create([UpwardFeed(table=table)], ignore_conflicts=True)
    return UpwardFeed.objects.select_for_update().get(table=table)


def _batch(table: str, at: Instant) -> Collected | None:
    """None: nothing waits. A batch of no rows is none: what waited was as it had been accepted."""
    with transaction.atomic():
        feed = _feed(table)  # one gatherer of a table at a time
        entries = list(_ready(table).select_for_update(of=("self",))[: rules.BATCH])
        if not entries:
            return None
        sources = selectors.read(table, [one.key for one in entries], legal_day(at))
        changed, rows = [], []
        for entry in entries:
            told = _told(entry, sources.get(entry.key))
            if told:
                changed.append(entry)
                rows += told
        UpwardEntry.objects.bulk_update(
            [one for one in entries if one not in changed], ["state", "label", "wrong", "again"]
        )
        if not rows:
            return Collected("", 0)
        return _write(feed, changed, rows, at)


def _ready(table: str) -> QuerySet[UpwardEntry]:
    """What waits, but what belongs to something that was not accepted yet: it would only be rejected."""
    rows = UpwardEntry.objects.filter(table=table, state=State.WAITING).order_by("changed_at", "id")
    for belongs in rules.belongs_to(table):
        there = UpwardEntry.objects.filter(table=belongs, key=OuterRef("key"), state=State.ACCEPTED)
        rows = rows.filter(Exists(there))
    return rows


def _told(entry: UpwardEntry, source: Source | None) -> list[Row]:
    """What is to be said of one thing: its rows, and those that are no more. Nothing where that was accepted."""
    rows = list(source.rows) if source else []
    entry.label = source.label[:64] if source else entry.label
    offered = rules.digest(rows)
    out = rules.gone(entry.guids, rows)
    same = offered == entry.digest if entry.digest else not rows
    if same and not out:
        entry.state, entry.wrong = State.ACCEPTED, []
        return []
    entry.offered, entry.offered_guids = offered, [row[rules.GUID] for row in rows]
    kept = [{**row, "cd_operation": rules.ADDED} for row in rows]
    return kept + [{rules.GUID: one, "cd_operation": rules.REMOVED} for one in out]


def _write(feed: UpwardFeed, entries: list[UpwardEntry], rows: list[Row], at: Instant) -> Collected:
    batch_id = new_id()
    number = f"{feed.table}-{feed.number + 1:08d}"
    for row in rows:
        row["cd_time"], row["cd_batch"] = f"{at.astimezone(BEIJING):%Y%m%d%H%M%S}", number
    with command("report.gather", batch_id, by=UPWARD, at=at, key=batch_id) as cmd:
        feed.number += 1
        feed.save(update_fields=["number"])
        UpwardBatch(
            id=batch_id,
            table=feed.table,
            number=number,
            layout=rules.layout_version(),
            digest=rules.digest(rows),
            payload=rows,
            rows=len(rows),
            made_at=at,
            made_on=legal_day(at),
            try_at=at,
        ).save(force_insert=True)
        _out(entries, batch_id)
        cmd.note(table=feed.table, number=number, rows=len(rows))
        return cmd.done(Collected(number, len(rows)))


def _out(entries: list[UpwardEntry], batch_id: UUID) -> None:
    for entry in entries:
        entry.state, entry.again, entry.batch_id = State.SENT, False, batch_id
    fields = ["state", "again", "batch_id", "label", "offered", "offered_guids"]
    UpwardEntry.objects.bulk_update(entries, fields)
