"""Periodic work of the catalogue."""

from datetime import timedelta

from mingqu.catalogue import services
from mingqu.catalogue.directory import services as lists
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant


@periodic("catalogue.publish_due", every=timedelta(minutes=10))
def publish_due(at: Instant) -> None:
    """Approved definitions whose day has come are published; running cases keep their revision."""
    services.publish_due(at)


@periodic("catalogue.keep_items", every=timedelta(days=1))
def keep_items(at: Instant) -> None:
    """Articles end and entries begin on their day: whether an item rests on law is looked at daily."""
    lists.keep_items(at)
