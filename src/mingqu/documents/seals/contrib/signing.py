"""
How a PDF is signed with a key of the installation's own, and where the organ's mark stands on it.

Signatures are normalised (low s), so that no second valid form of one exists.
"""

import io
from datetime import datetime
from typing import Any

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from mingqu.documents.seals.base import KeyMaterial
from mingqu.documents.types import SealOrder, SealPlace

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
FIELD = "mingqu-seal"
POINTS_PER_MM = 72 / 25.4


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


def sign(pdf: bytes, key: KeyMaterial, order: SealOrder) -> bytes:
    """The PDF with one PAdES signature over all of it."""
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


def _der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(serialization.Encoding.DER)
