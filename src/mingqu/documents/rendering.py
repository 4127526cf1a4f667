"""
Documents from fixed typst templates.

A template sees only `sys.inputs.data` (JSON text), its own folder as root, and our fonts: no system font, no
file of the machine, no package. The same data gives the same bytes. PDF/A-2b makes a missing glyph an error.
"""

import io
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pikepdf
import segno
import typst

from mingqu.documents.errors import GlyphMissing, RenderingFailed
from mingqu.documents.types import Rendered, SealPlace
from mingqu.kernel.unseen import without_unseen

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "typst"
FONTS = HERE / "fonts"
FAMILY = "Noto Sans SC"
HEAD_FAMILY = "Noto Sans SC Head"  # bold, for headings; a character it lacks is taken from FAMILY
STANDARD: Final = "a-2b"
MISSING = re.compile(r"the text `\"(.+?)\"` could not be displayed")


def as_typed(value: Any) -> Any:
    """The same without such signs: what stands in a paper stands in the order in which it was typed."""
    if isinstance(value, str):
        return without_unseen(value)
    if isinstance(value, Mapping):
        return {key: as_typed(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_typed(one) for one in value]
    return value


@lru_cache(maxsize=4)
def font_book(extra: Path | None = None) -> tuple[typst.Fonts, list[str]]:
    """Our fonts and those an installation put into `extra` for rarer characters; their families in order."""
    folders = [str(FONTS)] + ([str(extra)] if extra and extra.is_dir() else [])
    book = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    families = [name for name in book.families() if name not in {FAMILY, HEAD_FAMILY}]
    return book, [FAMILY, *sorted(families)]


def qr_svg(text: str) -> str:
    out = io.BytesIO()
    # Error level M: a folded or stained print still reads.
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, omitsize=True)
    return out.getvalue().decode()


def render(
    template: str,
    data: Mapping[str, Any],
    *,
    at: datetime,
    demo: bool,
    sealed: bool = False,
    extra_fonts: Path | None = None,
) -> Rendered:
    """
    The PDF of `template` with `data`; `at` becomes its creation date.

    `sealed`: the signature place stays clear for a mark. `data["link"]` becomes the QR code.
    Raises GlyphMissing (names the code points), RenderingFailed.
    """
    book, families = font_book(extra_fonts)
    filled = {
        **as_typed(data),
        "qr": qr_svg(data["link"]) if data.get("link") else None,
        "demo": demo,
        "sealed": sealed,
        "fonts": families,
        "head_fonts": [HEAD_FAMILY, *families],
    }
    made = _set(template, filled, book, at)
    if made.seal_place is None or made.seal_place.page == pages_of(made.pdf):
        return made
    # Nothing but the foot stands on the last sheet: set closer together, or else the signature goes there with it.
    closer = _set(template, {**filled, "tight": True}, book, at)
    if closer.seal_place is not None and closer.seal_place.page == pages_of(closer.pdf):
        return closer
    return _set(template, {**filled, "carry": True}, book, at)


def _set(template: str, filled: Mapping[str, Any], book: typst.Fonts, at: datetime) -> Rendered:
    """Raises GlyphMissing, RenderingFailed."""
    compiler = typst.Compiler(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=book,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(filled, ensure_ascii=False, sort_keys=True)},
    )
    try:
        pdf = compiler.compile(
            format="pdf", pdf_standards=STANDARD, timestamp=at.astimezone(UTC).replace(microsecond=0)
        )
        places = json.loads(compiler.query("<seal-place>", field="value"))
    except typst.TypstError as error:
        raise _refusal(error) from None  # the text of typst's error quotes the data, which is personal
    place = SealPlace(**places[0]) if places else None
    if not isinstance(pdf, bytes):
        raise RenderingFailed()
    return Rendered(pdf=pdf, seal_place=place)


def pages_of(pdf: bytes) -> int:
    """Of a PDF made here."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def render_mark(organ: str, *, at: datetime, demo: bool, extra_fonts: Path | None = None) -> bytes:
    """The round mark of an organ as a small PDF: our own drawing, no star or emblem."""
    data = {"organ": organ, "word": "演示" if demo else "专用章", "under": "电子签章"}
    return render("seal", data, at=at, demo=demo, extra_fonts=extra_fonts).pdf


def _refusal(error: typst.TypstError) -> GlyphMissing | RenderingFailed:
    missing = {char for text in MISSING.findall(error.diagnostic) for char in text}
    if missing:
        return GlyphMissing(characters="、".join(f"U+{ord(char):04X}" for char in sorted(missing)))
    return RenderingFailed()
