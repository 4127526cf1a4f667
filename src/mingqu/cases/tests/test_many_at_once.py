"""批量申报: a table of applications, checked, pressed once, each an ordinary case and none of them twice."""

import io
import struct
import threading
import zipfile
from uuid import uuid4

import openpyxl
import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases.errors import TooManyFiles
from mingqu.cases.many import commands, packing, questions, working
from mingqu.cases.many.columns import columns_of, names_of, picked, places
from mingqu.cases.many.errors import (
    ManyColumnsMissing,
    ManyElsewhere,
    ManyTooLong,
    ManyUnknown,
    NothingToHandIn,
    NotInBulk,
    PackRefused,
)
from mingqu.cases.models import Case, ManyFiling, ManyRow
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import in_bulk as b
from mingqu.identity import services as identity
from mingqu.identity.errors import OutsideAuthority, TooManyAttempts
from mingqu.identity.tests import factories as people
from mingqu.identity.tests import test_acting as acting
from mingqu.kernel import relay
from mingqu.kernel.ids import new_id
from mingqu.notifications.models import InboxMessage


@pytest.fixture(autouse=True)
def _a_demo(settings):
    settings.MINGQU_DEMO = True


def found(batch, line):
    return ManyRow.objects.get(batch=batch, line=line)


def upload(of, data, packed=b""):
    given = commands.Table(b.ITEM, b.NEW, "门店.xlsx", data, packed)
    return commands.upload(table=given, by=of.by, at=b.AT, key=new_id())


def test_good_rows_become_ordinary_cases_of_the_firm_and_wrong_ones_say_where_and_why(db):
    of = b.office()
    rows = [
        b.row(1),
        b.row(2, 经营面积="很大"),
        b.row(3, 营业执照="没有.png"),
        b.row(4),
        b.row(5) | {"店名": ""},
    ]
    batch = b.worked(b.uploaded(of, *rows))

    assert batch.state == "checked"
    assert questions.counts(batch) == {"waiting": 0, "good": 2, "wrong": 3, "filed": 0, "refused": 0}
    assert found(batch, 3).findings == [["经营面积", "经营面积请写数字，例如60。您写的是“很大”。"]]
    assert found(batch, 4).findings[0][1] == "压缩包里没有“没有.png”。"
    assert [header for header, _why in found(batch, 6).findings] == ["店名"]
    assert not Case.objects.exists()

    batch = b.worked(b.pressed(of, batch))

    assert (batch.state, batch.done) == ("filed", 2)
    cases = list(Case.objects.order_by("number"))
    assert [case.answers["shop_name"] for case in cases] == ["清禾小馆1", "清禾小馆4"]
    assert {(case.firm_id, case.capacity_id) for case in cases} == {(batch.firm_id, of.capacity_id)}
    assert all(case.materials.filter(state="given").count() == 3 for case in cases)
    assert {row.number for row in questions.all_filed(batch)} == {case.number for case in cases}
    while relay.round_once(b.AT):
        pass
    told = InboxMessage.objects.filter(person_id=of.by.id, kind="case_received")
    assert told.count() in (0, 2)  # the ordinary messages, no others


def test_a_corrected_table_hands_in_only_what_was_not_handed_in(db):
    of = b.office()
    first = b.worked(b.pressed(of, b.worked(b.uploaded(of, b.row(1), b.row(2, 经营面积="很大")))))
    again = b.worked(b.uploaded(of, b.row(1), b.row(2), b.row(2)))

    number = found(first, 2).number
    assert found(again, 2).findings == [["", f"这一行已经提交过，办件编号{number}。"]]
    assert found(again, 4).findings == [["", "和第3行一模一样。"]]
    b.worked(b.pressed(of, again))
    assert Case.objects.count() == 2


