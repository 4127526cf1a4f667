"""What the list of doubtful guides filters by, kept with the item."""

from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.linting.selectors import remarks_of
from mingqu.catalogue.models import ServiceItem
from mingqu.catalogue.types import Document
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant

BATCH = 500


def codes_of(document: Document, at: Instant) -> list[str]:
    """The rules a definition breaks or touches today, each once, in the order of the remarks."""
    return list(dict.fromkeys(remark.code for remark in remarks_of(document, legal_day(at))))


def look_again(at: Instant) -> int:
    """
    All published items once more, because laws begin and end without anybody publishing; how many changed.

    Derived data only: nothing an official decided is touched, so there is no command and no audit entry.
    """
    changed = []
    for item in ServiceItem.objects.exclude(current=None).filter(withdrawn_at=None).iterator(BATCH):
        assert item.current_id is not None
        codes = codes_of(catalogue.document(item.current_id), at)
        if codes != item.remarks:
            item.remarks = codes
            changed.append(item)
    ServiceItem.objects.bulk_update(changed, ["remarks"], batch_size=BATCH)
    return len(changed)
