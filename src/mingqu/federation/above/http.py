"""
A platform above reached over HTTP with JSON, of this platform's own layout (verified: false): the interface of a
provincial platform was not seen. Described in a file of the operator (MINGQU_UPWARD_FILE), readable by its owner alone.

    words: 省一体化平台
    url: https://share.example.gov.cn/upward
    headers: {Authorization: "Bearer {secret}"}
    secret_file: /etc/mingqu/upward.secret
    timeout: 20

`PUT {url}/batches/{number}` takes {table, layout, digest, rows}; `GET {url}/batches/{number}/report` answers 404 or 202
while it is looking, then {wrong: [{row_guid, field, words}]}.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from mingqu.federation.errors import AboveUnavailable, UpwardFileWrong
from mingqu.federation.types import Parcel, QualityReport, Wrong
from mingqu.kernel import gateways
from mingqu.kernel.types import Instant
from mingqu.kernel.yaml_text import read_yaml

KEYS: Final = frozenset({"words", "url", "headers", "secret_file", "timeout"})
OWN_MACHINE: Final = frozenset({"127.0.0.1", "::1", "localhost"})
GOOD, LOOKING = range(200, 300), (202, 404)
LARGEST: Final = 4_000_000  # bytes of a report
LONGEST: Final = 120  # signs of what it says of a field


@dataclass(frozen=True)
class HttpAbove:
    words: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    timeout: float = 20.0

    def put(self, parcel: Parcel, *, at: Instant) -> None:
        body = {
            "table": parcel.table,
            "layout": parcel.layout,
            "digest": parcel.digest,
            "sent_at": at.isoformat(),
            "rows": list(parcel.rows),
        }
        headers = {"Content-Type": "application/json", "Idempotency-Key": parcel.number, **self.headers}
        sent = json.dumps(body, ensure_ascii=False).encode()
        reply = gateways.ask("PUT", self._address(parcel.number), sent, headers, self.timeout)
        if reply.fate != "answered" or reply.status not in GOOD:
            raise AboveUnavailable()

    def report(self, number: str) -> QualityReport | None:
        address = f"{self._address(number)}/report"
        reply = gateways.ask("GET", address, None, self.headers, self.timeout, LARGEST)
        if reply.fate == "answered" and reply.status in LOOKING:
            return None
        if reply.fate != "answered" or reply.status not in GOOD:
            raise AboveUnavailable()
        return _report(reply.said)

    def _address(self, number: str) -> str:
        return f"{self.url.rstrip('/')}/batches/{quote(number, safe='')}"


def _report(said: Any) -> QualityReport:
    """Raises AboveUnavailable for what is no report: it is asked for again."""
    try:
        return QualityReport(tuple(_wrong(one) for one in said["wrong"]))
    except (KeyError, TypeError) as unreadable:
        raise AboveUnavailable() from unreadable


def _wrong(one: Any) -> Wrong:
    texts = [one["row_guid"], one["field"], one["words"]]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError
    return Wrong(texts[0][:36], texts[1][:60], texts[2].replace("\0", "")[:LONGEST])


def written(path: str) -> HttpAbove | None:
    """What the operator's file describes; None without one. Raises UpwardFileWrong."""
    return _read(path, Path(path).stat().st_mtime_ns) if path else None


@lru_cache(maxsize=2)
def _read(path: str, _changed: int) -> HttpAbove:
    try:
        raw = read_yaml(gateways.private(path)) or {}
        if unknown := raw.keys() - KEYS:
            raise UpwardFileWrong(f"unknown keys {sorted(unknown)}")
        address = urlsplit(raw["url"])
        if address.scheme != "https" and address.hostname not in OWN_MACHINE:
            raise UpwardFileWrong("what is reported leaves the machine only over https")
        secret = gateways.private(raw["secret_file"]).strip() if "secret_file" in raw else ""
    except gateways.OthersMayRead as open_to_others:
        raise UpwardFileWrong(str(open_to_others)) from open_to_others
    except KeyError as missing:
        raise UpwardFileWrong(f"{missing} is not said") from missing
    headers = {name: str(value).replace("{secret}", secret) for name, value in raw.get("headers", {}).items()}
    return HttpAbove(
        str(raw.get("words", "上级平台")), str(raw["url"]), headers, float(raw.get("timeout", 20))
    )
