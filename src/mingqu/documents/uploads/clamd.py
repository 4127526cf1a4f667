"""
The clamd adapter: INSTREAM over a Unix or TCP socket (clamd(8)).

`z` commands end with NUL; the file goes in chunks, each after its length (4 bytes, network order), a zero
length ends it; the answer is `stream: OK`, `stream: NAME FOUND` or an error.
"""

import socket
import struct
from dataclasses import dataclass
from typing import Literal

CHUNK = 64 * 1024
ANSWER_LIMIT = 4096


class ScannerUnavailable(Exception):
    """clamd did not give an answer; the file counts as not scanned."""


@dataclass(frozen=True, slots=True)
class Verdict:
    state: Literal["clean", "infected"]
    threat: str = ""


def scan(data: bytes, address: str, *, timeout: float = 30.0) -> Verdict:
    """`address`: `unix:/path` or `tcp:host:port`. Raises ScannerUnavailable."""
    try:
        with _connect(address, timeout) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                part = data[start : start + CHUNK]
                line.sendall(struct.pack(">I", len(part)) + part)
            line.sendall(struct.pack(">I", 0))
            answer = _answer(line)
    except OSError as error:
        raise ScannerUnavailable(type(error).__name__) from error
    if answer == "stream: OK":
        return Verdict("clean")
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return Verdict("infected", answer.removeprefix("stream: ").removesuffix(" FOUND"))
    raise ScannerUnavailable(answer[:80])


def _connect(address: str, timeout: float) -> socket.socket:
    kind, _, rest = address.partition(":")
    if kind == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(timeout)
        line.connect(rest)
        return line
    if kind == "tcp":
        host, _, port = rest.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=timeout)
    raise ValueError(f"an address of clamd begins with unix: or tcp:, not {kind}:")


def _answer(line: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < ANSWER_LIMIT:
        part = line.recv(ANSWER_LIMIT)
        if not part:
            break
        received += part
    return received.rstrip(b"\0").decode("utf-8", "replace").strip()
