"""
Publication on a chosen day: planned at once with the rows as they were accepted, begun by the platform on that legal
day, and taken back before it by whoever may publish. What the lists and the law say counts on the day itself.
"""

import logging
from uuid import UUID, uuid5

from mingqu.catalogue.imports import review_selectors
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.review_errors import DeedRunning, NothingToUndo
from mingqu.catalogue.imports.review_models import ReviewDeed, ReviewedRow
from mingqu.catalogue.imports.review_selectors import PUBLISH
from mingqu.catalogue.imports.review_services import defer
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

log = logging.getLogger(__name__)

CLOCKWORK = Actor.system("catalogue-import")
State, Row = ReviewDeed.State, ReviewedRow.State


def call_off(*, deed_id: UUID, by: Actor, at: Instant, key: UUID) -> int:
    """
    Take a planned publication back before its day: how many rows wait no more. They stay accepted. Raises
    NothingToUndo, RowUnknown, NotAuthorised.
    """
    batch_id = review_selectors.deed(by, deed_id).batch_id
    with command(PUBLISH, batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(int)
        access.require_may(by, PUBLISH)
        batch = _locked(batch_id)
        deed = ReviewDeed.objects.select_for_update().get(pk=deed_id)
        if deed.state != State.PLANNED:
            raise NothingToUndo(why="它不是在等日子的发布，可能已经开始发布，或者已经收回")
        waiting = ReviewedRow.objects.filter(deed=deed, state=Row.WAITING)
        own = ImportedItem.objects.filter(review_selectors.within(by, PUBLISH, batch), reviews__in=waiting)
        if own.count() != waiting.count():
            raise NothingToUndo(why="其中有您无权发布的行")
        rows = waiting.update(state=Row.UNDONE)
        deed.state, deed.ended_at = State.UNDONE, at
        deed.save(update_fields=["state", "ended_at"])
        cmd.note(deed=deed.number, kind=deed.kind, undone=rows, publish_on=deed.publish_on)
        return cmd.done(rows)


def start_due(at: Instant) -> int:
    """
    Begin the planned publications whose legal day has come; how many. One that can't begin yet (another deed of its
    batch is at work) is tried again the next time.
    """
    due = ReviewDeed.objects.filter(state=State.PLANNED, publish_on__lte=legal_day(at))
    begun = 0
    for deed_id, batch_id in due.order_by("publish_on", "begun_at", "pk").values_list("pk", "batch_id"):
        try:
            begun += _start(deed_id, batch_id, at)
        except DomainError as refused:
            log.warning("planned publication %s has not begun: %s", deed_id, refused.code)
    return begun


def _start(deed_id: UUID, batch_id: UUID, at: Instant) -> bool:
    with command(PUBLISH, batch_id, by=CLOCKWORK, at=at, key=uuid5(deed_id, "due")) as cmd:
        if cmd.repeated:
            return False
        batch = _locked(batch_id)
        deed = ReviewDeed.objects.select_for_update().get(pk=deed_id)
        if deed.state != State.PLANNED or review_selectors.running(batch):
            raise DeedRunning()
        deed.state, deed.queued_at = State.RUNNING, at
        deed.save(update_fields=["state", "queued_at"])
        defer(deed.pk)
        cmd.note(
            deed=deed.number,
            kind=deed.kind,
            rows=deed.total - deed.refused,
            publish_on=deed.publish_on,
            published_by=deed.actor_id,
        )
        cmd.done(None)
    return True


def _locked(batch_id: UUID) -> ImportBatch:
    return ImportBatch.objects.select_for_update().defer("content").get(pk=batch_id)
