"""
Keys of the installation itself: a P-256 certificate authority and one P-256 key per organ, signing as PAdES.

P-256 and not Ed25519, because desk readers reject the latter. The root is not put into the file: a verifier
brings the root it trusts.
"""

import secrets
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mingqu.documents.seals.base import KeyMaterial, Subject
from mingqu.documents.types import SealOrder

ROOT_VALID = timedelta(days=20 * 365)
ORGAN_KEY_VALID = timedelta(days=5 * 365)
BACKDATED = timedelta(hours=1)  # clocks of two machines differ a little
SERIAL_BITS = 63
COMMON_NAME_BYTES = 64


class LocalSeals:
    name = "local"

    def create_root(self, subject: Subject, at: datetime) -> KeyMaterial:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(subject)
        builder = (
            _certificate(name, name, key.public_key(), at, ROOT_VALID)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(sign=False), critical=True)
        )
        return _material(builder.sign(key, hashes.SHA256()), key)

    def create_organ_key(self, root: KeyMaterial, subject: Subject, at: datetime) -> KeyMaterial:
        issuer = x509.load_pem_x509_certificate(root.certificate.encode())
        key = ec.generate_private_key(ec.SECP256R1())
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(_private_key(root).public_key())
        builder = (
            _certificate(_name(subject), issuer.subject, key.public_key(), at, ORGAN_KEY_VALID)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(sign=True), critical=True)
            .add_extension(authority, critical=False)
        )
        return _material(builder.sign(_private_key(root), hashes.SHA256()), key)

    def seal(self, pdf: bytes, key: KeyMaterial, order: SealOrder) -> bytes:
        from mingqu.documents.seals.contrib import signing  # half a second of library, for who signs

        return signing.sign(pdf, key, order)


def _name(subject: Subject) -> x509.Name:
    """
    The full name stands in the organisation field. The common name, which signature panels show first, holds
    64 bytes in the library used: an organ of an autonomous county exceeds that with 22 characters and is cut.
    """
    common = subject.name.encode()[:COMMON_NAME_BYTES].decode(errors="ignore")
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, subject.name),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, subject.code),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, at: datetime, valid: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(secrets.randbits(SERIAL_BITS) | 1)
        .not_valid_before(at - BACKDATED)
        .not_valid_after(at + valid)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, sign: bool) -> x509.KeyUsage:
    """`sign`: an organ's key, which signs documents; else the root, which signs certificates."""
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign,
        crl_sign=not sign,
        encipher_only=False,
        decipher_only=False,
    )


def _material(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> KeyMaterial:
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return KeyMaterial(certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"), private)


def _private_key(material: KeyMaterial) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_der_private_key(material.private, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the root's key is not an elliptic-curve key")
    return key
