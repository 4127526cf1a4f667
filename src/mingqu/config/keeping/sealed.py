"""
A stream encrypted to a passphrase or to a recipient's public key (X25519): for what leaves the machine.

First line: how the key was wrapped, as JSON. Then frames of at most 1 MiB, each AES-256-GCM under a key of this file
alone; its nonce is its number and whether it is the last, so that a frame left out, moved or cut off is noticed.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from mingqu.config.launcher_process import LauncherError

FORMAT = "mingqu-sealed/1"
FRAME = 2**20
TAG = 16
SCRYPT = {"n": 2**15, "r": 8, "p": 1}  # some 32 MiB and a tenth of a second; kept in the file
LONGEST_HEADER = 4096
SHORTEST_PASSPHRASE = 12


class NotOpened(LauncherError):
    """The stream was altered, cut short, or is sealed for another key."""


@dataclass(frozen=True)
class Lock:
    """For whom: a passphrase, or whoever holds the private half of `recipient`."""

    passphrase: str = ""
    recipient: X25519PublicKey | None = None


@dataclass(frozen=True)
class Opener:
    """What opens it: the passphrase or the private key."""

    passphrase: str = ""
    private: X25519PrivateKey | None = None


def passphrase_in(path: Path) -> str:
    """The first line of a file. Raises LauncherError for one that is too short to protect anything."""
    lines = path.read_text("utf-8").splitlines()
    found = lines[0].strip() if lines else ""
    if len(found) < SHORTEST_PASSPHRASE:
        raise LauncherError(f"The passphrase in {path} has fewer than {SHORTEST_PASSPHRASE} signs.")
    return found


def recipient_in(path: Path) -> X25519PublicKey:
    """A PEM file with an X25519 public key (`openssl pkey -in … -pubout`)."""
    try:
        found = serialization.load_pem_public_key(path.read_bytes())
    except ValueError as wrong:
        raise LauncherError(f"{path} holds no public key.") from wrong
    if not isinstance(found, X25519PublicKey):
        raise LauncherError(f"The key in {path} is not of the kind X25519.")
    return found


def private_key_in(path: Path) -> X25519PrivateKey:
    """A PEM file with an X25519 private key (`openssl genpkey -algorithm X25519`)."""
    try:
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as wrong:
        raise LauncherError(f"{path} holds no private key that opens without a password.") from wrong
    if not isinstance(found, X25519PrivateKey):
        raise LauncherError(f"The key in {path} is not of the kind X25519.")
    return found


class Sealer:
    """Writes an encrypted stream; `close` writes the last frame."""

    def __init__(self, out: IO[bytes], lock: Lock) -> None:
        header, key = _wrapped(lock)
        self._out, self._aes, self._number = out, AESGCM(key), 0
        self._header = json.dumps(header, sort_keys=True).encode() + b"\n"
        self._waiting = bytearray()
        out.write(self._header)

    def write(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) > FRAME:  # one frame stays: the last one is marked
            self._frame(bytes(self._waiting[:FRAME]), last=False)
            del self._waiting[:FRAME]

    def close(self) -> None:
        self._frame(bytes(self._waiting), last=True)

    def _frame(self, data: bytes, *, last: bool) -> None:
        sealed = self._aes.encrypt(_nonce(self._number, last), data, self._header)
        self._out.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


def opened(source: IO[bytes], opener: Opener) -> Iterator[bytes]:
    """The plain stream, frame by frame. Raises NotOpened before anything false is given out."""
    first = source.readline(LONGEST_HEADER)
    aes, number = AESGCM(_unwrapped(first, opener)), 0
    length = source.read(4)
    while length:
        size = int.from_bytes(length, "big")
        sealed = source.read(size) if TAG <= size <= FRAME + TAG else b""
        length = source.read(4)
        try:
            yield aes.decrypt(_nonce(number, not length), sealed, first)
        except InvalidTag as wrong:
            raise NotOpened(
                "The encrypted part does not open: another passphrase or key sealed it, or it was altered."
            ) from wrong
        number += 1
    if number == 0:
        raise NotOpened("The encrypted part is cut short.")


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _wrapped(lock: Lock) -> tuple[dict[str, Any], bytes]:
    salt = os.urandom(32)
    header: dict[str, Any] = {"format": FORMAT, "salt": base64.b64encode(salt).decode()}
    if lock.recipient is not None:
        mine = X25519PrivateKey.generate()
        public = _raw(mine.public_key())
        shared = mine.exchange(lock.recipient)
        return header | {"to": "key", "public": base64.b64encode(public).decode()}, _from_shared(shared, salt)
    return header | {"to": "passphrase"} | SCRYPT, _from_passphrase(lock.passphrase, salt, SCRYPT)


def _unwrapped(first: bytes, opener: Opener) -> bytes:
    try:
        header = json.loads(first)
        salt = base64.b64decode(header["salt"])
        if header["format"] != FORMAT:
            raise NotOpened("The encrypted part is of a format this version does not know.")
        if header["to"] == "key":
            if opener.private is None:
                raise NotOpened("This backup is sealed for a key: name its private half with --private-key.")
            public = X25519PublicKey.from_public_bytes(base64.b64decode(header["public"]))
            return _from_shared(opener.private.exchange(public), salt)
        if not opener.passphrase:
            raise NotOpened(
                "This backup is sealed with a passphrase: name the file it is in with --passphrase-file."
            )
        # Its own measures are believed within bounds only: a strange header must not eat the machine's memory.
        measures = {name: min(int(header[name]), most) for name, most in (("n", 2**20), ("r", 16), ("p", 4))}
        return _from_passphrase(opener.passphrase, salt, measures)
    except (ValueError, KeyError, TypeError) as wrong:
        raise NotOpened("The encrypted part has no readable head.") from wrong


def _from_shared(shared: bytes, salt: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, b"mingqu backup to a key").derive(shared)


def _from_passphrase(passphrase: str, salt: bytes, measures: dict[str, int]) -> bytes:
    return Scrypt(salt, 32, **measures).derive(passphrase.encode())


def _raw(key: X25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
