"""The tables of a draft go out as a workbook and come back: nothing lost, wrong cells named, shown before taken."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mingqu.catalogue.files import read_document
from mingqu.catalogue.studio.tables import read, workbook
from mingqu.catalogue.studio.tests.test_editing import draft, now, staff  # noqa: F401
from mingqu.catalogue.studio.tests.test_sheets import FILES, POSTS
from mingqu.catalogue.tests.test_drafts import _plain_site, browser_of, text_of  # noqa: F401
from mingqu.kernel import tables

STANDARD = next(file for file in FILES if file.stem == "standard")


def given():
    return read_document(STANDARD.read_text("utf-8"))


def changed(document, change):
    """The workbook of a document after somebody worked on it."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(document, POSTS)))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def column(sheet, head):
    return next(cell.column for cell in sheet[1] if cell.value == head)


def sheet_of(book, words):
    return next(book[name] for name in book.sheetnames if name.endswith(words))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_workbook_that_comes_back_untouched_changes_nothing(file):
    document = read_document(file.read_text("utf-8"))
    if not document["handling"]:
        return

    came = read(document, POSTS, workbook(document, POSTS))

    assert (came.document, came.wrong) == (document, [])


def test_a_cell_a_new_row_and_another_order_are_taken():
    document = given()

    def change(book):
        steps = sheet_of(book, "环节表")
        steps.cell(2, column(steps, "时限"), "7")
        materials = sheet_of(book, "材料")
        materials.insert_rows(2)
        materials.cell(2, column(materials, "材料名称"), "平面图的说明")
        materials.cell(2, column(materials, "主件"), "是")

    came = read(document, POSTS, changed(document, change))

    handling = came.document["handling"][0]
    assert came.wrong == []
    assert handling["steps"][0]["limit"] == 7
    assert handling["materials"][0]["name"] == "平面图的说明" and handling["materials"][0]["key"] is True
    assert handling["materials"][1:] == document["handling"][0]["materials"]
    handling["materials"].pop(0)
    handling["steps"][0]["limit"] = document["handling"][0]["steps"][0]["limit"]
    assert came.document == document, "nothing else was touched"


def test_a_row_that_is_gone_goes_with_what_looked_at_it():
    document = given()
    handling = document["handling"][0]
    gone = handling["materials"][0]["code"]
    handling["steps"][0]["checks"] = [gone]

    came = read(document, POSTS, changed(document, lambda book: sheet_of(book, "材料").delete_rows(2)))

    after = came.document["handling"][0]
    assert gone not in {one["code"] for one in after["materials"]}
    assert after["steps"][0]["checks"] == []


@pytest.mark.parametrize(
    ("words", "head", "said", "sentence"),
    [
        ("环节表", "时限", "三天", "整数"),
        ("环节表", "岗位", "没有的岗位", "没有这个岗位"),
        ("环节表", "环节类型", "随便", "没有这个选项"),
        ("环节表", "编码", "x9", "没有这个编码"),
        ("材料", "说明", "=1+1", "公式"),
        ("材料", "说明", "长" * 1001, "超过"),
        ("材料", "格式", "PDF、纸", "没有这个选项"),
        ("情形", "提示", "\t", ""),
    ],
)
def test_a_cell_that_can_not_be_taken_is_named_and_nothing_is_changed(words, head, said, sentence):
    document = given()

    def change(book):
        sheet = sheet_of(book, words)
        sheet.cell(2, column(sheet, head), said)

    came = read(document, POSTS, changed(document, change))

    if not sentence:
        assert came.wrong == []
        return
    (wrong,) = came.wrong
    assert (wrong.line, wrong.column) == (2, head) and wrong.sheet.endswith(words)
    assert sentence in wrong.sentence


def test_a_condition_of_the_form_and_new_options_come_from_cells():
    document = given()

    def change(book):
        form = sheet_of(book, "申请表")
        last = form.max_row
        rows = (("要不要用电", "是或者否", ""), ("几千瓦", "整数", "要不要用电＝是"))
        for number, (title, kind, when) in enumerate(rows, start=last + 1):
            form.cell(number, column(form, "问题"), title)
            form.cell(number, column(form, "怎样回答"), kind)
            form.cell(number, column(form, "什么时候才填"), when)

    first = read(document, POSTS, changed(document, change))
    assert first.wrong == []
    properties = first.document["handling"][0]["form"]["schema"]["properties"]
    titles = {one.get("title"): name for name, one in properties.items()}
    assert properties[titles["几千瓦"]]["asked_when"] == {titles["要不要用电"]: ["yes"]}


def test_hostile_files_are_refused():
    for data in (b"PK\x03\x04rubbish", b"a,b\n1,2", b""):
        with pytest.raises((tables.TableDamaged, tables.TableNotRead)):
            read(given(), POSTS, data)
    other = tables.book("别的", ["编码"], [["x"]])
    with pytest.raises(tables.TableEmpty):
        read(given(), POSTS, other)


@pytest.mark.django_db
@pytest.mark.usefixtures("_plain_site")
def test_what_would_change_is_shown_first_and_taken_by_a_button(staff, draft):  # noqa: F811
    editor, way = browser_of(staff.editor), reverse("catalogue:draft_tables", args=[draft.pk])
    data = editor.get(reverse("catalogue:draft_workbook", args=[draft.pk])).content
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = sheet_of(book, "环节表")
    sheet.cell(2, column(sheet, "时限"), "9")
    out = io.BytesIO()
    book.save(out)
    page = editor.get(way)
    before = now(draft)

    shown = editor.post(
        way, sent(page) | {"deed": "read", "file": SimpleUploadedFile("a.xlsx", out.getvalue())}
    )
    assert shown.status_code == 200 and "表格改了这些" in text_of(shown)
    assert now(draft) == before, "only shown"
    done = editor.post(way, sent(shown) | {"deed": "take"})
    assert done.status_code == 302
    assert now(draft)["handling"][0]["steps"][0]["limit"] == 9
    again = editor.post(way, sent(shown) | {"deed": "take", "key": "00000000-0000-4000-8000-000000000001"})
    assert again.status_code == 409, "the draft is not what was compared any more"
    assert editor.post(way, {"deed": "take", "kept": "forged"}).status_code == 404
    reader = browser_of(staff.reviewer)
    assert reader.post(way, sent(shown) | {"deed": "take"}).status_code == 403


def sent(page):
    """What the first form that holds a document, else the last, sends unseen."""
    text = page.content.decode()
    forms = re.findall(r"<form method=\"post\".*?</form>", text, flags=re.DOTALL)
    mine = next((one for one in forms if 'name="kept"' in one), None) or next(
        one for one in forms if 'type="file"' in one
    )
    return dict(re.findall(r'name="(key|version|kept)" value="([^"]*)"', mine))
