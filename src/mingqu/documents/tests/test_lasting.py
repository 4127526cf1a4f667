"""What is kept for decades: pictures become PDF/A, what can not be proved to look as before stays as it is."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader

from mingqu.documents import rendering
from mingqu.documents.services.keeping import MADE, WHY, answers_pdf, lasting
from mingqu.documents.tests.samples import AT, DATA
from mingqu.documents.types import AnsweredForm, CheckedUpload
from mingqu.documents.uploads import images

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"


def picture(form="JPEG", mode="RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (300, 400), 128 if mode == "L" else "teal").save(out, form)
    return out.getvalue()


def scans() -> bytes:
    """As several photographs are merged."""
    return images.merge([CheckedUpload(JPEG, picture(), 1)] * 2).data


def changed(change) -> bytes:
    with pikepdf.open(io.BytesIO(scans())) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def note(pdf):
    square = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[0, 0, 9, 9])
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(square)])


def see_through(pdf):
    pdf.pages[0].Resources.ExtGState = pikepdf.Dictionary(A=pikepdf.Dictionary(ca=0.5))


def for_print(pdf):
    pdf.pages[0].Resources.XObject.Photo.ColorSpace = pikepdf.Name.DeviceCMYK


def letters(pdf):
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Times)
    pdf.pages[0].Resources.Font = pikepdf.Dictionary(F=pdf.make_indirect(font))


def signature(pdf):
    pdf.Root.Signed = pdf.make_indirect(pikepdf.Dictionary(ByteRange=[0, 1, 2, 3]))


@pytest.mark.parametrize(
    ("data", "kind", "pages"),
    [
        (picture(), JPEG, 1),
        (picture(mode="L"), JPEG, 1),
        (picture("PNG"), PNG, 1),
        (scans(), PDF, 2),
    ],
    ids=["photograph", "grey", "drawing", "scans"],
)
def test_pictures_become_pdf_a_with_colours_that_mean_something(data, kind, pages):
    made = lasting(data, kind, pages)

    assert (made.claims, made.why, made.pages) == ("", "", pages)
    with pikepdf.open(io.BytesIO(made.copy)) as opened:
        assert opened.open_metadata().pdfa_status == "2B" and len(opened.pages) == pages
        (intent,) = opened.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1" and intent.DestOutputProfile.N == 3
        assert "/Info" not in opened.trailer and "/ID" in opened.trailer
    assert b"pdfaid:part" in made.copy, "in plain text, for who checks the package"
    assert lasting(made.copy, PDF, pages).claims == MADE
    assert lasting(data, kind, pages).copy == made.copy


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (note, "more"),
        (see_through, "more"),
        (for_print, "colours"),
        (letters, "letters"),
        (signature, "signed"),
    ],
)
def test_what_is_more_than_plain_pictures_is_kept_and_says_why(change, why):
    found = lasting(changed(change), PDF, 2)

    assert (found.copy, found.claims, found.why) == (b"", "", why) and why in WHY


def test_a_paper_of_ours_lasts_already_and_nonsense_does_not():
    assert lasting(rendering.render("receipt", DATA["receipt"], at=AT, demo=True).pdf, PDF, 1).claims == MADE
    for data, kind, why in (
        (b"%PDF-1.7 and nothing", PDF, "unreadable"),
        (b"no picture", JPEG, "unreadable"),
        (b"words", "text/plain", "kind"),
    ):
        assert lasting(data, kind, 1).why == why


def form(**changes) -> AnsweredForm:
    given = {
        "title": "申请表",
        "organ": "清禾区市场监督管理局",
        "facts": (("办件编号", "99010420261109000318"),),
        "pages": (("经营场所", (("面积", "86平方米"), ("备注", ""))),),
        "at": datetime(2026, 11, 9, 2, 0, tzinfo=UTC),
    }
    return AnsweredForm(**{**given, **changes})


def test_the_form_stands_as_it_was_answered_page_by_page():
    made = answers_pdf(form())
    text = "".join(PdfReader(io.BytesIO(made.copy)).pages[0].extract_text().split())

    assert made.pages == 1 and lasting(made.copy, PDF, 1).claims == MADE
    assert all(one in text for one in ("经营场所", "面积", "86平方米", "没有填"))


def test_a_form_with_a_character_no_font_has_is_left_to_the_list_of_answers():
    assert answers_pdf(form(facts=(("申请人", "张\U00031350"),))).why == "glyph"
