"""What takes payments for us: an interface. A provider of one's own is a class like this, registered in its app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from mingqu.kernel.types import Instant
from mingqu.payments.types import Answer, Callback, Fen, Order


class PaymentProvider(Protocol):
    """
    A bank, a payment institution, or the platform of a finance department.

    It is called outside our transactions, with references made and written down by us before: each call may be
    repeated after a crash and must then mean the same payment. What the browser says on its way back is never
    believed; a payment is made by `read` (a signed telling) or `ask` alone. Raises ProviderUnavailable.
    """

    name: ClassVar[str]
    site: str  # where its pages lie (https://pay.example.org), so that our forms may lead there; "": with us

    def open(self, order: Order, *, at: Instant) -> str:
        """The address of its page for this order."""
        ...

    def ask(self, reference: str) -> Answer:
        """How a payment or a refund stands with it."""
        ...

    def refund(self, reference: str, refund: str, amount: Fen, *, at: Instant) -> Answer:
        """Give the payment `reference` back, under our reference `refund`."""
        ...

    def read(self, headers: Mapping[str, str], body: bytes, *, at: Instant) -> Callback:
        """The telling, verified. Raises SignatureWrong, CallbackStale, CallbackUnreadable."""
        ...
