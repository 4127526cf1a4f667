"""A file is taken in, read in the background, and waits for review; what is wrong with it is said row by row."""

import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mingqu.cases.tests import factories as cases
from mingqu.catalogue.errors import OrganOfTraining
from mingqu.catalogue.imports import selectors, services
from mingqu.catalogue.imports.errors import (
    DefaultsNotHere,
    ImportState,
    ImportUnknown,
    MappingUnknown,
    RegionUnknown,
)
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.organs import Organs
from mingqu.catalogue.imports.services import Asked, cancel, import_items, read_batch
from mingqu.catalogue.imports.tests import counting, reviewing
from mingqu.catalogue.services import publish_revision
from mingqu.documents.models import OrganKey
from mingqu.identity import selectors as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.services import create_department
from mingqu.identity.services.regions import mark_training
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewDepartment
from mingqu.kernel import regions
from mingqu.kernel import training as marks
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.models_regions import Region
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parent / "files"
AT = datetime(2026, 11, 20, 12, 0, tzinfo=BEIJING)
SYSTEM = Actor.system("demo")
REGION = people.REGION
WATER = "11990104MB0000350P"


@pytest.fixture(autouse=True)
def district(monkeypatch):
    regions.load_demo_district()
    monkeypatch.setattr(services, "_defer", lambda batch_id: None)


def asked(name="own_items.csv", mapping="own_items", region=REGION, defaults=False, data=None):
    return Asked(name, (FILES / name).read_bytes() if data is None else data, mapping, region, defaults)


def imported(given=None, by=SYSTEM, at=AT):
    """A batch, read to its end."""
    batch_id = import_items(asked=given or asked(), by=by, at=at, key=new_id()).batch_id
    read_batch(batch_id, at)
    return ImportBatch.objects.get(pk=batch_id)


def row(batch, line):
    return ImportedItem.objects.get(batch=batch, line=line)


def training():
    mark_training(region_code=REGION, on=True, by=people.SYSTEM, at=AT, key=new_id())


@pytest.mark.parametrize("name", ["own_items.csv", "own_items.xlsx"])
def test_every_row_of_a_spreadsheet_is_kept_with_what_was_found(name):
    people.department("清禾区城市管理局", code="CGJ")
    batch = imported(asked(name))

    assert (batch.state, batch.rows, batch.read_rows, batch.content) == ("ready", 6, 6, None)
    assert batch.counts["states"] == {"proposed": 4, "refused": 2}
    assert {code for line in (6, 7) for code in row(batch, line).finding_codes} == {
        "key_doubled",
        "code_malformed",
    }
    assert row(batch, 6).findings[0]["sentence"] == "编号“QH-YL-001”在第2行已经有了"
    first = row(batch, 2)
    assert first.document["item"]["audience"] == ["natural_person", "enterprise"]
    assert first.document["handling"][0]["clocks"]["promised"] == {"limit": 5, "unit": "working_days"}
    assert [m["name"] for m in first.document["handling"][0]["materials"]] == ["占道申请书", "身份证"]
    assert first.bases[0]["law"] == "中华人民共和国行政许可法" and first.bases[0]["standing"] == "unknown_law"
    assert first.document["basis"] == [], "what a text quotes is proposed, nothing more"
    sources = {one["path"]: one for one in first.document["sources"]}
    assert sources["item.name"]["source"] == f"{name} 第2行 事项名称"
    assert sources["item.handling_kind"]["default"] is True


def test_what_a_row_does_not_say_stays_empty_and_what_it_says_wrongly_is_not_used():
    batch = imported()
    third, fourth = row(batch, 4), row(batch, 5)

    assert {"value_unknown", "promise_exceeds", "material_doubled", "telephone_missing"} <= set(
        third.finding_codes
    )
    assert "clocks" not in third.document["handling"][0]
    assert third.document["item"]["audience"] == ["enterprise"]
    assert third.document["item"]["type"] == "10" and "type_proposed" in third.finding_codes
    assert {"organ_code_wrong", "limit_unreadable"} <= set(fourth.finding_codes)
    assert fourth.document["item"]["organ"] == "" and not fourth.listed
    assert row(batch, 3).handling_kind == "enquiry" and row(batch, 3).document["handling"] == []


