"""What a file is, by its first bytes. The name and the type a browser claims are never asked."""

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
HEIC = "image/heic"
ACCEPTED = {PDF: "PDF", JPEG: "JPG", PNG: "PNG", HEIC: "HEIC"}

# Brands of ISO base media files that hold HEVC pictures (ISO/IEC 23008-12); a video has others.
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}


def media_type(data: bytes) -> str | None:
    """
    One of ACCEPTED, or None. Only a signature at the very first byte counts: readers that search for a PDF
    header further in are what polyglot files live on.
    """
    if data.startswith(b"%PDF-1.") or data.startswith(b"%PDF-2."):
        return PDF
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return HEIC
    return None
