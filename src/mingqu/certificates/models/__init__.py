"""Certificates, their types, the directory, and imports of existing ones."""

from mingqu.certificates.models.certificate import Certificate, CertificateDirectory, CertificateType
from mingqu.certificates.models.imports import ImportBatch, ImportRow
from mingqu.certificates.models.standing import Measure, Revocation, StrikeOff

__all__ = [
    "Certificate",
    "CertificateDirectory",
    "CertificateType",
    "ImportBatch",
    "ImportRow",
    "Measure",
    "Revocation",
    "StrikeOff",
]
