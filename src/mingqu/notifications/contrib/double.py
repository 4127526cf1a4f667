"""
The local double of a telephone: it keeps each text message, encrypted, and sends nothing.

/double/sms/ shows the last ones, in a demo installation only.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Final

from django.conf import settings

from mingqu.kernel.types import Instant
from mingqu.notifications.errors import SmsUnavailable
from mingqu.notifications.models import DoubleSms

KEPT: Final = timedelta(days=1)


class DoubleChannel:
    name: ClassVar[str] = "double"
    leaves_the_machine: ClassVar[bool] = False

    def send(self, *, phone: str, text: str, at: Instant) -> None:
        """Keep the message. Raises SmsUnavailable outside a demo: a real person would wait in vain."""
        if not settings.MINGQU_DEMO:
            raise SmsUnavailable()
        DoubleSms.objects.create(phone=phone, text=text, created_at=at)


def delete_old(at: Instant) -> int:
    """Messages older than a day."""
    return DoubleSms.objects.filter(created_at__lt=at - KEPT).delete()[0]
