"""Files of items and lists as a stranger might make them: each is refused or kept, none stops the house."""

import time
from io import BytesIO

import openpyxl
import pytest

from mingqu.catalogue.directory import services as lists
from mingqu.catalogue.directory.errors import ListUnreadable
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.services import Asked, import_items, read_batch
from mingqu.catalogue.imports.tests import reviewing
from mingqu.catalogue.search import questions, services
from mingqu.catalogue.search.errors import SayingInvalid
from mingqu.catalogue.search.services.asked import masked
from mingqu.identity.tests import factories as people
from mingqu.kernel import regions, tables
from mingqu.kernel.ids import new_id
from mingqu.law.rules import MOST, citations

AT = reviewing.AT
HOSTILE = {
    "half a pair": r'{"事项名称": "\ud800"}',
    "NUL": r'{"事项名称": "a\u0000b"}',
    "NUL in a key": r'{"\u0000": "a"}',
    "half a pair in a key": r'{"\udfff": "a"}',
    "no end": '{"事项名称": 1e999}',
    "NaN": '{"事项名称": NaN}',
    "a long number": '{"事项名称": ' + "9" * 4000 + "}",
    "twice": '{"事项名称": "甲", "事项名称": "乙"}',
    "deep": '{"事项名称": ' + "[" * 900 + "]" * 900 + "}",
}


@pytest.mark.django_db
def test_a_hostile_line_becomes_a_row_that_says_why_and_the_batch_comes_to_its_end(tmp_path, monkeypatch):
    own = tmp_path / "lines.yaml"
    own.write_text(
        "name: lines\nversion: 1\ntitle: 行\nformat: jsonl\n"
        "fields: {key: {from: 事项名称}, code: {from: 事项名称}, name: {from: 事项名称}}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("MINGQU_MAPPINGS", str(tmp_path))
    regions.load_demo_district()
    data = "\n".join(HOSTILE.values()).encode()
    asked = Asked("行.jsonl", data, "lines", people.REGION)
    batch_id = import_items(asked=asked, by=people.SYSTEM, at=AT, key=new_id(), here=True).batch_id

    read_batch(batch_id, AT)

    assert ImportBatch.objects.get(pk=batch_id).state == "ready"
    states = ImportedItem.objects.filter(batch=batch_id).values_list("state", "finding_codes")
    assert list(states) == [("refused", ["row_unreadable"])] * len(HOSTILE)


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_list_is_refused_with_a_sentence(what):
    with pytest.raises(ListUnreadable):
        lists.read_list("power", f"[{HOSTILE[what]}]".encode())


def test_signs_that_no_spreadsheet_can_hold_do_not_keep_a_list_from_being_exported():
    made = tables.book("清单", ["名称"], [["食品\x0b\x01许可"], ["=HYPERLINK(0)"]])

    sheet = openpyxl.load_workbook(BytesIO(made)).worksheets[0]
    assert [cell.value for cell in sheet["A"]] == ["名称", "食品许可", "'=HYPERLINK(0)"]


def test_a_text_that_quotes_everything_is_cut_off():
    """Ranges unfold: 20 000 signs were 77 000 articles, each looked up, kept and shown on a public page."""
    text = "《食品安全法》" + "、".join(f"第{n}条至第{n + 60}条" for n in range(1, 90_000, 61))

    assert len(citations(text[:20_000])) == MOST


@pytest.mark.django_db
@pytest.mark.parametrize("everyday", ["办" + "_" * 20 + "照", "_".join("办" * 12) + "_照", "_办照", "办照_"])
def test_a_saying_of_many_gaps_is_refused(everyday):
    with pytest.raises(SayingInvalid):
        services.keep_saying(everyday=everyday, official=["许可"], by=people.SYSTEM, at=AT, key=new_id())


def test_the_most_gaps_that_a_saying_may_have_cost_little_in_the_worst_question():
    begun = time.process_time()
    saying = questions.Saying("办_办_办_照", ("许可",))
    questions.question("照" + "办" * 59, [saying])

    assert time.process_time() - begun < 1


NUMBERS = ["13800138000", "138 0013 8000", "13.80.01.38.00.0", "138_0013_8000", "１３８００１３８０００"]


@pytest.mark.parametrize("number", [*NUMBERS, "①③⑧⓪⓪①③⑧⓪⓪⓪"])
def test_a_telephone_number_is_not_kept_however_it_is_typed(number):
    kept = masked(f"电话{number}换了")

    assert not any(sign.isdigit() for sign in kept)
    assert kept.startswith("电话")
