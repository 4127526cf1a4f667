"""
A telling signed with a shared secret (HMAC-SHA256 over the instant and the bytes of the body): of our own making, as
no common standard of payment callbacks exists. A provider with a form of its own reads that in its own class.
"""

import hmac
import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from mingqu.kernel.foreign_json import require_storable
from mingqu.kernel.types import Instant
from mingqu.payments.errors import CallbackStale, CallbackUnreadable, SignatureWrong
from mingqu.payments.rules import LARGEST
from mingqu.payments.types import Callback

SIGNATURE, SENT = "X-Payment-Signature", "X-Payment-Sent"
FRESH = timedelta(minutes=10)
KINDS = {"paid", "failed", "refunded", "refund_failed"}
LONGEST = 64


def sign(secret: bytes, sent: str, body: bytes) -> str:
    return hmac.new(secret, sent.encode("ascii") + b"." + body, sha256).hexdigest()


def read(secret: bytes, *, signature: str, sent: str, body: bytes, at: Instant) -> Callback:
    """Raises SignatureWrong, CallbackStale, CallbackUnreadable; the signature is looked at first."""
    if (
        not sent.isascii()
        or not signature.isascii()
        or not hmac.compare_digest(sign(secret, sent, body), signature)
    ):
        raise SignatureWrong()
    try:
        sent_at = datetime.fromisoformat(sent)
        given: Any = json.loads(body)
        require_storable(given)
        if sent_at.tzinfo is None or not isinstance(given, dict):
            raise CallbackUnreadable()
        told = _told(given)
    except (ValueError, KeyError, TypeError, RecursionError) as unreadable:
        raise CallbackUnreadable() from unreadable
    if abs(at - sent_at) > FRESH:
        raise CallbackStale()
    return told


def _told(given: dict[str, Any]) -> Callback:
    happened_at = datetime.fromisoformat(given["happened_at"])
    amount, kind = given["amount"], given["kind"]
    reference, trade_number = given["reference"], given["trade_number"]
    texts = (reference, trade_number)
    if (
        kind not in KINDS
        or type(amount) is not int
        or not 0 <= amount <= LARGEST
        or happened_at.tzinfo is None
        or not all(isinstance(text, str) and len(text) <= LONGEST and "\0" not in text for text in texts)
    ):
        raise CallbackUnreadable()
    return Callback(UUID(given["event"]), kind, reference, amount, trade_number, happened_at)
