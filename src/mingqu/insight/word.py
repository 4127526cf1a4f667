"""A report as a Word document (Office Open XML), written by hand: headings, paragraphs, tables, nothing that runs."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from html import escape

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_A4 = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1440" w:right="1247" w:bottom="1440" w:left="1247" w:header="720" w:footer="720" w:gutter="0"/>'
    "</w:sectPr>"
)
# What XML 1.0 may not contain: with one such sign the whole document does not open.
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MADE = (1980, 1, 1, 0, 0, 0)  # the same report, the same bytes

Part = str


def heading(text: str) -> Part:
    return _paragraph(text, size=28, bold=True)


def title(text: str) -> Part:
    return _paragraph(text, size=36, bold=True, centred=True)


def paragraphs(text: str) -> Part:
    return "".join(_paragraph(one) for one in text.splitlines() if one.strip())


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Part:
    lines = [_row(head, bold=True), *(_row(row) for row in rows)]
    grid = "".join("<w:gridCol/>" for _ in head)
    style = f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>'
    return f"<w:tbl>{style}<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>{_paragraph('')}"


def document(parts: Iterable[Part]) -> bytes:
    body = f'{_XML}<w:document xmlns:w="{_MAIN}"><w:body>{"".join(parts)}{_A4}</w:body></w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", body),
        ):
            packed.writestr(zipfile.ZipInfo(name, MADE), text)
    return out.getvalue()


def _row(cells: Sequence[str], *, bold: bool = False) -> str:
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>{_paragraph(one, size=20, bold=bold)}</w:tc>'
        for one in cells
    )
    return f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if bold else ''}{inner}</w:tr>"


def _paragraph(text: str, *, size: int = 24, bold: bool = False, centred: bool = False) -> str:
    """`size` in half points."""
    plain = escape(ILLEGAL.sub("", text))
    place = '<w:pPr><w:jc w:val="center"/></w:pPr>' if centred else ""
    look = (
        '<w:rPr><w:rFonts w:ascii="Noto Sans SC" w:eastAsia="宋体" w:hAnsi="Noto Sans SC"/>'
        f'{"<w:b/>" if bold else ""}<w:sz w:val="{size}"/></w:rPr>'
    )
    return f'<w:p>{place}<w:r>{look}<w:t xml:space="preserve">{plain}</w:t></w:r></w:p>'
