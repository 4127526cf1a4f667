"""
How the audit ledger is signed, and how anybody checks it: P-256 with SHA-256, or SM2 with SM3 (国密).

A public key says in itself which of the two it is for, so what was signed stays valid when the next key is for the
other. No Django: `mingqu verify FILE` needs neither database nor settings.
"""

import base64
import re
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mingqu.kernel import sm2
from mingqu.kernel.errors import SignatureUnknown

DEFAULT = "p256"
PEM = re.compile(r"\s*-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*")
# SubjectPublicKeyInfo: an elliptic-curve key, on the curve 1.2.156.10197.1.301, its point not compressed.
SM2_KEY = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")


class Scheme(Protocol):
    """`private`: the bytes of a private key as `generate` gave them, which are stored encrypted."""

    name: str  # in settings
    title: str  # for operators

    def generate(self) -> tuple[str, bytes]:
        """The public key in PEM, and the private one."""

    def sign(self, private: bytes, body: bytes) -> bytes:
        """The signature over the body, in DER."""

    def verify(self, public_der: bytes, signature: bytes, body: bytes) -> bool:
        """Never raises for a bad signature."""


class P256:
    """ECDSA on P-256 with SHA-256."""

    name = "p256"
    title = "P-256 (SHA-256)"

    def generate(self) -> tuple[str, bytes]:
        private = ec.generate_private_key(ec.SECP256R1())
        pem = private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        der = private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return pem.decode("ascii"), der

    def sign(self, private: bytes, body: bytes) -> bytes:
        key = serialization.load_der_private_key(private, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("the ledger key is not an elliptic-curve key")
        return key.sign(body, ec.ECDSA(hashes.SHA256()))

    def verify(self, public_der: bytes, signature: bytes, body: bytes) -> bool:
        key = serialization.load_der_public_key(public_der)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        try:
            key.verify(signature, body, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


class Sm2:
    """SM2 with SM3."""

    name = "sm2"
    title = "SM2 (SM3)"

    def generate(self) -> tuple[str, bytes]:
        key = sm2.generate()
        text = base64.encodebytes(SM2_KEY + sm2.point_bytes(key.public)).decode("ascii")
        pem = f"-----BEGIN PUBLIC KEY-----\n{text}-----END PUBLIC KEY-----\n"
        return pem, key.scalar.to_bytes(sm2.BYTES, "big")

    def sign(self, private: bytes, body: bytes) -> bytes:
        return sm2.sign(sm2.private_key(private), body)

    def verify(self, public_der: bytes, signature: bytes, body: bytes) -> bool:
        return sm2.verify(sm2.public_point(public_der.removeprefix(SM2_KEY)), signature, body)


_SCHEMES: dict[str, Scheme] = {one.name: one for one in (P256(), Sm2())}


def scheme(name: str) -> Scheme:
    """Raises SignatureUnknown."""
    if name not in _SCHEMES:
        raise SignatureUnknown(signature=name)
    return _SCHEMES[name]


def scheme_of(public_pem: str) -> Scheme:
    """The one a public key is for. Raises ValueError for what is no public key."""
    return _read(public_pem)[0]


def _read(public_pem: str) -> tuple[Scheme, bytes]:
    """The scheme of a key, and the key in its one DER form."""
    found = PEM.fullmatch(public_pem)
    der = base64.b64decode("".join(found[1].split()), validate=True) if found else b""
    if der.startswith(SM2_KEY):
        return _SCHEMES["sm2"], der
    key = serialization.load_pem_public_key(public_pem.encode())
    return _SCHEMES["p256"], key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def fingerprint(public_pem: str) -> str:
    """SHA-256 of the public key's DER form, hex: what an installation prints and publishes."""
    return sha256(_read(public_pem)[1]).hexdigest()


def holds(public_pem: str, signature: bytes, body: bytes) -> bool:
    """Raises ValueError or UnsupportedAlgorithm for what is no public key of a kind that signs the ledger."""
    found, der = _read(public_pem)
    return found.verify(der, signature, body)
