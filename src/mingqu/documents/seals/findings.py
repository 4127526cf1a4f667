"""Reports on files whose seal was not, or can't be, checked. Loads no library of PDF: every process has this."""

from dataclasses import replace

from mingqu.documents.types import SignatureReport


def unreadable(data: bytes) -> SignatureReport:
    """The report on a file that no reader gets through."""
    bears_a_seal = b"/ByteRange" in data
    return replace(unsigned("bytes_changed" if bears_a_seal else "not_a_pdf"), signed=bears_a_seal)


def unsigned(reason: str) -> SignatureReport:
    """The report on what bears no seal that could be checked."""
    return SignatureReport(False, False, False, False, "", None, (reason,))


def distrust(report: SignatureReport) -> SignatureReport:
    """The same findings, but the key was not (or no longer) one to trust when it signed."""
    reasons = (*report.reasons, "signer_not_valid_then")
    return replace(report, trusted=False, reasons=tuple(dict.fromkeys(reasons)))
