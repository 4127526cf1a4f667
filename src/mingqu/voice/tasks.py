"""Periodic work of voice."""

from datetime import timedelta

from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant
from mingqu.voice import services


@periodic("voice.flag_overdue", every=timedelta(hours=6))
def flag_overdue(at: Instant) -> str:
    """Complaints, questions and suggestions that were not answered by their day are said so, once."""
    return services.flag_overdue(at)
