"""
人脸核验 (L3): a service of another owner looks at the face and compares it with the register; this platform never
sees a picture. It is told who it should be, gives an address to send her to, and says afterwards whether it was her.

Over HTTP the layout is this platform's own (no national interface was seen; an adapter of the service's owner
translates):

    POST {address}/begin   {"name", "citizen_number", "reference", "back"}   → {"address": where to send her}
    POST {address}/result  {"reference", "ticket"}                           → {"passed": true|false}

She comes back to `back` with `?ticket=` of the service's making.
"""

from __future__ import annotations

import hmac
import json
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from mingqu.identity.errors import SourceUnavailable
from mingqu.kernel import gateways

TIMEOUT = 5.0  # seconds


class FaceSource(Protocol):
    """Raises SourceUnavailable. `passed` is False also for a ticket of another reference."""

    def begin(self, *, name: str, number: str, reference: str, back: str) -> str: ...

    def passed(self, reference: str, ticket: str) -> bool: ...


class HttpFaces:
    """Over TLS, or on this machine; with the token of a file as bearer."""

    def __init__(self, address: str, token_file: str = "") -> None:
        if not address.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise ValueError("a face service is asked over https, or on this machine")
        self.address, self.token_file = address.rstrip("/"), token_file

    def begin(self, *, name: str, number: str, reference: str, back: str) -> str:
        asked = {"name": name, "citizen_number": number, "reference": reference, "back": back}
        found = self._ask("begin", asked).get("address")
        if not isinstance(found, str) or not found.startswith(
            ("https://", "http://127.0.0.1:", "http://localhost:")
        ):
            raise SourceUnavailable()
        return found

    def passed(self, reference: str, ticket: str) -> bool:
        return self._ask("result", {"reference": reference, "ticket": ticket}).get("passed") is True

    def _ask(self, what: str, facts: dict[str, str]) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if self.token_file:
            headers["Authorization"] = f"Bearer {Path(self.token_file).read_text('utf-8').strip()}"
        body = json.dumps(facts).encode()
        reply = gateways.ask("POST", f"{self.address}/{what}", body, headers, TIMEOUT)
        if reply.fate != "answered" or reply.status != 200 or not isinstance(reply.said, dict):
            raise SourceUnavailable()
        return reply.said


class DoubleFaces:
    """
    The demo's: a page with two buttons (/double/face/<reference>/). Its tickets are made by the installation itself.
    """

    def begin(self, *, name: str, number: str, reference: str, back: str) -> str:
        return reverse("identity:double_face", args=[reference])

    def passed(self, reference: str, ticket: str) -> bool:
        return hmac.compare_digest(ticket, double_ticket(reference, passed=True))


def double_ticket(reference: str, *, passed: bool) -> str:
    return salted_hmac("mingqu.identity.double_face", f"{reference} {passed}", algorithm="sha256").hexdigest()


def available() -> bool:
    return bool(settings.MINGQU_DEMO or settings.MINGQU_FACE_URL)


def faces() -> FaceSource:
    """Raises SourceUnavailable where no service is set: fail closed."""
    if settings.MINGQU_DEMO:
        return DoubleFaces()
    if not settings.MINGQU_FACE_URL:
        raise SourceUnavailable()
    return HttpFaces(settings.MINGQU_FACE_URL, settings.MINGQU_FACE_TOKEN_FILE)
