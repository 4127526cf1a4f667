"""
Checks a sealed PDF. Needs nothing but the file and the root certificates one trusts: works offline.

Stricter than the PDF standard, because we know what our own files look like: one signature, over every byte
but its own; in the gap the canonical encoding of that signature and zeros, nothing else; no unsigned
attributes, no certificate but the signer's. So any changed byte is found, wherever it is.
"""

import hashlib
import io
import logging
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import cms  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from mingqu.documents.seals import findings
from mingqu.documents.seals.contrib.signing import P256_ORDER
from mingqu.documents.types import SignatureReport

log = logging.getLogger(__name__)
EVERYTHING = SignatureCoverageLevel.ENTIRE_FILE
NOT_OURS = ("bytes_changed", "added_after_sealing", "signature_malformed")


def verify_pdf(data: bytes, roots: Sequence[str]) -> SignatureReport:
    """
    What the seal on `data` proves to someone who trusts `roots` (X.509, PEM). Never raises for a bad file.

    Signing time is the signer's own word (no time-stamping authority is asked).
    """
    if not data.startswith(b"%PDF-"):
        return findings.unsigned("not_a_pdf")
    try:
        signatures = list(PdfFileReader(io.BytesIO(data)).embedded_signatures)
        if len(signatures) != 1:
            return findings.unsigned("several_signatures" if signatures else "not_signed")
        return _report(data, signatures[0], roots)
    except Exception as error:  # noqa: BLE001
        # A stranger's file can break the parser in any way; that it does is the finding.
        log.info("a file could not be read for verification: %s", type(error).__name__)
        return findings.unreadable(data)


def _report(data: bytes, signature: EmbeddedPdfSignature, roots: Sequence[str]) -> SignatureReport:
    signed_at = signature.self_reported_timestamp
    status = validate_pdf_signature(signature, _context(roots, signed_at), skip_diff=True)
    covers = status.coverage == EVERYTHING and _covers_all_but_itself(data, signature)
    reasons = []
    if not (status.intact and status.valid):
        reasons.append("bytes_changed")
    if not covers:
        reasons.append("added_after_sealing")
    if not _canonical(data, signature):
        reasons.append("signature_malformed")
    if not status.trusted and not reasons:  # of a broken signature nobody is the signer
        reasons.append("signer_not_trusted" if _unknown_issuer(signature, roots) else "signer_not_valid_then")
    certificate = signature.signer_cert
    return SignatureReport(
        signed=True,
        intact=not any(reason in NOT_OURS for reason in reasons),
        trusted=bool(status.trusted),
        covers_whole_document=covers,
        signer=str(certificate.subject.native.get("organization_name", "")),
        signed_at=signed_at,
        reasons=tuple(reasons),
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
    )


def _context(roots: Sequence[str], moment: datetime | None) -> ValidationContext:
    """Trust as of the signing time; nothing is fetched. An organ's retired key is the caller's to judge."""
    trusted = [asn1_x509.Certificate.load(_der(pem)) for pem in roots]
    return ValidationContext(trust_roots=trusted, allow_fetching=False, moment=moment)


def _covers_all_but_itself(data: bytes, signature: EmbeddedPdfSignature) -> bool:
    span = [int(n) for n in signature.byte_range]
    return len(span) == 4 and span[0] == 0 and 0 < span[1] < span[2] and span[2] + span[3] == len(data)


def _canonical(data: bytes, signature: EmbeddedPdfSignature) -> bool:
    """
    The bytes the signature does not cover hold that one signature in its only accepted form.

    What the cryptography itself leaves open is compared here: versions, digest lists, further certificates,
    unsigned attributes, the other solution for s, the spelling of the hex digits, what stands in the padding.
    """
    _, start, end, _ = (int(n) for n in signature.byte_range)
    gap = data[start:end]
    encoded = (
        cms.ContentInfo({"content_type": "signed_data", "content": _rebuilt(signature)})
        .dump()
        .hex()
        .upper()
        .encode()
    )
    body, filler = gap[1 : 1 + len(encoded)], gap[1 + len(encoded) : -1]
    _, s = decode_dss_signature(signature.signer_info["signature"].native)
    return (
        (gap[:1], gap[-1:]) == (b"<", b">")
        and body == encoded
        and not filler.strip(b"0")
        and s <= P256_ORDER // 2
    )


def _rebuilt(signature: EmbeddedPdfSignature) -> cms.SignedData:
    """The signature container as our signer writes it, from the parts of this one that are signed."""
    info = signature.signer_info
    certificate = signature.signer_cert
    digest = {"algorithm": "sha256"}
    return cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "data"},
            "certificates": [certificate],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": cms.SignerIdentifier(
                        {
                            "issuer_and_serial_number": {
                                "issuer": certificate.issuer,
                                "serial_number": certificate.serial_number,
                            }
                        }
                    ),
                    "digest_algorithm": digest,
                    "signed_attrs": info["signed_attrs"],
                    "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                    "signature": info["signature"].native,
                }
            ],
        }
    )


def _unknown_issuer(signature: EmbeddedPdfSignature, roots: Sequence[str]) -> bool:
    known = {x509.load_pem_x509_certificate(pem.encode()).subject for pem in roots}
    return x509.load_der_x509_certificate(signature.signer_cert.dump()).issuer not in known


def _der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(serialization.Encoding.DER)
