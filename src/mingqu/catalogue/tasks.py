"""Periodic work of the catalogue."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from mingqu.catalogue import services
from mingqu.catalogue.batches import services as batches
from mingqu.catalogue.batches.selectors import stood_aside
from mingqu.catalogue.directory import services as lists
from mingqu.catalogue.directory.services import duties
from mingqu.catalogue.imports import review_planning, review_publishing, review_services
from mingqu.catalogue.imports import services as importing
from mingqu.catalogue.linting.services import look_again
from mingqu.catalogue.search import services as search
from mingqu.kernel import asides
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant


@periodic("catalogue.publish_due", every=timedelta(minutes=10))
def publish_due(at: Instant) -> None:
    """Approved definitions whose day has come are published; running cases keep their revision."""
    services.publish_due(at)


@periodic("catalogue.look_again", every=timedelta(hours=24))
def lint_again(at: Instant) -> None:
    """Guides are looked at once a day, because laws begin and end without anybody publishing."""
    look_again(at)


@periodic("catalogue.keep_items", every=timedelta(days=1))
def keep_items(at: Instant) -> None:
    """Articles end and entries begin on their day: whether an item rests on law is looked at daily."""
    lists.keep_items(at)


@periodic("catalogue.flag_duties", every=timedelta(hours=12))
def flag_duties(at: Instant) -> None:
    """Duties of organs that were not done by their day are said so, once."""
    duties.flag_overdue(at)


@app.task(name=review_services.WORK, queue=review_services.QUEUE)
def review_rows(deed_id: str) -> None:
    """A deed of review or a publication, portion after portion, until nothing is left."""
    deed = UUID(deed_id)
    while review_services.work(deed, timezone.now()) or review_publishing.work(deed, timezone.now()):
        pass


@periodic("catalogue.review_sweep", every=timedelta(minutes=2))
def review_sweep(at: Instant) -> None:
    review_services.sweep(at)


@app.task(name=batches.WORK, queue=batches.QUEUE)
def change_many(change_id: str) -> None:
    """A change of many items, portion after portion, until nothing is left."""
    while batches.work(UUID(change_id), timezone.now()):
        pass


@periodic("catalogue.change_sweep", every=timedelta(minutes=2))
def change_sweep(at: Instant) -> str:
    """Changes whose job was lost go on; operators are told of rows that failed until they were left."""
    batches.sweep(at)
    return asides.told(stood_aside(at))


@periodic("catalogue.start_planned", every=timedelta(minutes=10))
def start_planned(at: Instant) -> None:
    """Accepted rows that were to be published on a day are published once it has come."""
    review_planning.start_due(at)


@app.task(name=importing.WORK, queue=importing.QUEUE)
def import_items(batch_id: str) -> None:
    """Read a file of service items to its end; what was read before is not read again."""
    importing.read_batch(UUID(batch_id), timezone.now())


@periodic("catalogue.import_sweep", every=timedelta(minutes=2))
def import_sweep(at: Instant) -> None:
    importing.sweep(at)


@periodic("catalogue.forget_asked", every=timedelta(days=1))
def forget_asked(at: Instant) -> None:
    """What people searched for is forgotten after a while, though nobody stands in it."""
    search.prune(legal_day(at))
