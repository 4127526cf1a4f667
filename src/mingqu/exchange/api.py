"""/api/v1/: what other systems tell. A signature stands in the place of session and CSRF token."""

from typing import Any

from ninja import Router, Schema

from mingqu.exchange import services
from mingqu.exchange.connectors import registry
from mingqu.identity.services import client_address
from mingqu.identity.services.traffic import count
from mingqu.ui.access import public

router = Router(tags=["exchange"])


class HeardOut(Schema):
    """`verdict`: moved, kept (late), known (told before), contradicts."""

    verdict: str


@router.post("/exchange-callbacks/{slug:connector}", response=HeardOut)
@public
def exchange_callback(request: Any, connector: str) -> Any:
    """A signed state of a matter that was handed over; the same again is answered with `known`."""
    count("exchange_callback_address", client_address(request), at=request.at)
    told = registry.named(connector).read(request.headers, request.body, at=request.at)
    return {"verdict": services.hear(connector=connector, told=told, at=request.at).verdict}
