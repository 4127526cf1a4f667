"""
Publication of accepted rows: each row a command of its own on its item, by the catalogue's one way into force. The
ledger names who imported, who reviewed and who had it published.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F

from mingqu.catalogue.directory.selectors import require_inherited
from mingqu.catalogue.errors import BaseChanged, DefinitionInvalid
from mingqu.catalogue.imports import review_services
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.review_models import ReviewDeed, ReviewedRow
from mingqu.catalogue.models import ServiceItem
from mingqu.catalogue.services.proving import require_proved
from mingqu.catalogue.services.publishing import (
    bring_into_force,
    examined,
    item_id,
    require_able,
    require_entry,
    require_own,
)
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.regions import is_training
from mingqu.kernel.types import Actor, Instant
from mingqu.process.errors import PlanRefused

log = logging.getLogger(__name__)

PUBLISHER = Actor.system("catalogue-import")
PORTION = 20  # rows between two looks at whether the deed goes on
SENTENCES = 20
LONGEST = 300
Row = ReviewedRow.State


@dataclass(frozen=True)
class RowPublished:
    revision_id: UUID
    number: int


def work(deed_id: UUID, at: Instant) -> bool:
    """The next rows of a publication; False when nothing is left. One that fails stops no other."""
    deed = ReviewDeed.objects.select_related("batch").defer("batch__content").filter(pk=deed_id).first()
    if deed is None or deed.state != ReviewDeed.State.RUNNING or deed.kind != ReviewDeed.Kind.PUBLISH:
        return False
    waiting = ReviewedRow.objects.filter(deed=deed, state=Row.WAITING).order_by("line")
    taken = list(waiting.select_related("item")[:PORTION])
    may = access.scope(review_services.doer(deed), "catalogue.publish")
    for row in taken:
        _one(deed, row, may, at)
    ReviewDeed.objects.filter(pk=deed_id).update(queued_at=at)
    if len(taken) == PORTION:
        return True
    _finish(deed_id, at)
    return False


def _finish(deed_id: UUID, at: Instant) -> None:
    with transaction.atomic():
        batch_id = ReviewDeed.objects.values_list("batch_id", flat=True).get(pk=deed_id)
        batch = ImportBatch.objects.select_for_update().defer("content").get(pk=batch_id)
        deed = ReviewDeed.objects.select_for_update().get(pk=deed_id)
        if deed.state == ReviewDeed.State.RUNNING and not deed.rows.filter(state=Row.WAITING).exists():
            review_services.finish(deed, batch, at)
            deed.save(update_fields=["state", "ended_at"])
            for other in _moved(deed):
                review_services.recount(other, at)


def _moved(deed: ReviewDeed) -> list[ImportBatch]:
    """Batches of a newer file into which rows of the deed, word for word the same, went while it waited for its day."""
    found = ImportBatch.objects.filter(items__reviews__deed=deed).exclude(pk=deed.batch_id).values("pk")
    locked = ImportBatch.objects.select_for_update().defer("content").filter(pk__in=found)
    return list(locked.order_by("pk"))


def _one(deed: ReviewDeed, row: ReviewedRow, may: access.Scope, at: Instant) -> None:
    """Published, or failed with sentences; either way it is behind us."""
    try:
        with transaction.atomic():
            _publish(deed, row, may, at)
    except DefinitionInvalid as refused:
        _failed(deed, row, refused.problems)
    except PlanRefused as refused:
        _failed(deed, row, [f"{one.element}：{one.sentence}" for one in refused.findings])
    except DomainError as refused:
        _failed(deed, row, [refused.message])


def _publish(deed: ReviewDeed, row: ReviewedRow, may: access.Scope, at: Instant) -> None:
    document, code = row.item.document, row.item.item_code
    require_inherited(document, legal_day(at))
    whole, checked, scope = examined(document, legal_day(at))
    require_able(whole)
    require_proved(whole)
    require_entry(whole, legal_day(at))  # staff asked for it: what the lists do not have can't be applied for
    with command(
        "catalogue.publish", item_id(code), by=PUBLISHER, at=at, key=uuid5(row.pk, "publish")
    ) as cmd:
        if cmd.repeated:
            return
        access.require(PUBLISHER, "catalogue.publish", scope)
        if not may.covers(scope):
            raise NotAuthorised(action="catalogue.publish")
        require_own(code, scope, may.covers)
        item = ImportedItem.objects.select_for_update().get(pk=row.item_id)
        row = ReviewedRow.objects.select_for_update().get(pk=row.pk)
        if row.state != Row.WAITING:
            return
        if deed.batch.defaults or not item.kind_confirmed:
            _only_in_training(scope.region_code)
        _as_accepted(row, item)
        published = bring_into_force(cmd, document, checked, scope)
        item.state, item.remark = ImportedItem.State.PUBLISHED, ""
        item.revision_id, item.version = published.revision_id, item.version + 1
        item.save(update_fields=["state", "remark", "revision", "version"])
        row.state, row.version = Row.DONE, item.version
        row.save(update_fields=["state", "version"])
        _counted(deed, refused=0)
        cmd.note(
            batch=deed.batch_id,
            line=row.line,
            importer=deed.batch.author_id,
            reviewer=item.reviewer_id,
            published_by=deed.actor_id,
        )
        cmd.done(RowPublished(published.revision_id, published.number))


class RowChanged(DomainError):
    code = "review_row_changed"
    sentence = "这一行通过以后又变了，请重新审核"
    status = 409


class NoTrainingAnyMore(DomainError):
    code = "review_no_training_any_more"
    sentence = "这一行含有没有人确认的类型或者默认值，只能在培训区域里发布，这里现在不是培训区域"
    status = 409


def _only_in_training(region_code: str) -> None:
    """What passed only because the region was for training does not come into force once it is not."""
    if not is_training(region_code, now=True):
        raise NoTrainingAnyMore()


def _as_accepted(row: ReviewedRow, item: ImportedItem) -> None:
    """Nothing but what the reviewer accepted, compared with what was in force then, comes into force."""
    if item.state != ImportedItem.State.ACCEPTED or item.version != row.version:
        raise RowChanged()
    accepted = ReviewedRow.objects.filter(item=item, deed__kind=ReviewDeed.Kind.ACCEPT, state=Row.DONE)
    base = accepted.order_by("-deed__number").values_list("base_id", flat=True).first()
    now = (
        ServiceItem.objects.select_related("current")
        .filter(code=item.item_code)
        .exclude(current=None)
        .first()
    )
    if now is not None and now.current_id != base:
        assert now.current is not None
        raise BaseChanged(number=now.current.number)


def _failed(deed: ReviewDeed, row: ReviewedRow, sentences: Sequence[str]) -> None:
    """The row says why; nothing of it was published. It can be put right, reviewed and published again."""
    said = [sentence[:LONGEST] for sentence in sentences[:SENTENCES]]
    log.warning("row %s of batch %s was not published", row.line, deed.batch_id)
    with transaction.atomic():
        item = ImportedItem.objects.select_for_update().get(pk=row.item_id)
        found = ReviewedRow.objects.select_for_update().get(pk=row.pk)
        if found.state != Row.WAITING:
            return
        if item.state == ImportedItem.State.ACCEPTED and item.version == found.version:
            item.state, item.remark, item.version = ImportedItem.State.FAILED, said[0], item.version + 1
            item.save(update_fields=["state", "remark", "version"])
        found.state, found.said = Row.REFUSED, said
        found.save(update_fields=["state", "said"])
        _counted(deed, refused=1)


def _counted(deed: ReviewDeed, *, refused: int) -> None:
    ReviewDeed.objects.filter(pk=deed.pk).update(done=F("done") + 1, refused=F("refused") + refused)
