"""Pictures: decoded under a pixel limit, turned upright, made anew without metadata; merged to one PDF."""

import io
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image

from mingqu.documents.errors import ImageTooManyPixels, ImageUnreadable
from mingqu.documents.types import CheckedUpload
from mingqu.documents.uploads.lasting import stamp
from mingqu.documents.uploads.limits import MEGA, Limits
from mingqu.documents.uploads.sniff import HEIC, JPEG, PDF, PNG

pillow_heif.register_heif_opener(thumbnails=False)
FORMATS = {JPEG: ["JPEG"], PNG: ["PNG"], HEIC: ["HEIF"]}
QUALITY = 88
ORIENTATION, EXIF_PART, TAKEN, TAKEN_OFFSET = 0x0112, 0x8769, 0x9003, 0x9011
# How the picture is turned upright (EXIF 2.3, 4.6.4 A).
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A few kilobytes may unpack to hundreds of megabytes: a web process unpacks one picture at a time.
_ONE_AT_A_TIME = threading.Lock()
A4_POINTS = (595.28, 841.89)
MARGIN_POINTS = 28.0


def remake(data: bytes, kind: str, limits: Limits) -> CheckedUpload:
    """A JPEG (PNG from PNG) of the same look and nothing else. Raises ImageUnreadable, ImageTooManyPixels."""
    with _ONE_AT_A_TIME:
        picture, turned, scaled, taken_at = _decode(data, kind, limits)
    out = io.BytesIO()
    if kind == PNG:
        picture.save(out, "PNG", optimize=False)
    else:
        picture.convert("RGB").save(out, "JPEG", quality=QUALITY)
    notes = []
    if kind == HEIC:
        notes.append("已转换为JPG格式")
    if turned:
        notes.append("已按拍摄方向转正")
    if scaled:
        notes.append("图片较大，已缩小")
    return CheckedUpload(PNG if kind == PNG else JPEG, out.getvalue(), 1, tuple(notes), taken_at)


def merge(photos: Sequence[CheckedUpload]) -> CheckedUpload:
    """One PDF, a page of A4 per photo in the given order; each photo as large as fits."""
    pdf = pikepdf.new()
    for photo in photos:
        _add_page(pdf, photo)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, linearize=False)
    return CheckedUpload(PDF, out.getvalue(), len(photos), (f"已将{len(photos)}张照片合并为一个PDF文件",))


def lasting(photo: CheckedUpload) -> bytes:
    """A picture made by `remake` on a page of A4, as PDF/A. Raises ImageUnreadable."""
    pdf = pikepdf.new()
    try:
        _add_page(pdf, photo)
    except (OSError, ValueError) as error:
        raise ImageUnreadable() from error
    stamp(pdf)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, linearize=False)
    return out.getvalue()


def _decode(data: bytes, kind: str, limits: Limits) -> tuple[Image.Image, bool, bool, datetime | None]:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS[kind]) as opened:
            if opened.width * opened.height > limits.pixels:
                raise ImageTooManyPixels(limit_mp=limits.pixels // MEGA)
            scaled = max(opened.size) > limits.side_pixels
            picture = _small(opened, limits.side_pixels) if scaled else opened
            picture.load()
            exif = opened.getexif()
            turn = TURNS.get(exif.get(ORIENTATION, 1))
            taken_at = _taken_at(exif.get_ifd(EXIF_PART))
            # Not ImageOps.exif_transpose: it writes the other metadata anew, and fails where they are odd.
            plain = _without_metadata(picture if turn is None else picture.transpose(turn))
    except Image.DecompressionBombError:
        raise ImageTooManyPixels(limit_mp=limits.pixels // MEGA) from None
    except ImageTooManyPixels:
        raise
    except Exception as error:
        # Whatever a crafted file makes its reader trip over: it is no picture we can read.
        raise ImageUnreadable() from error
    return plain, turn is not None, scaled, taken_at


def _taken_at(exif: Mapping[int, Any]) -> datetime | None:
    """DateTimeOriginal with its offset; without one Beijing's, as phones here are set. None: absent or nonsense."""
    written, offset = str(exif.get(TAKEN, "")), str(exif.get(TAKEN_OFFSET, "") or "+08:00")
    try:
        return datetime.strptime(f"{written.strip()} {offset.strip()}", "%Y:%m:%d %H:%M:%S %z")
    except ValueError:
        return None


def _small(opened: Image.Image, side: int) -> Image.Image:
    """Scaled down before anything else is done with it: each later step makes a copy, of 60 megapixels 240 MB."""
    picture = opened
    if opened.mode in {"P", "PA"} or "transparency" in opened.info:  # colours from a table can't be mixed
        picture = opened.convert("RGBA")
    elif opened.mode in {"1", "I", "I;16"}:
        picture = opened.convert("L")
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    return picture


def _without_metadata(picture: Image.Image) -> Image.Image:
    """Pixels only. Transparency is laid on white, as on paper."""
    if "A" in picture.getbands() or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        sheet = Image.new("RGBA", layered.size, "white")
        flat: Image.Image = Image.alpha_composite(sheet, layered).convert("RGB")
    else:
        flat = picture.convert("L" if picture.mode in {"1", "L", "I", "I;16"} else "RGB")
    bare = Image.new(flat.mode, flat.size)
    bare.paste(flat)
    return bare


def _add_page(pdf: pikepdf.Pdf, photo: CheckedUpload) -> None:
    jpeg, width, height, grey = _as_jpeg(photo)
    page_width, page_height = A4_POINTS if height >= width else (A4_POINTS[1], A4_POINTS[0])
    scale = min((page_width - 2 * MARGIN_POINTS) / width, (page_height - 2 * MARGIN_POINTS) / height)
    left, bottom = (page_width - width * scale) / 2, (page_height - height * scale) / 2
    image = pikepdf.Stream(pdf, jpeg)
    settings: dict[str, Any] = {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/Width": width,
        "/Height": height,
        "/ColorSpace": pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB,
        "/BitsPerComponent": 8,
        "/Filter": pikepdf.Name.DCTDecode,
    }
    for key, value in settings.items():
        image[key] = value
    page = pdf.add_blank_page(page_size=(page_width, page_height))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Photo=image))
    drawing = f"q {width * scale:.3f} 0 0 {height * scale:.3f} {left:.3f} {bottom:.3f} cm /Photo Do Q"
    page.Contents = pikepdf.Stream(pdf, drawing.encode("ascii"))


def _as_jpeg(photo: CheckedUpload) -> tuple[bytes, int, int, bool]:
    with Image.open(io.BytesIO(photo.data)) as picture:
        if photo.media_type == JPEG:
            return photo.data, picture.width, picture.height, picture.mode == "L"
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=QUALITY)
        return out.getvalue(), picture.width, picture.height, False
