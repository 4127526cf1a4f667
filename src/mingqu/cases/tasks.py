"""Periodic work of cases."""

from datetime import timedelta

from mingqu.cases import selectors, services
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant

BATCH = 500


@periodic("cases.deem_accepted", every=timedelta(minutes=10))
def deem_accepted(at: Instant) -> None:
    """行政许可法 32(4): what nobody answered within five working days is accepted from the day it came."""
    for case_id in selectors.overdue_unanswered(legal_day(at), limit=BATCH):
        services.deem_accepted(case_id=case_id, at=at)
