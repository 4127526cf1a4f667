"""
Asking another machine over HTTP, for every room that does: whether it answered, and what. Files of operators that
describe such gateways hold secrets, so only their owner may read them.
"""

from __future__ import annotations

import http.client
import json
import ssl
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

LARGEST_ANSWER: Final = 64 * 1024
OPEN_TO_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class OthersMayRead(RuntimeError):
    """A file with secrets can be read by others than its owner."""


def private(path: str) -> str:
    """What a file says that only its owner may read. Raises OthersMayRead."""
    file = Path(path)
    if file.stat().st_mode & OPEN_TO_OTHERS:
        raise OthersMayRead(f"{file.name} can be read by others: chmod 600")
    return file.read_text("utf-8")


@dataclass(frozen=True)
class Reply:
    """
    `fate`: answered (with `status`, and `said` where it is JSON); failed: the connection never came about, so nothing
    went out; unknown: it went out and nothing came back. `reason` is a kind of error, never its words.
    """

    fate: Literal["answered", "failed", "unknown"]
    status: int = 0
    said: Any = None
    reason: str = ""


def ask(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    timeout: float,
    most: int = LARGEST_ANSWER,
) -> Reply:
    """One request; `timeout` in seconds, `most` bytes of the answer are read."""
    address = urlsplit(url)
    path = f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"
    link = _link(url, timeout)
    try:
        try:
            link.connect()
        except OSError as error:
            return Reply("failed", reason=type(error).__name__)
        try:
            link.request(method, path, body, dict(headers))
            answer = link.getresponse()
            text = answer.read(most)
        except (OSError, http.client.HTTPException) as error:
            return Reply("unknown", reason=type(error).__name__)
    finally:
        link.close()
    return Reply("answered", answer.status, _json(text))


def _link(url: str, timeout: float) -> http.client.HTTPConnection:
    address = urlsplit(url)
    if address.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            address.hostname or "", address.port, timeout=timeout, context=context
        )
    return http.client.HTTPConnection(address.hostname or "", address.port, timeout=timeout)


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:  # a gateway that answers in words: its status alone counts
        return None


def at_path(said: Any, path: str) -> Any:
    """What stands at "data.0.id"; None where nothing does."""
    for step in path.split(".") if path else ():
        if isinstance(said, dict):
            said = said.get(step)
        elif isinstance(said, list) and step.isdigit() and int(step) < len(said):
            said = said[int(step)]
        else:
            return None
    return said if path else None