def test_struck_down_between_any_two_steps_it_goes_on_and_doubles_nothing(db, monkeypatch):
    of = b.office()
    batch = b.pressed(of, b.worked(b.uploaded(of, b.row(1), b.row(2))))
    real = working.file_case

    def dies_after(**given):
        real(**given)
        raise SystemExit

    monkeypatch.setattr(working, "file_case", dies_after)
    with pytest.raises(SystemExit):
        working.work(batch.pk, b.AT)
    assert (Case.objects.count(), found(batch, 2).state) == (1, "good")

    def dies_before(**given):
        raise SystemExit

    monkeypatch.setattr(working, "file_case", dies_before)
    with pytest.raises(SystemExit):
        working.work(batch.pk, b.AT)
    monkeypatch.setattr(working, "file_case", real)
    commands.sweep(b.AT + f.DAY)
    b.worked(batch)

    assert Case.objects.count() == 2
    assert {row.number for row in ManyRow.objects.all()} == set(Case.objects.values_list("number", flat=True))


@pytest.mark.parametrize("broken", ["look", "file_case"])
def test_a_row_that_fails_as_nobody_foresaw_stands_aside_and_the_others_are_handed_in(
    db, monkeypatch, broken
):
    of = b.office()
    batch = b.uploaded(of, b.row(1), b.row(2), b.row(3))
    home = working.checking if broken == "look" else working
    real, poison = getattr(home, broken), found(batch, 3).cells

    def breaks(*args, **given):
        row = ManyRow.objects.filter(draft_id=given.get("draft_id") or new_id()).first()
        if poison in args or (row is not None and row.line == 3):
            raise ZeroDivisionError("something personal")
        return real(*args, **given)

    monkeypatch.setattr(home, broken, breaks)
    for _ in range(4):
        b.worked(batch)
        batch.refresh_from_db()
    if broken == "file_case":
        b.pressed(of, batch)
        for _ in range(4):
            b.worked(ManyFiling.objects.get(pk=batch.pk))
        batch.refresh_from_db()

    aside = found(batch, 3)
    assert batch.state == ("checked" if broken == "look" else "filed")
    assert aside.state == ("wrong" if broken == "look" else "refused")
    assert "系统处理不了这一行" in aside.findings[0][1] and "personal" not in aside.findings[0][1]
    assert {found(batch, n).state for n in (2, 4)} == {"good" if broken == "look" else "filed"}
    assert commands.stood_aside(b.AT) == 1


