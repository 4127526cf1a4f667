"""Periodic work of cases."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from mingqu.cases import selectors, services
from mingqu.certificates import selectors as certificates
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
