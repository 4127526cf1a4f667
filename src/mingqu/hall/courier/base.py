"""Who carries results: an interface. A courier of one's own is a class like this, registered in its app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol

from mingqu.hall.courier.types import Parcel, Told
from mingqu.kernel.types import Instant


class Courier(Protocol):
    """
    It is called outside our transactions, with references made and written down by us before: each call may be repeated
    after a crash and must then mean the same parcel. Raises CourierUnavailable.
    """

    name: ClassVar[str]
    words: ClassVar[str]  # what it is called on pages and in the service record

    def order(self, parcel: Parcel, *, at: Instant) -> str:
        """Have it fetched; the number of the waybill."""
        ...

    def cancel(self, reference: str) -> None:
        """It is not fetched, if it was not yet."""
        ...

    def ask(self, reference: str) -> Sequence[Told]:
        """All that happened to it so far, with the ids it is told by."""
        ...

    def read(self, headers: Mapping[str, str], body: bytes, *, at: Instant) -> Told:
        """A telling, verified. Raises CourierSignatureWrong, CourierTellingStale, CourierTellingUnreadable."""
        ...
