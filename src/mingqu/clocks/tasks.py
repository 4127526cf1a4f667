"""The nightly comparison of stored last days with the ledgers."""

import logging
from datetime import timedelta

from mingqu.clocks import services
from mingqu.clocks.errors import StoredDueDiffers
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant

log = logging.getLogger(__name__)


@periodic("clocks.check_stored_due", every=timedelta(days=1))
def check_stored_due(at: Instant) -> None:
    """Design section 4 rule 6. Raises StoredDueDiffers, so that the operations page shows it."""
    found = services.check_stored()
    for difference in found:
        log.error(
            "stored last day of %s %s is %s, the ledger gives %s",
            difference.owner,
            difference.root_id,
            difference.stored,
            difference.computed,
        )
    if found:
        raise StoredDueDiffers(count=len(found))