def test_two_jobs_on_one_table_hand_each_row_in_once(committed_db):
    of = b.office()
    batch = b.pressed(of, b.worked(b.uploaded(of, *(b.row(n) for n in range(1, 5)))))

    def run():
        try:
            b.worked(ManyFiling.objects.get(pk=batch.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    batch.refresh_from_db()
    assert (batch.state, batch.done, Case.objects.count()) == ("filed", 4, 4)
    assert set(ManyRow.objects.values_list("state", flat=True)) == {"filed"}


def test_an_authority_that_ended_hands_in_no_further_row(db):
    of = b.office()
    batch = b.pressed(of, b.worked(b.uploaded(of, b.row(1), b.row(2))))
    working.work(batch.pk, b.AT)
    identity.end_capacity(capacity_id=of.capacity_id, by=of.head, at=b.AT, key=new_id())
    b.worked(batch)

    assert Case.objects.count() == 1
    assert "授权已经结束" in found(batch, 3).findings[0][1]


def test_outside_her_limits_or_for_a_service_that_begins_with_a_certificate_nothing_is_taken(db):
    of = b.office(items=("QH-ANDERE",))
    with pytest.raises(OutsideAuthority):
        upload(of, b.table(b.row(1)))
    with pytest.raises(NotInBulk):
        commands.service(b.ITEM, "02")
    assert not ManyFiling.objects.exists()


def test_a_table_of_another_service_too_long_or_with_formulas_is_refused(db):
    of = b.office()
    with pytest.raises(ManyColumnsMissing, match="店名"):
        upload(of, "列\n1\n".encode())
    with pytest.raises(ManyTooLong):
        upload(of, b.table(*[b.row(1)] * (commands.MOST + 1)))
    taken = upload(of, b.formulas(b.table(b.row(1)), "店名"), b.packed())
    b.worked(ManyFiling.objects.get(pk=taken.batch_id))
    row = ManyRow.objects.get()
    assert row.findings == [["店名", "单元格是公式，请改成数值或者文字。"]]
    with pytest.raises(NothingToHandIn):
        b.pressed(of, ManyFiling.objects.get())


def test_it_is_handed_in_or_left_once_and_nobody_elses(db):
    of = b.office()
    batch = b.worked(b.uploaded(of, b.row(1)))
    stranger = people.citizen()[1]
    for by in (stranger, acting.as_whom(of.user)):  # also the handler herself, not in the firm's name
        with pytest.raises(ManyUnknown):
            questions.batch(by, batch.pk)
        with pytest.raises(ManyUnknown):
            commands.leave(batch_id=batch.pk, by=by, at=b.AT, key=new_id())
    commands.leave(batch_id=batch.pk, by=of.by, at=b.AT, key=new_id())
    with pytest.raises(ManyElsewhere):
        b.pressed(of, batch)
    assert not ManyRow.objects.exists()


def bomb() -> bytes:
    return b.packed({"大.png": b"\0" * 5_000_000})


def named(name: str) -> bytes:
    return b.packed({name: f.PNG})


def locked() -> bytes:
    data = bytearray(named("a.png"))
    data[6] |= 1  # the flag in the local header
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link.png")
        info.external_attr = 0xA1FF << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def listed() -> bytes:
    """A list of 60000 entries and no file: the reader would hold an object of each."""
    entry = b"PK\x01\x02" + bytes(24) + b"\1" + bytes(17) + b"a"
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 65535, 65535, 60_000 * len(entry), 4, 0)
    return b"PK\x03\x04" + entry * 60_000 + end


def lzma() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.png", f.PNG)
    return out.getvalue()


def test_a_file_whose_own_header_is_broken_is_a_finding_and_stops_no_table(db):
    of, data = b.office(), bytearray(b.packed())
    data[30] = 0xFF  # where the local header has its name: UTF-8 no more
    taken = upload(of, b.table(b.row(1)), bytes(data))

    batch = b.worked(ManyFiling.objects.get(pk=taken.batch_id))

    assert batch.state == "checked"
    assert any("损坏" in why for _header, why in found(batch, 2).findings)


def test_the_same_table_twice_both_checked_before_either_is_pressed_makes_its_cases_once(db):
    of = b.office()
    first, second = (b.worked(b.uploaded(of, b.row(1), b.row(2))) for _ in range(2))
    third = b.worked(b.uploaded(of, b.row(2), b.row(3)))
    b.pressed(of, first)

    assert b.pressed(of, second).state == "checked", "nothing is left to hand in"
    b.worked(b.pressed(of, third))
    b.worked(ManyFiling.objects.get(pk=first.pk))

    assert sorted(case.answers["shop_name"] for case in Case.objects.all()) == [
        f"清禾小馆{n}" for n in (1, 2, 3)
    ]
    assert questions.counts(second)["wrong"] == 2


def test_so_many_tables_a_day_and_so_many_files_a_material(db, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"many_person_day": (1, 86400)}
    of, names = b.office(), [f"{n}.png" for n in range(11)]
    batch = b.worked(b.uploaded(of, b.row(1, 营业执照="、".join(names)), files=dict.fromkeys(names, f.PNG)))

    assert TooManyFiles(most=10).message in [why for _header, why in found(batch, 2).findings]
    with pytest.raises(TooManyAttempts):
        b.uploaded(of, b.row(2))


@pytest.mark.parametrize(
    "data",
    [
        b"no zip",
        bomb(),
        named("../a.png"),
        named("/etc/a.png"),
        named("a/../../b.png"),
        named("C:\\a.png"),
        locked(),
        linked(),
        b.packed({f"{n}.png": b"" for n in range(packing.ENTRIES + 1)}),
        listed(),
        lzma(),
    ],
    ids=["no zip", "bomb", "up", "root", "up inside", "drive", "password", "link", "many", "list", "lzma"],
)
def test_a_zip_that_is_a_bomb_or_points_out_of_itself_is_refused(data):
    with pytest.raises(PackRefused):
        packing.opened(data)


def test_names_written_by_a_chinese_windows_and_in_folders_are_found():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("执照.png".encode("gb18030").decode("cp437")), f.PNG)
        archive.writestr("店1/平面图.png", f.PNG)
        archive.writestr("__MACOSX/._x", b"")
    raw = out.getvalue()
    # zipfile marks every name that is not ASCII as UTF-8; Windows does not.
    found = packing.opened(raw)
    assert {"店1/平面图.png", "平面图.png"} <= found.names.keys()
    assert found.read("平面图.png") == f.PNG
    assert not any("MACOSX" in name for name in found.names)