def test_elsewhere_an_unknown_department_is_a_finding_and_nobody_is_entered():
    before = len(identity.departments())
    batch = imported()

    assert len(identity.departments()) == before
    assert "organ_unknown" in row(batch, 2).finding_codes
    assert not row(batch, 2).listed


def test_in_a_training_region_departments_and_their_default_posts_are_entered():
    training()
    batch = imported(asked(defaults=True))
    first = row(batch, 2)

    codes = {one.code: one.name for one in identity.departments()}
    assert codes[first.organ_code] == "清禾区城市管理局"
    assert codes["县级公安"] == "县级公安"
    steps = {step["name"]: step for step in first.document["handling"][0]["steps"]}
    assert steps["县级公安审核"]["post"] == "县级公安-CB"
    assert steps["县级城市管理审核"]["post"] == f"{first.organ_code}-CB"
    assert steps["县级公安审核"]["parallel"] == steps["县级城市管理审核"]["parallel"] == "A"
    known = identity.posts_by_code(["县级公安-CB", f"{first.organ_code}-PZ"])
    assert len(known) == 2
    assert first.listed and first.applicable and not first.lawful


def test_an_organ_entered_for_training_neither_takes_nor_stands_in_for_the_organ_of_that_credit_code():
    real = asked(region=people.REGION)
    other = "990105000000"
    Region.objects.create(code=other, name="培训区", level="county", list_version="test", training=True)
    marks.known.read_at = None
    batch = imported(asked(region=other, defaults=True))
    entered = identity.department_by_code(row(batch, 2).organ_code)
    assert entered.code == f"PX-{entered.credit_code}" and entered.region_code == other

    unknown = imported(real)  # the real region does not find the organ of the training region
    assert "organ_unknown" in row(unknown, 2).finding_codes

    draft = NewDepartment(entered.credit_code, entered.name, people.REGION, None, entered.credit_code)
    create_department(draft=draft, by=SYSTEM, at=AT, key=new_id())
    known = Organs(selectors.organs(people.REGION)), Organs(selectors.organs(other))
    assert [one.by_code(entered.credit_code).code for one in known] == [entered.credit_code, entered.code]

    cases.world()
    document = reviewing.document("QH-FALSCH", organ=entered.code)
    with pytest.raises(OrganOfTraining):
        publish_revision(document=document, by=SYSTEM, at=AT, key=new_id())


def test_organs_entered_for_training_can_seal_their_papers_with_a_mark_that_says_so():
    training()
    batch = imported(asked(defaults=True))
    organ = row(batch, 2).organ_code

    assert OrganKey.objects.get(organ_code=organ).organ_name == "（培训）清禾区城市管理局"
    assert not OrganKey.objects.filter(organ_code="县级公安").exists(), (
        "it only takes part and makes no paper"
    )
    assert not OrganKey.objects.filter(organ_name__contains="澜州市清禾区").exists(), (
        "no organ in office gets one here"
    )


def test_defaults_are_put_only_in_a_training_region():
    with pytest.raises(DefaultsNotHere):
        imported(asked(defaults=True))


def test_the_same_file_again_changes_nothing():
    first = imported()
    again = import_items(asked=asked(), by=SYSTEM, at=AT, key=new_id())

    assert again.again and again.batch_id == first.pk
    assert (ImportBatch.objects.count(), ImportedItem.objects.count()) == (1, 6)


