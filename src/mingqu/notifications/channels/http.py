"""A gateway asked over HTTP, described by the operator: address, headers, body, what success looks like."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from mingqu.kernel.gateways import ask, at_path
from mingqu.kernel.types import Instant
from mingqu.notifications.channels.base import Answer, Outcome, Parcel


@dataclass(frozen=True)
class Test:
    """An answer of one of these statuses, whose JSON holds at `path` one of `equals` (no path: the status alone)."""

    __test__: ClassVar[bool] = False  # no test of pytest's

    status: frozenset[int]
    path: str = ""
    equals: frozenset[str] = frozenset()

    def holds(self, status: int, said: Any) -> bool:
        return status in self.status and (not self.path or str(at_path(said, self.path)) in self.equals)


@dataclass(frozen=True)
class Callback:
    """How the provider tells later what became of a message: signed (HMAC-SHA256 of the body, hexadecimal)."""

    secret: bytes = field(repr=False)
    reference_at: str
    state_at: str
    delivered: frozenset[str]
    failed: frozenset[str]

    def signed(self, body: bytes, signature: str) -> bool:
        right = hmac.new(self.secret, body, hashlib.sha256).hexdigest().encode()
        return hmac.compare_digest(right, signature.removeprefix("sha256=").strip().lower().encode())


@dataclass(frozen=True)
class HttpChannel:
    name: str
    medium: str
    url: str
    method: str
    headers: Mapping[str, str] = field(repr=False)
    body: str
    success: Test
    refused: Test | None = None
    reference_at: str = ""
    tells_repetitions: bool = False
    timeout: float = 10.0
    slow_after: float = 3.0
    callback: Callback | None = None
    leaves_the_machine: ClassVar[bool] = True

    def send(self, parcel: Parcel, *, at: Instant) -> Answer:
        begun = monotonic()
        outcome, reason, theirs = self._asked(parcel)
        return Answer(outcome, reason, theirs, monotonic() - begun)

    def _asked(self, parcel: Parcel) -> tuple[Outcome, str, str]:
        """
        A connection that never came about or an answer that is no success: not taken. A request that went out and was
        not answered: unknown.
        """
        reply = ask(self.method, self._address(parcel), self._body(parcel), self.headers, self.timeout)
        if reply.fate == "failed":
            return Outcome.FAILED, reply.reason, ""
        if reply.fate == "unknown":
            return Outcome.UNKNOWN, reply.reason, ""
        if self.success.holds(reply.status, reply.said):
            return Outcome.TAKEN, "", str(at_path(reply.said, self.reference_at) or "")[:80]
        if self.refused and self.refused.holds(reply.status, reply.said):
            return Outcome.REFUSED, f"http_{reply.status}", ""
        return Outcome.FAILED, f"http_{reply.status}", ""

    def _address(self, parcel: Parcel) -> str:
        """The path filled in, never the host."""
        address = urlsplit(self.url)
        return f"{address.scheme}://{address.netloc}{self._path(parcel)}"

    def _path(self, parcel: Parcel) -> str:
        address = urlsplit(self.url)
        path = f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"
        return _filled(path, parcel, quote)

    def _body(self, parcel: Parcel) -> bytes | None:
        """What is put in is written for a form in a form, anywhere else as a value of JSON with its quotation marks."""
        if not self.body:
            return None
        kinds = {name.lower(): value for name, value in self.headers.items()}
        is_form = kinds.get("content-type", "").startswith("application/x-www-form-urlencoded")
        return _filled(self.body, parcel, quote if is_form else _as_json).encode()


def _filled(text: str, parcel: Parcel, write: Any) -> str:
    """Each placeholder once, so that what a message says is never taken for a placeholder."""
    words = {
        "to": parcel.to,
        "text": parcel.text,
        "subject": parcel.subject,
        "reference": str(parcel.reference),
    }
    pieces = text.replace("{", "\0{").split("\0")
    done = pieces[:1]
    for piece in pieces[1:]:
        name, closed, rest = piece[1:].partition("}")
        done.append(write(words[name]) + rest if closed and name in words else piece)
    return "".join(done)


def _as_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
