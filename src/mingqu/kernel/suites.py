"""
Cipher suites: what one master key is used with. A suite names a cipher, a key derivation and a keyed digest that belong
together; the key file says which (keyring.py), so no caller knows.

`aes` is AES-256-GCM with HKDF and HMAC over SHA-256; `sm4` is SM4-GCM with HKDF and HMAC over SM3 (国密). A site's own,
of a certified module, is registered by the module that MINGQU_CIPHER_MODULE names (decision 0046).
"""

import hashlib
import hmac
import importlib
import os
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mingqu.kernel.errors import CipherMissing

KEY_BYTES = 32  # of a master key and of every key derived from one
NONCE_BYTES = 12
TAG_BYTES = 16
SM4_KEY_BYTES = 16  # the first half of a derived key: HKDF gives what it would give if asked for 16
DEFAULT = "aes"  # of a line of the key file that names none


class Suite(Protocol):
    """
    What a suite does with 32-byte keys. `open` raises cryptography's InvalidTag or ValueError for altered bytes.

    A module whose keys never leave it takes what `derive` returned as the name of one of its keys.
    """

    name: str  # in the key file; no blanks
    title: str  # for operators

    def derive(self, master: bytes, purpose: str) -> bytes:
        """The key for one purpose, 32 bytes, the same each time."""

    def seal(self, key: bytes, nonce: bytes, data: bytes, context: bytes) -> bytes:
        """Ciphertext and tag; the context is bound in."""

    def open(self, key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        """The data again."""

    def mac(self, key: bytes, data: bytes) -> bytes:
        """Keyed digest, 32 bytes."""


class Aes:
    """AES-256-GCM, SHA-256."""

    name = "aes"
    title = "AES-256-GCM (SHA-256)"

    def derive(self, master: bytes, purpose: str) -> bytes:
        return _hkdf(hashes.SHA256(), master, purpose)

    def seal(self, key: bytes, nonce: bytes, data: bytes, context: bytes) -> bytes:
        return AESGCM(key).encrypt(nonce, data, context)

    def open(self, key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        return AESGCM(key).decrypt(nonce, sealed, context)

    def mac(self, key: bytes, data: bytes) -> bytes:
        return hmac.new(key, data, hashlib.sha256).digest()


class Sm4:
    """SM4-GCM (GB/T 32907), SM3 (GB/T 32905)."""

    name = "sm4"
    title = "SM4-GCM (SM3)"

    def derive(self, master: bytes, purpose: str) -> bytes:
        return _hkdf(hashes.SM3(), master, purpose)

    def seal(self, key: bytes, nonce: bytes, data: bytes, context: bytes) -> bytes:
        encryptor = Cipher(algorithms.SM4(key[:SM4_KEY_BYTES]), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(context)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def open(self, key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        # The mode takes a shorter tag from whoever brings one; ours is always whole, and ValueError otherwise.
        mode = modes.GCM(nonce, sealed[-TAG_BYTES:], min_tag_length=TAG_BYTES)
        decryptor = Cipher(algorithms.SM4(key[:SM4_KEY_BYTES]), mode).decryptor()
        decryptor.authenticate_additional_data(context)
        return decryptor.update(sealed[:-TAG_BYTES]) + decryptor.finalize()

    def mac(self, key: bytes, data: bytes) -> bytes:
        keyed = HMAC(key, hashes.SM3())
        keyed.update(data)
        return keyed.finalize()


def _hkdf(algorithm: hashes.HashAlgorithm, master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=algorithm, length=KEY_BYTES, salt=b"mingqu", info=purpose.encode()).derive(master)


_SUITES: dict[str, Suite] = {one.name: one for one in (Aes(), Sm4())}
_tried: set[str] = set()


def register(suite: Suite) -> None:
    if suite.name in _SUITES:
        raise ValueError(f"two cipher suites named {suite.name}")
    _SUITES[suite.name] = suite


def suite(name: str) -> Suite:
    """
    Raises CipherMissing for one that nobody registered, or that the libraries of this machine can't do: never another
    one in its place.
    """
    if name not in _SUITES and (module := os.environ.get("MINGQU_CIPHER_MODULE", "")):
        importlib.import_module(module)
    found = _SUITES.get(name)
    if found is None:
        raise CipherMissing(cipher=name)
    if name not in _tried:
        _try(found)
        _tried.add(name)
    return found


def _try(found: Suite) -> None:
    """One value there and back; a suite that can't do it is found at the start, not with the first citizen."""
    try:
        key = found.derive(bytes(KEY_BYTES), "tried")
        sealed = found.seal(key, bytes(NONCE_BYTES), b"tried", b"")
        whole = (
            found.open(key, bytes(NONCE_BYTES), sealed, b"") == b"tried"
            and len(found.mac(key, b"")) == KEY_BYTES
        )
    except UnsupportedAlgorithm as error:
        raise CipherMissing(cipher=found.name) from error
    if not whole:
        raise CipherMissing(cipher=found.name)
