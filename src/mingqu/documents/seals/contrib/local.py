"""
Keys of the installation itself: a P-256 certificate authority and one P-256 key per organ, signing as PAdES.

P-256 and not Ed25519, because desk readers reject the latter. The root is not put into the file: a verifier
brings the root it trusts. Signatures are normalised (low s), so that no second valid form of one exists.
"""

import io
import secrets
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from mingqu.documents.seals.base import KeyMaterial, Subject
from mingqu.documents.types import SealOrder, SealPlace

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ROOT_VALID = timedelta(days=20 * 365)
ORGAN_KEY_VALID = timedelta(days=5 * 365)
BACKDATED = timedelta(hours=1)  # clocks of two machines differ a little
FIELD = "mingqu-seal"
POINTS_PER_MM = 72 / 25.4
SERIAL_BITS = 63
COMMON_NAME_BYTES = 64


class _P256Signer(signers.SimpleSigner):
    """Signs with s in the lower half of the group order."""

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        r, s = decode_dss_signature(super().sign_raw(data, digest_algorithm))
        return encode_dss_signature(r, min(s, P256_ORDER - s))


class _SignerAt(signers.PdfSigner):
    """pyHanko reads the clock when a session starts; we say what time it is."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._at
        return session


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
        signer = _P256Signer(
            signing_cert=asn1_x509.Certificate.load(_der(key.certificate)),
            signing_key=asn1_keys.PrivateKeyInfo.load(key.private),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        )
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            reason=order.reason,
            name=order.organ_name,
            subfilter=fields.SigSeedSubFilter.PADES,
        )
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        page, box, style = 0, None, None
        if order.mark is not None and order.place is not None:
            page, box, style = order.place.page - 1, _box(writer, order.place), _mark_style(order.mark)
        field = fields.SigFieldSpec(FIELD, on_page=page, box=box)
        session = _SignerAt(meta, signer, stamp_style=style, new_field_spec=field, at=order.at)
        return bytes(session.sign_pdf(writer).getvalue())


class _Mark(ImportedPdfPage):
    """The organ's mark from memory, under a fixed name (pyHanko's own reads a path and names it randomly)."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__("", 0)  # type: ignore[no-untyped-call]
        self._pdf = pdf

    def render(self) -> bytes:
        xobject = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)), page_ix=0)
        self.resources.xobject["/OrganMark"] = xobject
        left, bottom, right, top = xobject.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/OrganMark Do"


def _mark_style(mark: bytes) -> StaticStampStyle:
    layout = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID)
    return StaticStampStyle(
        background=_Mark(mark), background_opacity=1.0, border_width=0, background_layout=layout
    )


def _box(writer: IncrementalPdfFileWriter, place: SealPlace) -> tuple[int, int, int, int]:
    """From millimetres below the top left corner to PDF points above the bottom left one."""
    page, _ = writer.find_page_for_modification(place.page - 1)  # type: ignore[no-untyped-call]
    height = float(page.get_object()["/MediaBox"][3])
    left, top = place.x * POINTS_PER_MM, height - place.y * POINTS_PER_MM
    size = place.size * POINTS_PER_MM
    return round(left), round(top - size), round(left + size), round(top)


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


def _der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(serialization.Encoding.DER)
