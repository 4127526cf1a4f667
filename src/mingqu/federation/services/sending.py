"""
Handing a batch over and reading the report on it, in a job. The rows of a batch never change, and the platform above
takes a number once: an attempt that was struck down, or went out unanswered, is simply made again.
"""

from uuid import UUID, uuid5

from mingqu.federation import rules
from mingqu.federation.above.base import Above
from mingqu.federation.errors import AboveUnavailable
from mingqu.federation.models import UpwardBatch, UpwardEntry, UpwardFeed
from mingqu.federation.services.gathering import UPWARD
from mingqu.federation.types import Parcel, QualityReport, Wrong
from mingqu.kernel.commands import command
from mingqu.kernel.types import CommandKey, Instant

State = UpwardBatch.State
DUE = 50  # batches at one turn


def due(at: Instant) -> list[UUID]:
    """Batches whose turn it is, the oldest first."""
    rows = UpwardBatch.objects.exclude(state=State.ANSWERED).filter(try_at__lte=at).order_by("try_at", "id")
    return list(rows.values_list("pk", flat=True)[:DUE])


def go_on(batch_id: UUID, above: Above, at: Instant) -> str:
    """The next thing to do with a batch; its state afterwards. Safe to repeat and to run twice at once."""
    batch = UpwardBatch.objects.get(pk=batch_id)
    if batch.state == State.ANSWERED or batch.try_at > at:
        return batch.state
    try:
        if batch.state == State.MADE:
            above.put(_parcel(batch), at=at)
            _sent(batch_id, at)
        report = above.report(batch.number)
    except AboveUnavailable:
        return _later(batch_id, "unavailable", at)
    return _later(batch_id, "", at) if report is None else _answered(batch_id, report, at)


def _parcel(batch: UpwardBatch) -> Parcel:
    return Parcel(batch.number, batch.table, batch.layout, batch.digest, tuple(batch.payload or ()))


def _locked(batch_id: UUID) -> UpwardBatch:
    return UpwardBatch.objects.select_for_update().get(pk=batch_id)


def _sent(batch_id: UUID, at: Instant) -> None:
    with command("report.send", batch_id, by=UPWARD, at=at, key=CommandKey(uuid5(batch_id, "sent"))) as cmd:
        if cmd.repeated:
            return
        batch = _locked(batch_id)
        if batch.state == State.MADE:
            batch.state, batch.sent_at, batch.attempts, batch.reason = State.SENT, at, 0, ""
            batch.save(update_fields=["state", "sent_at", "attempts", "reason"])
        cmd.note(table=batch.table, number=batch.number, rows=batch.rows)
        cmd.done(None)


def _later(batch_id: UUID, reason: str, at: Instant) -> str:
    """Nothing came of it: tried again after a while, less and less often. Such an attempt is no ledger entry."""
    batch = UpwardBatch.objects.get(pk=batch_id)
    attempts = min(batch.attempts + 1, len(rules.WAITS))
    still = UpwardBatch.objects.filter(pk=batch_id).exclude(state=State.ANSWERED)
    still.update(attempts=attempts, reason=reason, try_at=at + rules.wait(attempts))
    return batch.state


def _answered(batch_id: UUID, report: QualityReport, at: Instant) -> str:
    """Each thing of the batch is accepted, or rejected with what is wrong; what changed meanwhile waits again."""
    key = CommandKey(uuid5(batch_id, "answered"))
    with command("report.take_answer", batch_id, by=UPWARD, at=at, key=key) as cmd:
        if cmd.repeated:
            return State.ANSWERED
        batch = _locked(batch_id)
        wrong = _by_row(report, {row[rules.GUID] for row in batch.payload or ()})
        feed = UpwardFeed.objects.select_for_update().get(table=batch.table)
        out = UpwardEntry.objects.filter(batch_id=batch_id, state=UpwardEntry.State.SENT)
        entries = list(out.select_for_update().order_by("id"))
        feed.accepted += sum(_settle(one, wrong) for one in entries)
        feed.save(update_fields=["accepted"])
        fields = ["state", "again", "batch_id", "wrong", "digest", "guids", "offered", "offered_guids"]
        UpwardEntry.objects.bulk_update(entries, fields)
        batch.state, batch.answered_at, batch.payload = State.ANSWERED, at, None
        batch.rejected, batch.reason = len(wrong), ""
        batch.accepted = batch.rows - batch.rejected
        batch.save()
        cmd.note(
            table=batch.table, number=batch.number, taken_rows=batch.accepted, rejected_rows=batch.rejected
        )
        cmd.done(None)
    return State.ANSWERED


def _by_row(report: QualityReport, ours: set[str]) -> dict[str, list[Wrong]]:
    """Of our rows; what it says of others concerns nobody here."""
    found: dict[str, list[Wrong]] = {}
    for one in report.wrong:
        if one.row_guid in ours:
            found.setdefault(one.row_guid, []).append(one)
    return found


def _settle(entry: UpwardEntry, wrong: dict[str, list[Wrong]]) -> int:
    """What the report means for one thing; by how much the number of those that stand accepted changes."""
    before = bool(entry.guids)
    faults = [
        [one.row_guid, one.field, one.words]
        for guid in [
            *entry.offered_guids,
            *rules.gone(entry.guids, [{rules.GUID: g} for g in entry.offered_guids]),
        ]
        for one in wrong.get(guid, [])
    ]
    if faults:
        entry.state, entry.wrong = UpwardEntry.State.REJECTED, faults
    else:
        entry.state, entry.wrong = UpwardEntry.State.ACCEPTED, []
        entry.digest, entry.guids = entry.offered, entry.offered_guids
    # Of a thing that was rejected in part the rows that were taken stand up there: they are to be removed if they go.
    taken = [guid for guid in entry.offered_guids if guid not in wrong]
    if faults:
        entry.guids = sorted({*entry.guids, *taken})
        entry.digest = ""
    if entry.again:
        entry.state, entry.again = UpwardEntry.State.WAITING, False
    entry.batch_id, entry.offered, entry.offered_guids = None, "", []
    return int(bool(entry.guids)) - int(before)