def test_a_newer_file_updates_what_is_not_published_and_keeps_what_was_reviewed_word_for_word():
    first = imported()
    ImportedItem.objects.filter(batch=first, line=3).update(state="accepted")
    text = (
        (FILES / "own_items.csv")
        .read_text(encoding="utf-8-sig")
        .replace("路边零星占道许可", "占道许可（新）")
    )

    second = imported(asked(data=text.encode()), at=AT + timedelta(days=1))

    assert row(second, 2).name == "占道许可（新）" and row(second, 2).state == "proposed"
    assert row(second, 2).version == 2
    assert row(second, 3).state == "accepted"
    assert ImportedItem.objects.count() == 6, "no row is there twice"
    first.refresh_from_db()
    assert first.counts["states"] == {}


def test_what_is_published_is_left_alone_and_the_difference_is_told():
    people.department("清禾区水务局", code=WATER)
    first = imported()
    water = row(first, 3)
    done = publish_revision(document=water.document, by=SYSTEM, at=AT, key=new_id())
    ImportedItem.objects.filter(pk=water.pk).update(state="published", revision=done.revision_id)
    text = (FILES / "own_items.csv").read_text(encoding="utf-8-sig")

    same = imported(asked(data=text.replace("占道", "临时占道").encode()), at=AT + timedelta(days=1))
    assert same.counts["same"] == 1 and not same.items.filter(key=water.key).exists()

    newer = text.replace("渠水水质查询", "渠水和井水水质查询")
    found = row(imported(asked(data=newer.encode()), at=AT + timedelta(days=2)), 3)
    assert found.state == "proposed"
    (told,) = [one["sentence"] for one in found.findings if one["code"] == "in_force_differs"]
    assert told.startswith("事项QH-YL-002已经发布第1版，与这一行有") and "事项名称" in told
    water.refresh_from_db()
    assert (water.state, water.name) == ("published", "渠水水质查询")


def test_broken_lines_of_json_lines_are_rows_that_say_why():
    batch = imported(asked("items.jsonl", "gd_service_items"))

    assert batch.counts["states"] == {"proposed": 1, "refused": 2}
    assert row(batch, 2).findings[0] == {
        "code": "row_unreadable",
        "sentence": "第2行读不懂：不是完整的JSON，文件可能断在中间",
        "path": "",
    }
    assert row(batch, 3).findings[0]["sentence"] == "第3行读不懂：这一行不是一组键和值"


def test_what_lies_in_something_else_knows_what_it_lies_in():
    batch = imported(asked("flow.json", "jiangbei_enterprise"))
    only = ImportedItem.objects.get(batch=batch)

    assert (only.item_code, only.organ_name, only.raw["../dept"]) == ("JB-QY-01-01", "城管局", "城管局")
    assert "占道" in only.document["item"]["aliases"]


UNREADABLE = [
    ("own_items", b"", "没有内容"),
    ("own_items", "编码,名称\n1,2\n".encode(), "缺少列：事项编码、事项名称、实施机关代码"),
    ("own_items", "事项编码,事项编码,事项名称,实施机关代码\n1,1,2,3\n".encode(), "列名重复：事项编码"),
    ("own_items", b"[1]", "这是JSON文件"),
    ("own_items", b"\xd0\xcf\x11\xe0old excel", "不是能读的表格"),
    ("gd_service_items", b"PK\x03\x04x", "这是表格或者压缩包"),
    ("guangan_service_items", b'{"a": 1}', "不是列表"),
    ("guangan_service_items", b'[{"department": "x"}]', "没有“items”"),
    ("jiangbei_enterprise", b'{"nodes": [{"items": [', "文件可能断在中间"),
    ("jiangbei_enterprise", b"[" * 20_000, "层次太深"),
    ("jiangbei_enterprise", b'{"nodes": [], "nodes": []}', "同一个键写了两次"),
    ("jiangbei_enterprise", b'{"nodes": NaN}', "NaN不是数"),
    ("jiangbei_enterprise", b"\xff\xfe{", "不是UTF-8"),
    ("jiangbei_enterprise", b'{"nodes": [{"items": []}]}', "没有内容"),
]


