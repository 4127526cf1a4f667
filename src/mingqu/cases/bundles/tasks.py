"""Periodic work of bundles."""

import logging
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from mingqu.cases import services
from mingqu.cases.bundles import selectors
from mingqu.cases.bundles.services.course import BUNDLES
from mingqu.cases.types import Served
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import CommandKey, Instant

log = logging.getLogger(__name__)


@periodic("cases.deliver_parts_in_time", every=timedelta(hours=1))
def deliver_parts_in_time(at: Instant) -> None:
    """
    Results wait for the last one, but no longer than the law lets them: on the last of the ten days (行政许可法 44) a
    part whose papers are made is served by itself.
    """
    for case_id in selectors.parts_due_for_delivery(legal_day(at)):
        key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:deliver-in-time:{case_id}"))
        try:
            with transaction.atomic():
                services.deliver_case(case_id=case_id, served=Served.electronic(), by=BUNDLES, at=at, key=key)
        except Exception as error:  # noqa: BLE001 - logged; raising would undo the others
            log.error("delivery in time of %s failed: %s", case_id, type(error).__name__)
