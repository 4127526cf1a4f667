"""What is kept for decades: whether a file is PDF/A, a copy of it that is, or why there is none."""

import json
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings

from mingqu.documents import apart, rendering
from mingqu.documents.errors import GlyphMissing, ImageUnreadable
from mingqu.documents.services.files import limits
from mingqu.documents.types import AnsweredForm, CheckedUpload
from mingqu.documents.uploads import images
from mingqu.documents.uploads.sniff import JPEG, PDF, PNG

MADE: Final = "PDF/A-2B"  # what `rendering` and `uploads.lasting` make
WHY: Final = {
    "signed": "文件带有电子签名，转换会使签名失效，按原样保存",
    "letters": "文件里有文字，不能证明转换以后和原来一样，按原样保存",
    "colours": "图片的颜色或者压缩方式不能直接转换，按原样保存",
    "more": "文件里有标注、透明、表单等内容，不能证明转换以后和原来一样，按原样保存",
    "unreadable": "文件读不出来，按原样保存",
    "kind": "这种文件没有转换的办法，按原样保存",
    "glyph": "有字库里没有的字，没有排成PDF；内容见说明文件",
}


@dataclass(frozen=True, slots=True)
class Lasting:
    """`claims`: the file itself is PDF/A, by its own statement; `copy`: one made of it; `why`: a key of WHY."""

    claims: str = ""
    copy: bytes = field(default=b"", repr=False)
    pages: int = 0
    why: str = ""


def lasting(data: bytes, media_type: str, pages: int) -> Lasting:
    """Of a stored file. A PDF is read in a process of its own."""
    if media_type in (JPEG, PNG):
        try:
            return Lasting(copy=images.lasting(CheckedUpload(media_type, data, 1)), pages=1)
        except ImageUnreadable:
            return Lasting(why="unreadable")
    if media_type != PDF:
        return Lasting(why="kind")
    bounds = limits()
    sizes = [bounds.pdf_memory, bounds.pdf_seconds]
    answered = apart.run("mingqu.documents.uploads.lasting", sizes, data, seconds=bounds.pdf_seconds)
    if answered is None:
        return Lasting(why="unreadable")
    head, _, made = answered.partition(b"\n")
    told = json.loads(head)
    return Lasting(told["claims"], made, pages if made else 0, told["why"])


def answers_pdf(form: AnsweredForm) -> Lasting:
    """The application form as it was answered, as PDF/A."""
    data = {
        "organ": form.organ,
        "title": form.title,
        "facts": [list(row) for row in form.facts],
        "pages": [{"title": title, "rows": [list(row) for row in rows]} for title, rows in form.pages],
        "training": form.training,
    }
    try:
        made = rendering.render(
            "application_form",
            data,
            at=form.at,
            demo=settings.MINGQU_DEMO,
            extra_fonts=settings.MINGQU_HOME / "fonts",
        )
    except GlyphMissing:
        return Lasting(why="glyph")
    return Lasting(copy=made.pdf, pages=rendering.pages_of(made.pdf))
