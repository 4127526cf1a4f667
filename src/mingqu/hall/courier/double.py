"""
The demo's courier. Its page (/double/courier/<reference>/) plays what couriers do: fetch, carry, find nobody, hand
over, bring back, tell three times. It speaks to us only by signed tellings and by answers when asked.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import transaction

from mingqu.hall.courier.types import KINDS, Parcel, Told
from mingqu.hall.errors import (
    CourierSignatureWrong,
    CourierTellingStale,
    CourierTellingUnreadable,
    CourierUnavailable,
)
from mingqu.hall.models import DoubleParcel
from mingqu.kernel.fields import blind_index
from mingqu.kernel.foreign_json import JsonRefused, read_json
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Instant

SIGNATURE, SENT = "X-Courier-Signature", "X-Courier-Sent"
FRESH = timedelta(minutes=10)
LONGEST = {"reference": 40, "waybill": 40, "words": 200, "signer": 60}
ENDED = ("signed", "returned", "cancelled")


def secret() -> bytes:
    """Known to both sides: derived from the installation's master key."""
    return bytes(blind_index("hall.courier.double", "signature"))


def sign(sent: str, body: bytes) -> str:
    return hmac.new(secret(), sent.encode("ascii") + b"." + body, sha256).hexdigest()


class DoubleCourier:
    name: ClassVar[str] = "double"
    words: ClassVar[str] = "演示快递"

    def order(self, parcel: Parcel, *, at: Instant) -> str:
        _only_in_demo()
        row, _made = DoubleParcel.objects.get_or_create(
            reference=parcel.reference,
            defaults={"waybill": f"YS{new_id().hex[-12:].upper()}", "created_at": at},
        )
        return str(row.waybill)

    def cancel(self, reference: str) -> None:
        _only_in_demo()
        DoubleParcel.objects.filter(pk=reference, state="ordered").update(state="cancelled")

    def ask(self, reference: str) -> Sequence[Told]:
        _only_in_demo()
        row = DoubleParcel.objects.filter(pk=reference).first()
        return [] if row is None else [_of(one) for one in row.told]

    def read(self, headers: Mapping[str, str], body: bytes, *, at: Instant) -> Told:
        _only_in_demo()
        given = {name.lower(): value for name, value in headers.items()}
        signature, sent = given.get(SIGNATURE.lower(), ""), given.get(SENT.lower(), "")
        if not (sent.isascii() and signature.isascii() and hmac.compare_digest(sign(sent, body), signature)):
            raise CourierSignatureWrong()
        try:
            sent_at, told = datetime.fromisoformat(sent), _of(read_json(body))
            late = abs(at - sent_at) > FRESH
        except (ValueError, KeyError, TypeError, AttributeError, JsonRefused, RecursionError) as unreadable:
            raise CourierTellingUnreadable() from unreadable
        if late:
            raise CourierTellingStale()
        return told


def _of(given: Any) -> Told:
    """Raises ValueError, KeyError or TypeError for what is no telling."""
    texts = {name: given.get(name, "") for name in LONGEST}
    happened_at = datetime.fromisoformat(given["happened_at"])
    whole = all(isinstance(text, str) and len(text) <= LONGEST[name] for name, text in texts.items())
    if given["kind"] not in KINDS or happened_at.tzinfo is None or not whole or not texts["reference"]:
        raise ValueError("no telling")
    return Told(UUID(given["event"]), given["kind"], happened_at=happened_at, **texts)


def play(reference: str, kind: str, *, at: datetime, signer: str = "") -> Mapping[str, Any] | None:
    """Something happens to the parcel; what is to be told of it. None where it is unknown or has ended."""
    _only_in_demo()
    with transaction.atomic():
        row = DoubleParcel.objects.select_for_update().filter(pk=reference).first()
        if row is None or row.state in ENDED:
            return None
        told = {
            "event": str(new_id()),
            "kind": kind,
            "reference": reference,
            "waybill": row.waybill,
            "happened_at": at.isoformat(),
            "words": str(KINDS[kind]),
            "signer": signer,
        }
        row.state, row.told = kind, [*row.told, told]
        row.save(update_fields=["state", "told"])
    return told


def telling(told: Mapping[str, Any], *, at: datetime) -> tuple[dict[str, str], bytes]:
    """Headers and body as the courier sends them."""
    body, sent = json.dumps(told, ensure_ascii=False).encode(), at.isoformat()
    return {SENT: sent, SIGNATURE: sign(sent, body)}, body


def _only_in_demo() -> None:
    if not settings.MINGQU_DEMO:
        raise CourierUnavailable()
