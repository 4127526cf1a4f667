"""/api/v1/: what payment providers tell. A signature stands in the place of session and CSRF token."""

from typing import Any

from ninja import Router, Schema

from mingqu.identity.services import client_address
from mingqu.identity.services.traffic import count
from mingqu.payments import services
from mingqu.payments.errors import AmountDiffers, ReferenceUnknown
from mingqu.payments.providers import registry
from mingqu.ui.access import public

router = Router(tags=["payments"])


class HeardOut(Schema):
    """`verdict`: paid, known (told before), surplus, late, failed, refunded, refund_failed."""

    verdict: str


@router.post("/payment-callbacks/{slug:provider}", response=HeardOut)
@public
def payment_callback(request: Any, provider: str) -> Any:
    """A signed telling of a payment or refund; the same `event` again is answered as at first."""
    count("payment_callback_address", client_address(request), at=request.at)
    told = registry.named(provider).read(request.headers, request.body, at=request.at)
    heard = services.hear(provider=provider, told=told, at=request.at)
    if heard.verdict == "amount_differs":
        raise AmountDiffers()
    if heard.verdict == "unknown":
        raise ReferenceUnknown()
    return {"verdict": heard.verdict}
