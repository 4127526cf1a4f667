"""The kernel's own periodic work."""

from datetime import timedelta

from mingqu.kernel import ledger, partitions
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant


@periodic("kernel.seal", every=timedelta(seconds=20))
def seal(at: Instant) -> None:
    """Design section 4 rule 5: sealed within 60 s."""
    while ledger.seal(at):
        pass


@periodic("kernel.partitions", every=timedelta(days=1))
def partitions_ahead(at: Instant) -> None:
    partitions.make_partitions(partitions.partitioned_tables(), legal_day(at))
    from mingqu.kernel import privileges

    privileges.apply()
