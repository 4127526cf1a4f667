"""Every paper as it comes out of a printer: A4, nothing in the margins, no sheet for the foot alone."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops

from mingqu.documents import rendering, rules
from mingqu.documents.tests.samples import AT, DATA, LONG_NAME, LONG_ORGAN

pytestmark = pytest.mark.long
DPI = 96
A4 = (794, 1123)
MARGIN = 20  # mm at left and right that stay white; the certificate has a frame there
EDGE = 4
FIRM = "澜州市清禾区望渠路餐饮管理服务有限责任公司第一分公司"
ITEM = "建设工程消防设计审查、人防工程易地建设以及施工图设计文件审查备案（变更建设规模）"
HARD = {"organ": LONG_ORGAN, "recipient": f"{LONG_NAME}、{FIRM}", "item": ITEM}
# A reason nobody breaks, and one that goes over sheets.
LINES = {"reasons": ["X" * 60, "因经营场所位于居民住宅楼内。" * 40]}


@pytest.fixture
def pictures(monkeypatch):
    """Renders a paper; its sheets in grey and the file."""
    real, made = rendering.typst.Compiler, []
    monkeypatch.setattr(rendering.typst, "Compiler", lambda *a, **k: made.append(real(*a, **k)) or made[-1])

    def draw(kind: str, changes: dict[str, Any]) -> tuple[list[Image.Image], rendering.Rendered]:
        data = DATA[kind] | {name: value for name, value in changes.items() if name in DATA[kind]}
        done = rendering.render(rules.KINDS[kind].template, data, at=AT, demo=False)
        drawn = made[-1].compile(format="png", ppi=DPI)
        sheets = drawn if isinstance(drawn, list) else [drawn]
        return [Image.open(io.BytesIO(one)).convert("L") for one in sheets], done

    return draw


def inked(picture: Image.Image, box: tuple[float, float, float, float]) -> bool:
    part = picture.crop(tuple(round(one * DPI / 25.4) for one in box))  # type: ignore[arg-type]
    return ImageChops.invert(part).point(lambda one: 255 if one > 100 else 0).getbbox() is not None


def frames() -> Iterator[tuple[float, float, float, float]]:
    yield (0, 0, EDGE, 297)
    yield (210 - EDGE, 0, 209.5, 297)
    yield (0, 0, 209.5, EDGE)
    yield (0, 297 - EDGE, 209.5, 296.5)


@pytest.mark.parametrize("changes", [{}, HARD, HARD | LINES], ids=["plain", "long names", "long lines"])
@pytest.mark.parametrize("kind", sorted(DATA))
def test_a_paper_keeps_within_its_sheet_and_ends_where_it_is_signed(pictures, kind, changes):
    sheets, done = pictures(kind, changes)

    assert [sheet.size for sheet in sheets] == [A4] * len(sheets)
    for sheet in sheets:
        assert inked(sheet, (MARGIN, MARGIN, 210 - MARGIN, 297 - MARGIN)), "an empty sheet"
        assert not any(inked(sheet, box) for box in frames()), "ink at the edge"
        if kind != "licence":
            assert not inked(sheet, (0, 0, MARGIN, 297)), "ink in the left margin"
            assert not inked(sheet, (210 - MARGIN, 0, 209.5, 297)), "ink in the right margin"
    assert done.seal_place is not None and done.seal_place.page == len(sheets)
    with pikepdf.open(io.BytesIO(done.pdf)) as opened:
        assert len(opened.pages) == len(sheets)


def test_what_would_leave_its_foot_alone_on_a_sheet_is_set_closer_together(pictures):
    assert len(pictures("decision_granted", {})[0]) == len(pictures("decision_granted", HARD)[0]) == 1
