"""Limits of an upload; an installation may set others."""

from dataclasses import dataclass

MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes and pixels per file; pages per PDF; photos per merged PDF; seconds, bytes for reading a PDF."""

    file_bytes: int = 20 * MEGA
    pixels: int = 60 * MEGA
    side_pixels: int = 4_000  # a larger picture is scaled down: enough for A4 at 300 dpi
    pdf_pages: int = 100
    pdf_objects: int = 50_000
    pdf_memory: int = 1_000 * MEGA
    pdf_seconds: int = 20
    photos: int = 20


DEFAULT = Limits()
