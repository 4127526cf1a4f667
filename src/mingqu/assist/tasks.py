"""Periodic work of assist."""

from datetime import timedelta

from mingqu.assist import services
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant


@periodic("assist.flag_overdue", every=timedelta(hours=6))
def flag_overdue(at: Instant) -> str:
    """办不成事: what was not answered by its day is told up, once for each round."""
    return services.flag_overdue(at)