@pytest.mark.parametrize(("mapping", "data", "says"), UNREADABLE, ids=[says for *_, says in UNREADABLE])
def test_a_file_that_can_not_be_read_fails_as_a_whole_with_a_sentence_and_leaves_no_row(mapping, data, says):
    batch = imported(asked("x", mapping, data=data))

    assert batch.state == "failed" and says in batch.failure
    assert not ImportedItem.objects.exists() and batch.content is None


def test_a_wrong_mapping_region_or_person_is_refused_before_anything_is_kept():
    with pytest.raises(MappingUnknown):
        imported(asked(mapping="../secret"))
    with pytest.raises(RegionUnknown):
        imported(asked(region="990199000000"))
    with pytest.raises(NotAuthorised):
        imported(by=people.staff_actor("reviewer"))
    assert not ImportBatch.objects.exists()


def test_reading_that_was_cancelled_leaves_no_row():
    batch_id = import_items(asked=asked(), by=SYSTEM, at=AT, key=new_id()).batch_id
    cancel(batch_id=batch_id, by=SYSTEM, at=AT, key=new_id())
    read_batch(batch_id, AT)

    batch = ImportBatch.objects.get(pk=batch_id)
    assert (batch.state, batch.content, batch.items.count()) == ("failed", None, 0)
    with pytest.raises(ImportState):
        cancel(batch_id=batch_id, by=SYSTEM, at=AT, key=new_id())
    with pytest.raises(ImportUnknown):
        cancel(batch_id=new_id(), by=SYSTEM, at=AT, key=new_id())


def test_a_killed_worker_is_gone_on_from(monkeypatch):
    monkeypatch.setattr(services, "PORTION", 2)
    batch_id = import_items(asked=asked(), by=SYSTEM, at=AT, key=new_id()).batch_id
    keep, calls = services.keep, []

    def dies(*given):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return keep(*given)

    monkeypatch.setattr(services, "keep", dies)
    with pytest.raises(KeyboardInterrupt):
        read_batch(batch_id, AT)
    assert ImportBatch.objects.get(pk=batch_id).read_rows == 2

    read_batch(batch_id, AT)
    assert ImportBatch.objects.get(pk=batch_id).state == "ready"
    assert ImportedItem.objects.filter(batch_id=batch_id).count() == 6


def test_a_file_that_stops_every_worker_fails_after_some_hours_and_says_so(monkeypatch):
    queued = []
    monkeypatch.setattr(services, "_defer", queued.append)
    batch_id = import_items(asked=asked(), by=SYSTEM, at=AT, key=new_id()).batch_id

    services.sweep(AT + timedelta(minutes=5))
    assert queued == [batch_id, batch_id], "once when sent, once by the sweep"
    services.sweep(AT + services.GIVE_UP + timedelta(minutes=1))

    batch = ImportBatch.objects.get(pk=batch_id)
    assert (batch.state, batch.content, len(queued)) == ("failed", None, 2)
    assert "没有读完" in batch.failure


@pytest.mark.long
@pytest.mark.skipif(not counting.GUANGDONG.exists(), reason="no shared data")
def test_guangdong_is_read_into_a_training_region_in_half_a_minute_and_reaches_the_gates_as_counted():
    mark_training(region_code="440000000000", on=True, by=people.SYSTEM, at=AT, key=new_id())
    given = Asked("policy.jsonl", counting.GUANGDONG.read_bytes(), "gd_service_items", "440000000000", True)
    begun = time.monotonic()
    batch = imported(given)
    seconds = time.monotonic() - begun

    assert (batch.rows, batch.counts["states"]) == (2262, {"proposed": 2262})
    assert batch.counts["gates"] == {"listed": 2114, "applicable": 818, "lawful": 0}
    assert batch.counts["stopped"]["no_limits"] == 51
    assert seconds < 30, f"{seconds:.1f} s"
    print(f"{seconds:.1f} s")
