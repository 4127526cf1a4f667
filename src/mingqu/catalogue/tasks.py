"""Periodic work of the catalogue."""

from datetime import timedelta

from mingqu.catalogue import services
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant


@periodic("catalogue.publish_due", every=timedelta(minutes=10))
def publish_due(at: Instant) -> None:
    """Approved definitions whose day has come are published; running cases keep their revision."""
    services.publish_due(at)
