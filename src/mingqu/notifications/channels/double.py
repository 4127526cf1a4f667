"""
The local double of a telephone and of a letter box: it keeps each message, encrypted, and sends nothing.

/double/sms/ shows the last ones, in a demo installation only. A message handed over twice is kept once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Final

from django.conf import settings

from mingqu.kernel.types import Instant
from mingqu.notifications.channels.base import EMAIL, SMS, Answer, Outcome, Parcel
from mingqu.notifications.models import DoubleSms

KEPT: Final = timedelta(days=1)


class DoubleChannel:
    name: str = "double"
    medium: str = SMS
    leaves_the_machine: ClassVar[bool] = False
    tells_repetitions: ClassVar[bool] = True
    slow_after: ClassVar[float] = 3.0

    def send(self, parcel: Parcel, *, at: Instant) -> Answer:
        """Keep the message; outside a demo a real person would wait for it in vain."""
        if not settings.MINGQU_DEMO:
            return Answer(Outcome.FAILED, "no_demo")
        kept = DoubleSms(
            id=parcel.reference,
            medium=self.medium,
            phone=parcel.to,
            subject=parcel.subject,
            text=parcel.text,
            created_at=at,
        )
        DoubleSms.objects.bulk_create([kept], ignore_conflicts=True)
        return Answer(Outcome.TAKEN, provider_reference=str(parcel.reference))


class DoubleLetters(DoubleChannel):
    name = "double-email"
    medium = EMAIL


def delete_old(at: Instant) -> int:
    """Messages older than a day."""
    return DoubleSms.objects.filter(created_at__lt=at - KEPT).delete()[0]
