"""A system asked over HTTP with JSON, described by the operator (connectors/written.py)."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from urllib.parse import quote

from mingqu.exchange.connectors import signing
from mingqu.exchange.errors import CallbackUnreadable, SignatureWrong, SystemUnavailable
from mingqu.exchange.types import Answer, DayLine, Known, Parcel, Telling
from mingqu.kernel import gateways
from mingqu.kernel.types import Instant

GOOD = range(200, 300)
NOT_THERE, GONE_AWAY = 404, 500
LARGEST = 20_000_000  # bytes of a day's list


@dataclass(frozen=True)
class Call:
    """One address, with where in its answer the things lie ("data.id")."""

    url: str
    refused: frozenset[int] = frozenset()
    number_at: str = ""
    tellings_at: str = ""
    lines_at: str = ""


@dataclass(frozen=True)
class HttpConnector:
    name: str
    words: str
    systems: frozenset[str]
    calls: Mapping[str, Call]
    headers: Mapping[str, str] = field(repr=False)
    secret: bytes = field(repr=False)
    states: Mapping[str, str]
    timeout: float = 10.0
    leaves_the_machine: ClassVar[bool] = True

    @property
    def can_be_asked(self) -> bool:
        return "ask" in self.calls

    @property
    def can_be_recalled(self) -> bool:
        return "recall" in self.calls

    def send(self, parcel: Parcel, *, at: Instant) -> Answer:
        call = self.calls["send"]
        body = {
            "key": parcel.key,
            "reference": parcel.reference,
            "round": parcel.round,
            "number": parcel.number,
            "subject": parcel.subject,
            "supplement": parcel.supplement,
            "fields": [{"part": one.part, "label": one.label, "value": one.value} for one in parcel.fields],
            "files": [
                {
                    "name": one.name,
                    "type": one.media_type,
                    "sha256": one.digest,
                    "content": b64encode(one.data).decode("ascii"),
                }
                for one in parcel.files
            ],
        }
        return self._told(call, call.url, parcel.key, body)

    def recall(self, reference: str, number: str, *, at: Instant) -> Answer:
        """A matter that it does not have is one that it need not stop."""
        call = self.calls["recall"]
        body = {"reference": reference, "number": number, "recalled_at": at.isoformat()}
        url = call.url.replace("{reference}", quote(reference, safe=""))
        answer = self._told(call, url, f"{reference}-recall", body)
        return Answer("taken") if answer.reason == f"http_{NOT_THERE}" else answer

    def _told(self, call: Call, url: str, key: str, body: dict[str, Any]) -> Answer:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key, **self.headers}
        reply = gateways.ask(
            "POST", url, json.dumps(body, ensure_ascii=False).encode(), headers, self.timeout
        )
        if reply.fate != "answered":
            return Answer("unknown" if reply.fate == "unknown" else "failed", reason=reply.reason)
        if reply.status in GOOD:
            return Answer("taken", str(gateways.at_path(reply.said, call.number_at) or "")[:64])
        reason = f"http_{reply.status}"
        if reply.status in call.refused:
            return Answer("refused", reason=reason)
        # A gateway that answers 5xx may have passed it on: asked for before it is sent again.
        return Answer("unknown" if reply.status >= GONE_AWAY else "failed", reason=reason)

    def ask(self, reference: str) -> Known:
        reply = self._got("ask", reference=reference)
        if reply.status == NOT_THERE:
            return Known(False)
        call = self.calls["ask"]
        said = gateways.at_path(reply.said, call.tellings_at) if call.tellings_at else reply.said
        tellings = tuple(self._telling(reference, one) for one in said or ())
        number = next((one.number for one in reversed(tellings) if one.number), "")
        sent = gateways.at_path(reply.said, "round")
        return Known(True, number, sent if isinstance(sent, int) else 0, tellings)

    def day(self, day: date) -> Iterator[DayLine]:
        call, reply = self.calls["day"], self._got("day", day=day.isoformat())
        said = gateways.at_path(reply.said, call.lines_at) if call.lines_at else reply.said
        for one in said or ():
            state = str(one.get("state", ""))
            number = str(one.get("number", ""))[:64]
            yield DayLine(str(one.get("reference", ""))[:64], number, self.states.get(state, state)[:12])

    def read(self, headers: Mapping[str, str], body: bytes, *, at: Instant) -> Telling:
        if not self.secret:
            raise SignatureWrong()
        return signing.read(self.secret, headers, body, at, self.states)

    def _telling(self, reference: str, said: Any) -> Telling:
        if not isinstance(said, dict):
            raise SystemUnavailable()
        try:
            return signing.telling({"reference": reference, **said}, self.states)
        except CallbackUnreadable as unreadable:  # it answers something else than was agreed on
            raise SystemUnavailable() from unreadable

    def _got(self, what: str, **values: str) -> gateways.Reply:
        if what not in self.calls:
            raise SystemUnavailable()
        url = self.calls[what].url
        for name, value in values.items():
            url = url.replace(f"{{{name}}}", quote(value, safe=""))
        reply = gateways.ask("GET", url, None, self.headers, self.timeout, LARGEST)
        there = reply.status in GOOD or (what == "ask" and reply.status == NOT_THERE)
        if reply.fate != "answered" or not there:
            raise SystemUnavailable()
        return reply
