"""The kernel's own periodic work."""

import logging
from datetime import timedelta

from mingqu.kernel import ledger, partitions
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant

log = logging.getLogger(__name__)


@periodic("kernel.seal", every=timedelta(seconds=20))
def seal(at: Instant) -> None:
    """Design section 4 rule 5: sealed within 60 s."""
    while ledger.seal(at):
        pass


@periodic("kernel.seal_forgotten", every=timedelta(hours=1))
def seal_forgotten(at: Instant) -> None:
    """An entry that fell out of the queue is sealed late and named, instead of never. Looks two days back."""
    if found := ledger.forgotten(at - timedelta(days=2), at - timedelta(minutes=10)):
        log.error("%s entries of the ledger were not waiting to be sealed; they are now", found)


@periodic("kernel.partitions", every=timedelta(days=1))
def partitions_ahead(at: Instant) -> None:
    partitions.make_partitions(partitions.partitioned_tables(), legal_day(at))
    from mingqu.kernel import privileges

    privileges.apply()
