"""Periodic work of bundles."""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import services
from mingqu.cases.bundles import selectors
from mingqu.cases.bundles.services.course import BUNDLES
from mingqu.cases.types import Served
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import each_alone, periodic
from mingqu.kernel.types import CommandKey, Instant


@periodic("cases.deliver_parts_in_time", every=timedelta(hours=1))
def deliver_parts_in_time(at: Instant) -> str:
    """
    Results wait for the last one, but no longer than the law lets them: on the last of the ten days (行政许可法 44) a
    part whose papers are made is served by itself.
    """

    def deliver(case_id: UUID) -> None:
        key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:deliver-in-time:{case_id}"))
        services.deliver_case(case_id=case_id, served=Served.electronic(), by=BUNDLES, at=at, key=key)

    return each_alone(selectors.parts_due_for_delivery(legal_day(at)), deliver, "delivery in time")
