"""Documents on paper: every kind, no box for a character, the same bytes for the same data."""

import io
import re
from datetime import UTC, datetime

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from mingqu.documents import rules
from mingqu.documents.errors import GlyphMissing
from mingqu.documents.rendering import FONTS, TEMPLATES, render, render_mark
from mingqu.documents.tests.samples import AT, DATA, LONG_NAME, LONG_ORGAN, RARE_NAME

PAGES = {
    "visit_record": 2,
    "joint_visit_record": 2,
}  # officers, photos: longer than a sheet, sealed on the last
KINDS = sorted(DATA)


def text_of(data: bytes) -> str:
    """What a reader finds in the page, by a program that is not ours."""
    pages = (page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return "".join("".join(pages).split())


def paper(kind: str, demo: bool = True, **changes: object) -> bytes:
    return render(rules.KINDS[kind].template, DATA[kind] | changes, at=AT, demo=demo).pdf


def test_every_kind_of_document_has_a_sample_here():
    assert set(DATA) == set(rules.KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_has_just_the_fields_its_template_prints(kind):
    assert rules.data_problems(rules.KINDS[kind], DATA[kind]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_document_fits_one_page_and_says_what_it_is(kind):
    made = paper(kind)

    assert len(pikepdf.open(io.BytesIO(made)).pages) == PAGES.get(kind, 1)
    title = DATA[kind].get("certificate_name") if kind == "licence" else rules.KINDS[kind].title
    assert title in text_of(made)


@pytest.mark.parametrize("kind", KINDS)
def test_every_demo_document_bears_the_demo_mark_and_no_real_one_does(kind):
    assert "演示样本无法律效力" in text_of(paper(kind))
    real = text_of(paper(kind, demo=False))
    assert "演示样本" not in real
    assert "培训样本" not in real


OF_ANY_ITEM = [
    "receipt",
    "acceptance_notice",
    "correction_notice",
    "not_accepted_notice",
    "not_required_notice",
    "special_procedure_notice",
    "visit_record",
]


@pytest.mark.parametrize("kind", OF_ANY_ITEM)
def test_what_is_no_licence_names_no_law_of_licences(kind):
    """行政许可法 2: it speaks of licences; for 行政确认, 公共服务 … a paper cites the item's own basis and no more."""
    data = DATA[kind] | {"licence": False, "item": "老年人优待证办理（新办）", "reasons": ["不在本区居住。"]}
    if "reasons" not in DATA[kind]:
        del data["reasons"]
    if "basis" in rules.KINDS[kind].optional:
        data["basis"] = ["《居住证暂行条例》第十条"]
    grounds = ["not_competent", "false_statement"] if kind == "not_accepted_notice" else [""]
    for ground in grounds:
        made = text_of(
            render(
                rules.KINDS[kind].template, data | ({"ground": ground} if ground else {}), at=AT, demo=False
            ).pdf
        )

        assert "行政许可" not in made.replace("食品经营许可", "")


@pytest.mark.parametrize("kind", ["bundle_receipt", "bundle_acceptance", "bundle_correction"])
def test_a_paper_about_several_matters_names_the_law_of_licences_for_the_licences_among_them(kind):
    """行政许可法 2: where none of them is a licence, not at all."""
    some, none = (text_of(paper(kind, demo=False, licences=share)) for share in ("some", "none"))

    assert "（其中的行政许可：《中华人民共和国行政许可法》第" in some
    assert "行政许可" not in none and "行政许可法" in text_of(paper(kind, demo=False))


def test_a_joint_limit_of_our_own_is_lengthened_without_a_law():
    made = text_of(paper("bundle_extension", demo=False, basis=""))

    assert "行政许可" not in made and "全部办结。经本级人民政府负责人批准" in made


@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_of_a_training_region_says_so_also_on_a_real_site(kind):
    assert "培训样本无法律效力" in text_of(paper(kind, demo=False, training=True))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_data_gives_the_same_bytes(kind):
    assert paper(kind) == paper(kind)


def test_the_file_carries_the_instant_it_was_given_and_not_the_clock():
    made = render("receipt", DATA["receipt"], at=datetime(2020, 1, 2, tzinfo=UTC), demo=True).pdf

    with pikepdf.open(io.BytesIO(made)) as opened:
        assert str(opened.docinfo["/CreationDate"]).startswith("D:20200102")


@pytest.mark.parametrize("kind", KINDS)
def test_it_claims_pdf_a_2b_and_every_font_is_inside(kind):
    made = pikepdf.open(io.BytesIO(paper(kind)))

    assert made.open_metadata().pdfa_status == "2B"
    fonts = [
        thing
        for thing in made.objects
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
    ]
    assert fonts
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


def test_long_minority_names_and_rare_characters_are_printed_whole():
    made = paper("decision_granted", organ=LONG_ORGAN, recipient=LONG_NAME + RARE_NAME)

    assert LONG_NAME.replace("·", "") in text_of(made).replace("·", "")
    assert RARE_NAME in text_of(made)
    assert LONG_ORGAN in text_of(made)


def test_a_decision_says_what_was_set_by_which_row_and_why_outside_of_it():
    said = ["处置期限：5个月", "裁量基准：五千立方米以下，1至3个月", "超出裁量基准的理由：只能夜间外运"]

    text = text_of(paper("decision_granted", discretion=said))

    assert all(one in text for one in said)


def test_a_rare_character_in_a_heading_falls_back_instead_of_being_a_box():
    assert "𬱖湖许可证" in text_of(paper("licence", certificate_name="𬱖湖许可证"))


def test_a_character_no_font_has_is_an_error_that_names_it_and_nothing_else():
    with pytest.raises(GlyphMissing) as caught:
        paper("receipt", recipient="张\U00031350三")

    assert caught.value.code == "glyph_missing"
    assert "U+31350" in caught.value.message
    assert "张" not in caught.value.message


def test_the_fonts_have_the_characters_of_gb2312_and_those_beyond_the_basic_plane():
    regular = set(TTFont(FONTS / "NotoSansSC-Regular.ttf").getBestCmap())
    head = set(TTFont(FONTS / "NotoSansSC-Head.ttf").getBestCmap())
    gb2312 = {
        ord(bytes([high, low]).decode("gb2312"))
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
        if not (high == 0xD7 and low > 0xF9)
    }

    assert gb2312 <= regular
    assert gb2312 <= head
    # Every one of the 196 characters of 通用规范汉字表 outside the basic plane is among these 220.
    assert len([code for code in regular if code >= 0x20000]) == 220
    assert len(regular) == 30890


def test_text_of_an_applicant_is_text_and_never_a_command_of_the_template():
    made = text_of(paper("receipt", recipient='#read("lib.typ") $x$ *粗* @ref <seal-place>'))

    assert '#read("lib.typ")$x$*粗*@ref<seal-place>' in made


TYPED = (
    *"#$\\@`[]~",
    *("*粗*", "_斜_", "<seal-place>", '#eval("1")', "https://x.y", "//", "= 标题"),
)


def test_no_template_turns_text_into_code():
    """Data is put into a paper as values; `eval`, `read` of data's paths and plug-ins are how it could become more."""
    for path in sorted(TEMPLATES.glob("*.typ")):
        source = re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"\b(eval|plugin|cbor|csv|toml|yaml|xml|read)\s*\(", source), path.name
        assert re.findall(r"\bjson\s*\(([^)]*)", source) in ([], ["bytes(sys.inputs.data"]), path.name


def test_whatever_people_type_stands_in_the_paper_as_they_typed_it():
    typed = "与".join(TYPED)
    made = text_of(paper("decision_refused", recipient=typed, reasons=["因" + typed + "长" * 3000]))

    for one in TYPED:
        assert one.replace(" ", "") in made, one


def test_signs_that_hide_or_turn_text_do_not_change_what_a_paper_says():
    """李 + right-to-left override + 四张 would be read 李张四."""
    made = paper("receipt", recipient="李\u202e四张\u2066\0\x1b\x85")

    assert made == paper("receipt", recipient="李四张")


def test_a_material_list_over_pages_numbers_them_and_keeps_the_foot():
    many = [{"name": f"第{n}份材料", "form": "电子", "copies": 1} for n in range(60)]

    made = paper("receipt", materials=many)

    assert len(pikepdf.open(io.BytesIO(made)).pages) >= 2
    assert "第2页共" in text_of(made)


@pytest.mark.parametrize("organ", ["水务局", "清禾区市场监督管理局", LONG_ORGAN, "𬱖县人民政府"])
def test_a_mark_can_be_drawn_for_any_organ_and_says_demo_only_in_a_demo(organ):
    shown = text_of(render_mark(organ, at=AT, demo=True))

    assert "演示" in shown
    assert "演示" not in text_of(render_mark(organ, at=AT, demo=False))


@pytest.mark.parametrize("kind", KINDS)
def test_only_places_with_a_seal_tell_where_it_goes(kind):
    place = render(rules.KINDS[kind].template, DATA[kind], at=AT, demo=True).seal_place

    assert place is not None
    assert place.page == PAGES.get(kind, 1), "at the end"
    assert 0 < place.x < 210 - place.size
    assert 0 < place.y < 297 - place.size


def test_an_instant_with_fractions_of_a_second_is_as_good_as_any():
    at = datetime(2026, 11, 21, 9, 12, 30, 123456, tzinfo=UTC)

    assert render_mark("清禾区市场监督管理局", at=at, demo=True).startswith(b"%PDF")


@pytest.mark.parametrize("kind", ["visit_record", "service_record"])
def test_a_record_greets_nobody_and_a_letter_does(kind):
    greeting = f"{DATA[kind]['recipient']}："

    assert greeting not in text_of(paper(kind))
    assert f"{DATA['decision_refused']['recipient']}：" in text_of(paper("decision_refused"))


def test_where_to_complain_is_told_with_the_laws_in_full():
    said = text_of(paper("decision_refused"))

    assert "《中华人民共和国行政复议法》" in said
    assert "（行政复议法" not in said
