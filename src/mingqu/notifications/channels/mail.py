"""E-mail by SMTP, through Django's backends."""

from __future__ import annotations

import smtplib
from time import monotonic
from typing import ClassVar

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from mingqu.kernel.types import Instant
from mingqu.notifications.channels.base import EMAIL, Answer, Outcome, Parcel

PERMANENT = 500  # SMTP: 5xx will not get better, 4xx may (RFC 5321, 4.2.1)


class SmtpChannel:
    """
    The mail server of the settings. A mail server tells no repetitions: `Message-ID` carries our reference, and what
    came of a connection broken off after the letter was said is not known.
    """

    name: str = "smtp"
    medium: str = EMAIL
    leaves_the_machine: ClassVar[bool] = True
    tells_repetitions: ClassVar[bool] = False
    slow_after: ClassVar[float] = 10.0

    def send(self, parcel: Parcel, *, at: Instant) -> Answer:
        begun = monotonic()
        host = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].rstrip(">")
        letter = EmailMessage(
            parcel.subject,
            parcel.text,
            to=[parcel.to],
            headers={"Message-ID": f"<{parcel.reference}@{host}>", "Auto-Submitted": "auto-generated"},
            connection=get_connection(timeout=settings.EMAIL_TIMEOUT),
        )
        outcome, reason = _posted(letter)
        return Answer(outcome, reason, str(parcel.reference), monotonic() - begun)


def _posted(letter: EmailMessage) -> tuple[Outcome, str]:
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        known = Outcome.REFUSED if all(code >= PERMANENT for code in codes) else Outcome.FAILED
        return known, f"smtp_{codes[0]}"
    except smtplib.SMTPServerDisconnected:
        return Outcome.UNKNOWN, "disconnected"
    except smtplib.SMTPResponseException as answer:
        return Outcome.FAILED, f"smtp_{answer.smtp_code}"
    except TimeoutError:
        return Outcome.UNKNOWN, "timeout"
    except (smtplib.SMTPException, OSError) as error:
        return Outcome.FAILED, type(error).__name__
    return Outcome.TAKEN, ""
