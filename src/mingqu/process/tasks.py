"""The nightly comparison of stored instances with their histories."""

import logging
from datetime import timedelta

from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant
from mingqu.process import selectors
from mingqu.process.errors import RowsDiffer

log = logging.getLogger(__name__)

SAMPLE = 500


@periodic("process.compare_sample", every=timedelta(days=1))
def compare_sample(at: Instant) -> None:
    """Design section 5. Raises RowsDiffer, so that the operations page shows it."""
    differing = 0
    for root_id, instance_id in selectors.sample(SAMPLE, legal_day(at).toordinal()):
        if found := selectors.differences(root_id, instance_id):
            differing += 1
            log.error("instance %s of %s differs from its history in %s", instance_id, root_id, sorted(found))
    if differing:
        raise RowsDiffer(count=differing)
