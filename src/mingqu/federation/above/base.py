"""The platform above, as this room speaks to it."""

from typing import Protocol

from mingqu.federation.types import Parcel, QualityReport
from mingqu.kernel.types import Instant


class Above(Protocol):
    """Whoever takes our batches. Taking the same number again is taking it once."""

    words: str

    def put(self, parcel: Parcel, *, at: Instant) -> None:
        """Hand a batch over. Raises AboveUnavailable: it may or may not have got there."""

    def report(self, number: str) -> QualityReport | None:
        """What it says of a batch; None while it is still looking. Raises AboveUnavailable."""
