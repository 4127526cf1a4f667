"""
Deeds of reviewers on rows of an import: begun on what was chosen, carried out in portions, the last one undone.

A portion is a command on the batch, in the reviewer's name; what a killed worker leaves is gone on with.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max, QuerySet
from procrastinate.contrib.django import app as jobs

from mingqu.catalogue import rules
from mingqu.catalogue.errors import DayPast
from mingqu.catalogue.imports import review_rules, review_selectors
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.report import counts
from mingqu.catalogue.imports.review_deeds import carry_out, restored, set_aside
from mingqu.catalogue.imports.review_errors import (
    ChoiceChanged,
    DeedRunning,
    ImporterReviews,
    NothingChosen,
    NothingToUndo,
    NotReady,
    NoValue,
    RowsChanged,
    RowUnknown,
    WithoutReason,
)
from mingqu.catalogue.imports.review_models import ReviewDeed, ReviewedRow
from mingqu.catalogue.imports.review_selectors import PUBLISH, REVIEW, Filter, Fingerprint
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.codelists import code_list
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

WORK, QUEUE = "catalogue.review_rows", "catalogue"
AT_ONCE = 60  # rows done while the reviewer waits; more are done by a job
PORTION = 200
LOST_AFTER = timedelta(minutes=3)
LONGEST = 300
OPEN_BATCHES = (ImportBatch.State.READY, ImportBatch.State.DONE)
SECOND_PERSON = ("accept", "confirm", "bases")
Kind = ReviewDeed.Kind


@dataclass(frozen=True)
class Order:
    """
    What is to be done: its kind, why (a return), which values (a confirmation), places of bases (none: all), on which
    later day (a publication; None: now).
    """

    kind: str
    reason: str = ""
    item_type: str = ""
    handling_kind: str = ""
    places: tuple[int, ...] = ()
    on: date | None = None


@dataclass(frozen=True)
class Chosen:
    """Ticked rows with the versions they were seen in, or all that match a filter as it was seen."""

    rows: tuple[tuple[UUID, int], ...] = ()
    asked: Filter | None = None
    seen: Fingerprint | None = None


@dataclass(frozen=True)
class Begun:
    deed_id: UUID
    total: int
    at_once: bool
    planned: bool = False


def begin(*, batch_id: UUID, order: Order, chosen: Chosen, by: Actor, at: Instant, key: UUID) -> Begun:
    """
    Begin a deed on what was chosen; `work` carries it out. More than AT_ONCE rows are queued for a job; a publication
    on a later day waits for `review_planning.start_due`.

    Raises NothingChosen, RowsChanged, ChoiceChanged (a stale click), ImporterReviews, NotReady, DeedRunning,
    WithoutReason, NoValue, DayPast, NothingToPlan, RowUnknown, NotAuthorised.
    """
    action = PUBLISH if order.kind == Kind.PUBLISH else REVIEW
    _sensible(order, legal_day(at))
    with command(action, batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Begun)
        access.require_may(by, action)
        batch = _ready(batch_id)
        if order.kind in SECOND_PERSON and by.id == batch.author_id:
            raise ImporterReviews()
        if review_selectors.running(batch):
            raise DeedRunning()
        rows = _chosen(batch, chosen, action, by)
        deed = _new(batch, order, chosen, cmd)
        deed.total = len(rows)
        found = [ReviewedRow(deed=deed, item_id=pk, line=line, version=version) for pk, line, version in rows]
        planned = order.on is not None
        if planned:
            set_aside(deed, found)
        deed.save()
        ReviewedRow.objects.bulk_create(found, batch_size=2000)
        at_once = not planned and len(rows) <= AT_ONCE
        if not (planned or at_once):
            defer(deed.pk)
        cmd.note(
            deed=deed.number,
            kind=order.kind,
            rows=len(rows) - deed.refused,
            **({"filter": deed.chosen} if deed.chosen else {}),
            **({"publish_on": order.on} if planned else {}),
        )
        return cmd.done(Begun(deed.pk, len(rows), at_once, planned))


def _sensible(order: Order, today: date) -> None:
    if order.on is not None and not review_rules.may_wait(order.kind, order.on, today):
        raise DayPast(field="on")
    if order.kind not in review_rules.ALLOWED_IN:
        raise NoValue()
    if order.kind == Kind.RETURN and not order.reason.strip():
        raise WithoutReason(field="reason")
    for name, value in (("item_type", order.item_type), ("handling_kind", order.handling_kind)):
        if value and value not in code_list(name):
            raise NoValue(field=name)


def _batches() -> QuerySet[ImportBatch]:
    """To be locked; without the file itself."""
    return ImportBatch.objects.select_for_update().defer("content")


def _ready(batch_id: UUID) -> ImportBatch:
    batch = _batches().filter(pk=batch_id).first()
    if batch is None:
        raise RowUnknown()
    if batch.state not in OPEN_BATCHES:
        raise NotReady(state=batch.get_state_display())
    return batch


def _chosen(batch: ImportBatch, chosen: Chosen, action: str, by: Actor) -> list[tuple[UUID, int, int]]:
    """(id, line, version) of what was chosen, as it is now and as it was seen."""
    if chosen.asked is not None:
        if chosen.seen is None:
            raise NothingChosen()
        now = review_selectors.fingerprint(by, batch, chosen.asked, action)
        if now != chosen.seen:
            raise ChoiceChanged(shown=chosen.seen.count, found=now.count)
        found = review_selectors.rows(by, batch, chosen.asked, action).values_list("pk", "line", "version")
        rows = list(found)
    else:
        seen = dict(chosen.rows)
        own = ImportedItem.objects.filter(
            review_selectors.within(by, action, batch), batch=batch, pk__in=seen
        )
        rows = list(own.order_by("line").values_list("pk", "line", "version"))
        if len(rows) < len(seen):
            raise RowUnknown()
        if stale := sum(seen[pk] != version for pk, _line, version in rows):
            raise RowsChanged(count=stale)
    if not rows:
        raise NothingChosen()
    return rows


def _new(batch: ImportBatch, order: Order, chosen: Chosen, cmd: Command) -> ReviewDeed:
    last = ReviewDeed.objects.filter(batch=batch).aggregate(last=Max("number"))["last"] or 0
    by = cmd.by
    values = {
        "item_type": order.item_type,
        "handling_kind": order.handling_kind,
        "places": list(order.places),
    }
    return ReviewDeed(
        batch=batch,
        number=last + 1,
        kind=order.kind,
        actor_id=by.id,
        post_id=by.post_id,
        actor_name=by.name or identity.names_of([by.id]).get(by.id, ""),
        reason=order.reason.strip()[:LONGEST],
        values={name: value for name, value in values.items() if value},
        chosen=chosen.asked.query[:LONGEST] if chosen.asked else "",
        publish_on=order.on,
        begun_at=cmd.at,
        queued_at=cmd.at,
    )


# Carrying out ------------------------------------------------------------------------------------------------


def work(deed_id: UUID, at: Instant) -> bool:
    """The next portion of a deed of review; False when nothing is left."""
    deed = ReviewDeed.objects.filter(pk=deed_id).first()
    if deed is None or deed.state != ReviewDeed.State.RUNNING or deed.kind == Kind.PUBLISH:
        return False
    by = doer(deed)
    with command(REVIEW, deed.batch_id, by=by, at=at, key=uuid5(deed.pk, str(deed.done))) as cmd:
        if cmd.repeated:
            return True
        batch = _batches().get(pk=deed.batch_id)
        deed = ReviewDeed.objects.select_for_update().get(pk=deed_id)
        taken = list(_waiting(deed)[:PORTION])
        carry_out(deed, batch, taken, by, at)
        deed.done, deed.queued_at = deed.done + len(taken), at
        deed.refused += sum(row.state == ReviewedRow.State.REFUSED for row in taken)
        if len(taken) < PORTION or deed.done >= deed.total:
            finish(deed, batch, at)
        deed.save()
        ids = sorted(str(row.item_id) for row in taken if row.state == ReviewedRow.State.DONE)
        lines = [row.line for row in taken]
        cmd.note(
            deed=deed.number,
            kind=deed.kind,
            rows=len(ids),
            lines=f"{lines[0]}-{lines[-1]}" if lines else "",
            digest=rules.digest({"rows": ids}),
            **({"reason": deed.reason} if deed.reason else {}),
        )
        cmd.done(None)
    return deed.state == ReviewDeed.State.RUNNING


def doer(deed: ReviewDeed) -> Actor:
    if deed.post_id is None:
        return Actor.system("catalogue-review")
    return Actor("staff", deed.actor_id, post_id=deed.post_id, name=deed.actor_name)


def finish(deed: ReviewDeed, batch: ImportBatch, at: Instant) -> None:
    """The deed is over; the numbers of its batch are brought up to date."""
    deed.state, deed.ended_at = ReviewDeed.State.DONE, at
    recount(batch, at)


def recount(batch: ImportBatch, at: Instant) -> None:
    """Numbers and state of a batch as its rows are; what else its report holds stays."""
    batch.counts = {**batch.counts, **counts(batch)}
    states = batch.counts["states"]
    open_rows = sum(states.get(state, 0) for state in ("proposed", "accepted", "returned", "failed"))
    batch.state = ImportBatch.State.READY if open_rows else ImportBatch.State.DONE
    batch.updated_at = at
    batch.save(update_fields=["counts", "state", "updated_at"])


def _waiting(deed: ReviewDeed) -> Any:
    return ReviewedRow.objects.filter(deed=deed, state=ReviewedRow.State.WAITING).order_by("line")


# Undoing -----------------------------------------------------------------------------------------------------


def undo(*, deed_id: UUID, by: Actor, at: Instant, key: UUID) -> int:
    """
    Take back the last deed of a batch, all of it: how many rows are as they were. Nothing of it may have been
    published or changed since. Raises NothingToUndo, DeedRunning, ImporterReviews, RowUnknown, NotAuthorised.
    """
    batch_id = review_selectors.deed(by, deed_id).batch_id
    with command(REVIEW, batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(int)
        access.require_may(by, REVIEW)
        batch = _ready(batch_id)
        if review_selectors.running(batch):
            raise DeedRunning()
        deed = ReviewDeed.objects.select_for_update().get(pk=deed_id)
        last = review_selectors.last_deed(batch)
        if last is None or last.pk != deed_id:
            raise NothingToUndo(why="它后面已经办过别的，先撤销最近的一次")
        if why := review_selectors.undoable(deed):
            raise NothingToUndo(why=why)
        if deed.kind == Kind.RETURN and by.id == batch.author_id != deed.actor_id:
            raise ImporterReviews()  # what stood accepted before would be accepted again by who imported it
        done = ReviewedRow.objects.filter(deed=deed, state=ReviewedRow.State.DONE)
        own = ImportedItem.objects.filter(review_selectors.within(by, REVIEW, batch), reviews__in=done)
        if own.count() != done.count():
            raise NothingToUndo(why="其中有您无权审核的行")
        undone = restored(done)
        deed.state = ReviewDeed.State.UNDONE
        deed.save(update_fields=["state"])
        recount(batch, at)
        cmd.note(deed=deed.number, kind=deed.kind, undone=undone)
        return cmd.done(undone)


# Jobs --------------------------------------------------------------------------------------------------------


def defer(deed_id: UUID) -> None:
    jobs.configure_task(WORK, queue=QUEUE).defer(deed_id=str(deed_id))


def sweep(at: Instant) -> int:
    """Queue anew the deeds whose job was lost with its worker; how many."""
    lost = ReviewDeed.objects.filter(state=ReviewDeed.State.RUNNING, queued_at__lt=at - LOST_AFTER)
    found = 0
    for deed_id in lost.values_list("pk", flat=True):
        with transaction.atomic():
            found += lost.filter(pk=deed_id).update(queued_at=at)
            defer(deed_id)
    return found
