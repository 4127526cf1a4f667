"""A signature drawn on the screen: a stranger's file like any other (电子签名法 13: it must be whole)."""

import base64
import io
from functools import partial

import pytest
from PIL import Image, ImageDraw

from mingqu.documents import errors, services
from mingqu.documents.tests.samples import pdf


def address(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def pad(*strokes: tuple[int, int, int, int], size: tuple[int, int] = (900, 300)) -> str:
    """What the pad sends: strokes on nothing."""
    sheet = Image.new("RGBA", size, (0, 0, 0, 0))
    for stroke in strokes:
        ImageDraw.Draw(sheet).line(stroke, fill="black", width=5)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return address(out.getvalue())


SIGNED = pad((100, 200, 300, 60), (300, 60, 420, 220))


def test_a_signature_is_kept_as_its_ink_alone():
    kept = services.check_signature(SIGNED)

    picture = Image.open(io.BytesIO(kept.data))
    assert (kept.media_type, picture.mode) == ("image/png", "L")
    assert picture.width < 400 and picture.height < 220
    assert picture.getpixel((0, 0)) == 255, "white paper behind the ink"


@pytest.mark.parametrize("field", ["", "  "])
def test_who_types_the_name_draws_nothing(field):
    assert services.check_signature(field) is None


@pytest.mark.parametrize("field", [pad(), pad((450, 150, 452, 151))], ids=["empty", "dot"])
def test_an_empty_pad_or_a_dot_is_no_signature(field):
    with pytest.raises(errors.SignatureBlank):
        services.check_signature(field)


@pytest.mark.parametrize(
    "field",
    [
        "张三",
        "data:image/png;base64,%%%",
        SIGNED[: len(SIGNED) // 2 - 1],
        address(b"<svg onload=alert(1)>", "image/svg+xml"),
        address(pdf()),
        address(b"\x89PNG\r\n\x1a\n cut off"),
        partial(pad, (10, 10, 500, 500), size=(4000, 4000)),  # drawn by who runs the test
        "data:image/png;base64," + "A" * 400_000,
    ],
    # A PDF bears the second it was made in: by its own text the test had another name in each worker.
    ids=["words", "no base64", "half", "svg", "pdf", "cut off", "many pixels", "long"],
)
def test_what_is_no_small_whole_png_is_refused_with_a_way_on(field):
    with pytest.raises(errors.SignatureUnreadable) as refused:
        services.check_signature(field() if callable(field) else field)

    assert "只填写姓名" in refused.value.message
