"""
A register over HTTP, of this platform's own layout (no national interface was seen; an adapter of the register's owner
translates):

    POST {address}   {"name", "citizen_number", "valid_until"}   → {"matches": true|false}
    POST {address}   {"credit_code", "name", "citizen_number"}   → {"name": firm's name} or {"name": null}

Facts go in the body, never into an address, which lands in logs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from mingqu.identity.errors import SourceUnavailable
from mingqu.identity.sources.base import RegisteredFirm
from mingqu.identity.types import IdentityFacts

TIMEOUT = 5  # seconds
MOST_BYTES = 10_000


class HttpRegister:
    """Over TLS, or on this machine; with the token of a file as bearer."""

    def __init__(self, address: str, token_file: str = "") -> None:
        if not address.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise ValueError("a register is asked over https, or on this machine")
        self.address, self.token_file = address, token_file

    def matches(self, facts: IdentityFacts) -> bool:
        asked = {
            "name": facts.name,
            "citizen_number": facts.citizen_number,
            "valid_until": facts.valid_until,
        }
        return self._ask(asked).get("matches") is True

    def represented(self, credit_code: str, name: str, citizen_number: str) -> RegisteredFirm | None:
        asked = {"credit_code": credit_code, "name": name, "citizen_number": citizen_number}
        found = self._ask(asked).get("name")
        return RegisteredFirm(credit_code, found, name) if found and isinstance(found, str) else None

    def _ask(self, facts: dict[str, str]) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if self.token_file:
            headers["Authorization"] = f"Bearer {Path(self.token_file).read_text('utf-8').strip()}"
        request = Request(self.address, json.dumps(facts).encode(), headers)  # noqa: S310  checked above
        try:
            with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310  checked above
                said = json.loads(answer.read(MOST_BYTES))
        except (URLError, TimeoutError, ValueError) as silent:
            raise SourceUnavailable() from silent
        if not isinstance(said, dict):
            raise SourceUnavailable()
        return said