@given(st.lists(st.text(alphabet="店图a1.", min_size=1, max_size=6), max_size=5))
def test_names_in_a_cell_come_back_each_once(names):
    assert names_of("、".join(names)) == list(dict.fromkeys(names))


OPTIONS = {"hot": "热食（现炒、现煮）", "cold": "冷食（凉菜、卤味）", "cake": "裱花蛋糕", "c": "蛋糕"}


@given(st.lists(st.sampled_from(sorted(OPTIONS)), unique=True), st.sampled_from("、，,；; "))
def test_options_whose_words_hold_a_comma_are_read_one_by_one(values, sign):
    if sign == " ":
        sign = " 、 "
    assert picked(OPTIONS, sign.join(OPTIONS[value] for value in values)) == (values, "")
    assert picked(OPTIONS, sign.join([*values, "甲乙"])) == ([], "甲乙")


def test_the_template_has_every_column_once_and_is_read_back_by_its_headers(db):
    of = b.office()
    definition, schema, _revision = commands.service(b.ITEM, b.NEW)
    columns = columns_of(definition, schema)
    client = people.signed_in(Client(), of.user)
    switched = client.post(reverse("portal:switch"), {"capacity": str(of.capacity_id)})
    assert switched.status_code == 302
    answer = client.get(reverse("cases:many_template", args=[b.ITEM, b.NEW]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))

    headers = [cell.value for cell in book.worksheets[0][1]]
    assert len(headers) == len(set(headers)) == len(columns)
    assert places(columns, headers)[1] == []
    assert book.worksheets[1].max_row == len(columns) + 1


def test_by_the_pages_from_the_upload_to_the_list(w_now):
    _of, client = w_now
    rows = [b.row(1), b.row(2, 经营面积="很大")]
    url = reverse("cases:many_prepare", args=[b.ITEM, b.NEW])
    from django.core.files.uploadedfile import SimpleUploadedFile

    given = {"file": SimpleUploadedFile("门店.xlsx", b.table(*rows)), "key": str(uuid4())}
    answer = client.post(url, given | {"packed": SimpleUploadedFile("材料.zip", b.packed())})
    assert answer.status_code == 302, answer.content.decode()
    batch = b.worked(ManyFiling.objects.get())
    page = reverse("cases:many_batch", args=[batch.pk])
    shown = client.get(page).content.decode()
    assert "1行可以提交，1行要改正" in shown and "您写的是“很大”" in shown
    marked = client.get(reverse("cases:many_wrong", args=[batch.pk]))
    last = openpyxl.load_workbook(io.BytesIO(marked.content)).worksheets[0]
    assert "经营面积：" in last.cell(2, last.max_column).value
    press = {"delivery": "electronic", "key": str(uuid4())}
    assert "请先勾选" in client.post(page, press).content.decode()
    assert client.post(page, press | {"declared": "on"}).status_code == 302
    b.worked(batch)
    case = Case.objects.get()
    for name in ("many_batch", "many_printed"):
        assert case.number[-6:] in client.get(reverse(f"cases:{name}", args=[batch.pk])).content.decode()
    assert case.query_code in client.get(reverse("cases:many_printed", args=[batch.pk])).content.decode()
    table = client.get(reverse("cases:many_listed", args=[batch.pk])).content
    cells = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(table)).worksheets[0][2]]
    assert cells[1:5] == ["店1", case.number, case.query_code, "待受理"]
    assert "门店.xlsx" in client.get(reverse("cases:many")).content.decode()
    assert people.signed_in(Client(), people.citizen()[0]).get(page).status_code == 404


@pytest.fixture
def w_now(clock, db):
    """The office in a browser, acting for the firm, at the hour of the tables."""
    clock.at = b.AT
    of = b.office()
    client = people.signed_in(Client(), of.user)
    client.post(reverse("portal:switch"), {"capacity": str(of.capacity_id)})
    return of, client
