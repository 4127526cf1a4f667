"""
Encryption of personal data at rest, under a key derived per use, with the cipher of its master key (suites.py).

Layout: version (2 bytes, of the master key) + nonce (12) + ciphertext and tag. The `context` is bound in,
so a value moved to another column or file no longer opens.
"""

import os

from cryptography.exceptions import InvalidTag

from mingqu.kernel.errors import DomainError
from mingqu.kernel.keyring import keyring
from mingqu.kernel.suites import NONCE_BYTES

VERSION_BYTES = 2
AUDIT_SECRET = "audit.secret"  # noqa: S105 - the purpose of a key, kept when its master key is dropped


class NotDecryptable(DomainError):
    """The stored bytes were altered, or belong to another place or key."""

    code = "not_decryptable"
    sentence = "这条数据无法解密，可能被改动过。请联系运维人员。"
    status = 500


def encrypt_bytes(data: bytes, *, context: bytes) -> bytes:
    ring = keyring()
    nonce = os.urandom(NONCE_BYTES)
    sealed = ring.suite().seal(ring.derive("data"), nonce, data, context)
    return ring.active.to_bytes(VERSION_BYTES, "big") + nonce + sealed


def decrypt_bytes(data: bytes, *, context: bytes) -> bytes:
    """Raises NotDecryptable when a bit is wrong or the context differs, KeyMissing for a retired key."""
    version = int.from_bytes(data[:VERSION_BYTES], "big")
    nonce = data[VERSION_BYTES : VERSION_BYTES + NONCE_BYTES]
    try:
        ring = keyring()
        sealed = data[VERSION_BYTES + NONCE_BYTES :]
        return ring.suite(version).open(ring.derive("data", version), nonce, sealed, context)
    except (InvalidTag, ValueError) as error:
        raise NotDecryptable() from error


def key_version(data: bytes) -> int:
    return int.from_bytes(data[:VERSION_BYTES], "big")


def blind_index(purpose: str, value: str) -> bytes:
    """
    Keyed digest (32 bytes) by which an encrypted value can be looked up for equality.

    Uses the oldest listed master key, so that adding a key does not change stored digests; a rotation
    that drops the oldest rewrites them.
    """
    ring = keyring()
    return blind_index_under(ring.oldest, purpose, value)


def blind_index_under(version: int, purpose: str, value: str) -> bytes:
    return keyring().mac(f"blind:{purpose}", value.encode(), version)


def keyed_salt(salt: bytes, version: int | None = None) -> bytes:
    """
    The salt of what the ledger keeps only as a digest. The stored salt alone is not enough for such values:
    all telephone numbers are tried in minutes by anyone who reads the table.
    """
    return keyring().mac(AUDIT_SECRET, salt, version)
