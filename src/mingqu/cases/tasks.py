"""Periodic work of cases."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from mingqu.cases import selectors, services
from mingqu.cases.bundles import tasks as bundles  # noqa: F401  its periodic work is registered by import
from mingqu.certificates import selectors as certificates
from mingqu.clocks import selectors as clocks
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant

log = logging.getLogger(__name__)

BATCH = 500


@periodic("cases.deem_accepted", every=timedelta(minutes=10))
def deem_accepted(at: Instant) -> None:
    """
    行政许可法 32(4): what nobody answered within five working days is accepted from the day it came.

    One case that can't be written stops no other; it is logged and tried again at the next turn.
    """
    for case_id in selectors.overdue_unanswered(legal_day(at), limit=BATCH):
        try:
            with transaction.atomic():
                services.deem_accepted(case_id=case_id, at=at)
        except Exception as error:  # noqa: BLE001 - logged; raising would undo the others
            log.error("deemed acceptance of %s failed: %s", case_id, type(error).__name__)


@periodic("cases.deem_renewed", every=timedelta(hours=1))
def deem_renewed(at: Instant) -> None:
    """
    行政许可法 50: a renewal applied for in time and not decided when the certificate ended is granted by law.

    All accepted renewals, batch by batch; of each batch only those whose certificate has ended are looked at.
    """
    after: UUID | None = None
    while batch := selectors.open_renewals(after=after, limit=BATCH):
        after = batch[-1][0]
        ended = certificates.ended_before(legal_day(at), {certificate for _, certificate in batch})
        for case_id in (case_id for case_id, certificate in batch if certificate in ended):
            try:
                with transaction.atomic():
                    services.deem_renewed(case_id=case_id, at=at)
            except Exception as error:  # noqa: BLE001 - logged; raising would undo the others
                log.error("deemed renewal of %s failed: %s", case_id, type(error).__name__)


@periodic("cases.watch_owed", every=timedelta(hours=1))
def watch_owed(at: Instant) -> None:
    """
    容缺: remind of what is due within a working day, and say once what did not come in time.

    Nothing else follows by itself (services.gaps says why).
    """
    day = legal_day(at)
    soon = clocks.current_calendar().add_working_days(day, 1)
    for case_id in selectors.owed_to_tell(day, soon, limit=BATCH):
        try:
            with transaction.atomic():
                services.tell_about_owed(case_id=case_id, at=at)
        except Exception as error:  # noqa: BLE001 - logged; raising would undo the others
            log.error("what %s owes could not be told: %s", case_id, type(error).__name__)
