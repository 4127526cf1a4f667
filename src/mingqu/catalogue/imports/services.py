"""
Commands of an import of service items: take a file in, read it in a job, cancel. What was read waits for review.

Reading goes portion by portion, each a transaction: what a killed worker leaves is gone on with.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from mingqu.catalogue.imports import selectors
from mingqu.catalogue.imports.building import build, doubled
from mingqu.catalogue.imports.errors import (
    DefaultsNotHere,
    FileTooLarge,
    ImportState,
    ImportUnknown,
    RegionUnknown,
)
from mingqu.catalogue.imports.keeping import keep
from mingqu.catalogue.imports.mapping import Mapping, mapping
from mingqu.catalogue.imports.models import ImportBatch
from mingqu.catalogue.imports.organs import Organs
from mingqu.catalogue.imports.reading import FILE_BYTES, rows_of
from mingqu.catalogue.imports.report import counts
from mingqu.catalogue.imports.training import enter_organs, enter_posts
from mingqu.catalogue.imports.types import Built, Row
from mingqu.identity.services import access
from mingqu.identity.types import Place
from mingqu.kernel import regions
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.identifiers import RegionCode
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.training import is_training
from mingqu.kernel.types import Actor, CommandKey, Instant

ACTION = "catalogue.import"
WORK, QUEUE = "catalogue.import_items", "catalogue"
IMPORTER = Actor.system("item-import")
GIVE_UP = timedelta(hours=6)
NEVER_READ = "读了多次都没有读完，文件里可能有程序读不了的内容。请联系系统管理员，或者换一份文件再导入。"
PORTION = 250
State = ImportBatch.State


@dataclass(frozen=True)
class Asked:
    """What is brought in: the file, how it is read, for which region, and whether defaults may be put."""

    file_name: str
    data: bytes
    mapping: str
    region: str
    defaults: bool = False


@dataclass(frozen=True)
class TakenIn:
    """`again`: the same file was brought in before; that batch is meant and nothing new is made."""

    batch_id: UUID
    again: bool = False


def import_items(*, asked: Asked, by: Actor, at: Instant, key: CommandKey, here: bool = False) -> TakenIn:
    """
    Take a file in; a job reads it, or, with `here`, whoever called (`read_batch`). The same file for the same region
    changes nothing.

    Raises MappingUnknown, MappingWrong, FileTooLarge, IdentifierRefused and RegionUnknown, DefaultsNotHere,
    NotAuthorised.
    """
    how = mapping(asked.mapping)
    region = str(RegionCode.parse(asked.region))
    if len(asked.data) > FILE_BYTES:
        raise FileTooLarge(what=f"文件超过{FILE_BYTES // 1_000_000}MB")
    batch_id = UUID(str(key))
    with command(ACTION, batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(TakenIn)
        access.require_may(by, ACTION)
        row = regions.current(region)
        if row is None:
            raise RegionUnknown(region=region, field="region")
        access.require(by, ACTION, Place(None, region))
        if asked.defaults and not is_training(region, now=True):
            raise DefaultsNotHere(name=row.name, field="defaults")
        digest = hashlib.sha256(asked.data).hexdigest()
        known = ImportBatch.objects.filter(
            digest=digest,
            mapping=how.name,
            mapping_version=how.version,
            region_code=region,
            defaults=asked.defaults,
        )
        if before := known.exclude(state=State.FAILED).order_by("-created_at").first():
            cmd.note(again=str(before.pk), sha256=digest)
            return cmd.done(TakenIn(before.pk, again=True))
        ImportBatch.objects.create(
            id=batch_id,
            file_name=asked.file_name[-200:],
            digest=digest,
            mapping=how.name,
            mapping_version=how.version,
            region_code=region,
            author_id=by.id,
            defaults=asked.defaults,
            content=asked.data,
            created_at=at,
            updated_at=at,
        )
        cmd.note(file=asked.file_name[-200:], mapping=how.name, region=region, sha256=digest)
        if not here:
            _defer(batch_id)
        return cmd.done(TakenIn(batch_id))


def cancel(*, batch_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """Stop reading; the rows read so far are dropped. Raises ImportUnknown, ImportState, NotAuthorised."""
    with command(ACTION, batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        batch = _locked(batch_id)
        access.require(by, ACTION, Place(None, batch.region_code))
        if batch.state != State.READING:
            raise ImportState(state=batch.get_state_display(), deed="取消")
        batch.items.all().delete()
        _fail(batch, "已取消，读到的内容没有保留。", at)
        cmd.note(cancelled=True, read=batch.read_rows)
        cmd.done(None)


Tell = Callable[[int, int], None]
"""Told how many rows of how many are read."""


def read_batch(batch_id: UUID, at: Instant, tell: Tell | None = None) -> None:
    """Read a batch that waits for it to its end. What keeps the whole file from being read is told by the batch."""
    batch = ImportBatch.objects.filter(pk=batch_id, state=State.READING).first()
    if batch is None or batch.content is None:
        return
    try:
        _read(batch, at, tell or _silent)
    except DomainError as refused:
        _give_up(batch_id, refused.code, refused.message, at)


def _give_up(batch_id: UUID, code: str, why: str, at: Instant) -> None:
    with command(ACTION, batch_id, by=IMPORTER, at=at, key=uuid5(batch_id, "failed")) as cmd:
        batch = _locked(batch_id)
        if not cmd.repeated and batch.state == State.READING:
            batch.items.all().delete()
            _fail(batch, why, at)
            cmd.note(failed=code)
        cmd.done(None)


def sweep(at: Instant, patience_seconds: int = 120) -> None:
    """
    Jobs of killed workers: batches that have not moved for a while get a new one. One that is not read to its end
    within GIVE_UP after it was sent fails, with the advice to ask: something in it stops every worker.
    """
    for batch in ImportBatch.objects.filter(state=State.READING).defer("content"):
        if at - batch.created_at > GIVE_UP:
            _give_up(batch.pk, "several_times_broken_off", NEVER_READ, at)
        elif (at - batch.updated_at).total_seconds() > patience_seconds:
            ImportBatch.objects.filter(pk=batch.pk).update(updated_at=at)
            _defer(batch.pk)


def _silent(done: int, of: int) -> None:
    """Nobody is told."""


def _read(batch: ImportBatch, at: Instant, tell: Tell) -> None:
    how = mapping(batch.mapping)
    rows = list(rows_of(bytes(batch.content or b""), how))
    ImportBatch.objects.filter(pk=batch.pk).update(rows=len(rows), updated_at=at)
    training = batch.defaults and is_training(batch.region_code, now=True)
    if training:
        enter_organs(rows, how, batch.region_code, IMPORTER, at)
    organs = Organs(selectors.organs(batch.region_code))
    entered: set[str] = set()
    lines: dict[str, int] = {}
    for start in range(0, len(rows), PORTION):
        portion = rows[start : start + PORTION]
        built = [_build(row, how, organs, batch, lines) for row in portion]
        if start < batch.read_rows:
            continue  # a killed worker had come so far; only the keys are needed
        if training:
            enter_posts(built, entered, batch.region_code, IMPORTER, at)
        if not _keep_portion(batch, built, (start, start + len(portion)), at):
            return
        tell(start + len(portion), len(rows))
    _ready(batch.pk, at)


def _build(row: Row, how: Mapping, organs: Organs, batch: ImportBatch, lines: dict[str, int]) -> Built:
    """A row, refused where its key was there before."""
    name = batch.file_name
    built = build(row, how, organs, file=name, region=batch.region_code, defaults=batch.defaults)
    first = lines.setdefault(built.key, row.line)
    return built if first == row.line else doubled(built, first)


def _keep_portion(batch: ImportBatch, built: list[Built], lines: tuple[int, int], at: Instant) -> bool:
    """False when the batch was cancelled, or another worker has come further."""
    start, end = lines
    with transaction.atomic():
        locked = _locked(batch.pk)
        if locked.state != State.READING or locked.read_rows != start:
            return False
        same = keep(locked, built, legal_day(at))
        locked.counts = {**locked.counts, "same": int(locked.counts.get("same", 0)) + same}
        locked.read_rows, locked.updated_at = end, at
        locked.save(update_fields=["counts", "read_rows", "updated_at"])
    return True


def _ready(batch_id: UUID, at: Instant) -> None:
    with command(ACTION, batch_id, by=IMPORTER, at=at, key=uuid5(batch_id, "ready")) as cmd:
        if cmd.repeated:
            return
        batch = _locked(batch_id)
        batch.counts = {**batch.counts, **counts(batch)}
        batch.state = State.READY if batch.items.exists() else State.DONE
        batch.content, batch.updated_at = None, at
        batch.save(update_fields=["counts", "state", "content", "updated_at"])
        cmd.note(rows=batch.rows, listed=batch.counts["gates"]["listed"])
        cmd.done(None)


def _fail(batch: ImportBatch, why: str, at: Instant) -> None:
    batch.state, batch.failure, batch.content, batch.updated_at = State.FAILED, why[:300], None, at
    batch.save(update_fields=["state", "failure", "content", "updated_at"])


def _locked(batch_id: UUID) -> ImportBatch:
    found = ImportBatch.objects.select_for_update().defer("content").filter(pk=batch_id).first()
    if found is None:
        raise ImportUnknown()
    return found


def _defer(batch_id: UUID) -> None:
    jobs.configure_task(WORK, queue=QUEUE).defer(batch_id=str(batch_id))
