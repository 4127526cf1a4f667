"""
The demo's bank. Its page (/double/bank/<reference>/) plays what banks do: takes the money, refuses, is slow, tells
three times, tells after the fee was cancelled, tells a wrong amount. It speaks to us only as a real one would: by
signed tellings and by answers when asked.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.urls import reverse

from mingqu.kernel.fields import blind_index
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Instant
from mingqu.payments.errors import ProviderUnavailable
from mingqu.payments.models import DoubleOrder
from mingqu.payments.providers import signing
from mingqu.payments.types import Answer, Callback, Fen, Kind, Order, Told

STATES: dict[str, Told] = {"waiting": "waiting", "paid": "paid", "failed": "failed"}


def secret() -> bytes:
    """Known to both sides: derived from the installation's master key, so that no demo shares another's."""
    return bytes(blind_index("payments.double", "signature"))


class DoubleBank:
    name: ClassVar[str] = "double"
    site = ""

    def open(self, order: Order, *, at: Instant) -> str:
        _only_in_demo()
        DoubleOrder.objects.get_or_create(
            reference=order.reference,
            defaults={
                "amount": order.amount,
                "subject": order.subject[:200],
                "back_url": order.back_url,
                "created_at": at,
            },
        )
        return reverse("payments:double_bank", args=[order.reference])

    def ask(self, reference: str) -> Answer:
        _only_in_demo()
        found = DoubleOrder.objects.filter(pk=reference).first()
        if found is None:
            return Answer("unknown")
        return Answer(STATES[found.state], found.amount, found.trade_number, found.decided_at)

    def refund(self, reference: str, refund: str, amount: Fen, *, at: Instant) -> Answer:
        """Given back at once; the same reference again is the same refund."""
        _only_in_demo()
        with transaction.atomic():
            paid = DoubleOrder.objects.select_for_update().filter(pk=reference, state="paid").first()
            if paid is None:
                return Answer("failed")
            before = DoubleOrder.objects.filter(refund_of=reference).exclude(pk=refund)
            back = before.aggregate(sum=Sum("amount"))["sum"] or 0
            if amount > paid.amount - back:  # of one order several parts may go back, never more than came
                return Answer("failed")
            row, _made = DoubleOrder.objects.get_or_create(
                reference=refund,
                defaults={
                    "amount": amount,
                    "subject": paid.subject,
                    "back_url": "",
                    "state": "paid",
                    "trade_number": f"B{new_id().hex[:20].upper()}",
                    "decided_at": at,
                    "refund_of": reference,
                    "created_at": at,
                },
            )
        return Answer("paid", row.amount, row.trade_number, row.decided_at)

    def read(self, headers: Mapping[str, str], body: bytes, *, at: Instant) -> Callback:
        _only_in_demo()
        given = {name.lower(): value for name, value in headers.items()}
        return signing.read(
            secret(),
            signature=given.get(signing.SIGNATURE.lower(), ""),
            sent=given.get(signing.SENT.lower(), ""),
            body=body,
            at=at,
        )


def decide(reference: str, *, paid: bool, at: Instant) -> DoubleOrder | None:
    """The person at the bank's page pays or gives up; once. None for an order the bank does not know."""
    _only_in_demo()
    with transaction.atomic():
        row = DoubleOrder.objects.select_for_update().filter(pk=reference).first()
        if row is not None and row.state == "waiting":
            row.state, row.decided_at = "paid" if paid else "failed", at
            row.trade_number = f"B{new_id().hex[:20].upper()}" if paid else ""
            row.save(update_fields=["state", "decided_at", "trade_number"])
    return row


def telling(
    order: DoubleOrder, kind: Kind, *, at: datetime, event: UUID | None = None, amount: Fen | None = None
) -> tuple[dict[str, str], bytes]:
    """Headers and body as the bank sends them."""
    body = json.dumps(
        {
            "event": str(event or new_id()),
            "kind": kind,
            "reference": order.reference,
            "amount": order.amount if amount is None else amount,
            "trade_number": order.trade_number,
            "happened_at": (order.decided_at or at).isoformat(),
        }
    ).encode()
    sent = at.isoformat()
    return {signing.SENT: sent, signing.SIGNATURE: signing.sign(secret(), sent, body)}, body


def _only_in_demo() -> None:
    if not settings.MINGQU_DEMO:
        raise ProviderUnavailable()
