"""By clicking: sheet, number and states by hand and by file, correction, reconciliation, connections, the double."""

import io
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingqu.documents.tests.samples import picture
from mingqu.exchange import selectors
from mingqu.exchange.connectors import double
from mingqu.exchange.models import Discrepancy, DoubleMatter, OutsideState, StatesFile
from mingqu.exchange.tasks import read_states
from mingqu.exchange.tests import factories as f
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    hand = SimpleNamespace(at=f.AT)
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: hand.at))
    return hand


@pytest.fixture
def clerk(clock):
    return f.officer("window_clerk", "陈晓岚")


@pytest.fixture
def browser(clerk):
    return people.signed_in(Client(), User.objects.get(pk=clerk.user_id))


def at(name, row, *more):
    return reverse(f"exchange:{name}", args=[row.reference, *more])


def text(answer):
    return answer.content.decode()


def test_what_waits_for_people_is_on_the_list_and_its_sheet_is_ready_to_be_copied(browser):
    row = f.handed(where="assisted", system=f.BY_HAND)
    page = text(browser.get(reverse("exchange:desk")))
    assert row.subject in page and "要录入到对方系统" in page

    sheet = text(browser.get(at("sheet", row)))
    assert 'data-mq-copy="李晓禾"' in sheet and "没有填" in sheet


def test_the_number_is_typed_twice_then_the_states_and_the_result(browser):
    row = f.handed(where="assisted", system=f.BY_HAND)
    refused = browser.post(at("number", row), {"key": new_id(), "number": "HJ1", "again": "HJ2"})
    assert refused.status_code == 400 and "两次填写的编号不一样" in text(refused)
    browser.post(at("number", row), {"key": new_id(), "number": "hj 1", "again": "HJ1"})
    assert f.again(row).external_number == "HJ1"

    given = {"key": new_id(), "state": "granted", "on_year": "2026", "on_month": "9", "on_day": "18"}
    assert "结果的编号" in text(browser.post(at("state", row), given))
    assert browser.post(at("state", row), given | {"result_number": "H-9"}).status_code == 302
    assert browser.post(at("state", row), given | {"result_number": "H-9"}).status_code == 409
    row = f.again(row)
    assert (row.shown, row.result["number"]) == ("granted", "H-9")
    assert OutsideState.objects.get().person_id is not None


def test_one_number_of_the_other_side_is_one_matter(browser, clerk):
    f.carried(clerk, number="HJ1")
    row = f.handed(where="assisted", system=f.BY_HAND)

    answer = browser.post(at("number", row), {"key": new_id(), "number": "HJ1", "again": "HJ1"})

    assert answer.status_code == 409 and "已经登记在另一件" in text(answer)


def test_what_goes_by_a_connection_is_not_typed_and_can_be_carried_by_people_when_it_is_down(browser):
    row = f.handed()
    answer = browser.post(at("number", row), {"key": new_id(), "number": "1", "again": "1"})
    assert answer.status_code == 409
    double.set_faults(["down"])
    f.send(row)

    assert browser.post(at("by_hand", row), {"key": new_id(), "words": "对方停机三天"}).status_code == 302
    assert (f.again(row).connector, f.again(row).needs) == ("", "carry")


def test_states_by_file_are_taken_line_by_line_and_wrong_lines_stop_no_other(browser, clerk):
    row = f.carried(clerk, number="HJ1")
    lines = "\n".join(
        [
            "编号,状态,时间,说明,结果编号",
            "HJ1,办理中,2026-09-18 09:00",
            "HJ7,已办结,2026-09-18",
            "HJ1,在路上,2026-09-18",
        ]
    )

    file = SimpleUploadedFile("s.csv", lines.encode())
    given = {"key": new_id(), "system": f.BY_HAND, "file": file}
    there = browser.post(reverse("exchange:states"), given)["Location"]
    page = text(browser.get(there))
    assert "正在读文件" in page and 'hx-trigger="every 2s"' in page
    read_states(str(StatesFile.objects.get().pk))  # the job

    page = text(browser.get(there))
    assert "新导入1行" in page and "有问题2行" in page and "第3行" in page and "不认识的状态" in page
    assert f.again(row).shown == "handling" and "s.csv" in text(browser.get(reverse("exchange:states")))
    sheet = openpyxl.load_workbook(io.BytesIO(browser.post(f"{there}wrong.xlsx").content)).active
    assert [cell.value for cell in sheet[2]][:2] == ["HJ7", "已办结"] and sheet.max_row == 3


def test_a_file_of_states_is_nobodys_outside_the_scope(browser, clerk):
    f.carried(clerk, number="HJ1")
    file = f.states_by_file(clerk, "编号,状态,时间\nHJ1,办理中,2026-09-18")
    other = people.staff_actor("reviewer", department_id=people.department("别的局", code="QH-X"), name="赵")
    stranger = people.signed_in(Client(), User.objects.get(pk=other.user_id))

    assert browser.get(reverse("exchange:states_file", args=[file.pk])).status_code == 200
    gone = stranger.get(reverse("exchange:states_file", args=[file.pk]))
    assert gone.status_code == 404 and "没有找到这份状态文件，或者不在您的范围内。" in text(gone)
    assert stranger.post(reverse("exchange:states_wrong", args=[file.pk])).status_code == 404


def test_what_was_taken_back_and_does_not_stop_is_dealt_with_on_the_page(browser):
    row = f.called_off()
    double.set_faults(["down"])
    f.recall(row)
    page = text(browser.get(at("at_desk", row)))
    assert "正在通知对方停办" in page and "还没有得到对方停办的回音" in page
    browser.post(at("again", row), {"key": new_id()})
    double.set_faults(["deaf"])
    f.recall(f.again(row))
    assert "已撤回，对方没有停办" in text(browser.get(at("at_desk", row)))
    assert row.subject in text(browser.get(reverse("exchange:desk")))

    browser.post(at("resolve", row), {"key": new_id(), "words": "电话说好不发证"})
    assert f.again(row).needs == "" and f.again(row).ended_at


def test_what_is_brought_to_the_window_goes_with_the_correction_and_a_bad_file_is_said_beside_the_field(
    browser, client
):
    row = f.asking()
    bad = {"key": new_id(), "words": "补好了", "files": [SimpleUploadedFile("a.exe", b"MZ")]}
    page = browser.post(at("answer", row), bad)
    assert page.status_code == 415 and "补好了" in text(page) and "JPG、PNG" in text(page)
    good = bad | {"key": new_id(), "files": [SimpleUploadedFile("门牌.jpg", picture())]}
    assert browser.post(at("answer", row), good).status_code == 302

    (file,) = selectors.answer_files(f.again(row))
    assert file.name in text(browser.get(at("at_desk", row)))
    assert browser.get(at("answer_file", row, file.id)).status_code == 200
    assert client.get(at("answer_file", row, file.id)).status_code in (302, 403, 404)


def test_a_correction_is_answered_and_a_contradiction_dealt_with_on_the_page(browser):
    row = f.sent()
    f.hear(f.telling(row, "correction", 2, words="住所没有填"))
    assert "住所没有填" in text(browser.get(at("at_desk", row)))
    assert browser.post(at("answer", row), {"key": new_id(), "words": ""}).status_code == 400
    browser.post(at("answer", row), {"key": new_id(), "words": "住所：望渠路5号"})
    assert f.again(row).shown == "waiting"

    f.send(f.again(row))
    for seq, state in ((5, "granted"), (6, "refused")):
        f.hear(f.telling(row, state, seq, result=f.RESULT))
    browser.post(at("resolve", row), {"key": new_id(), "words": "以准予为准"})
    assert f.again(row).needs == ""


def test_the_data_steward_reconciles_settles_exports_and_sees_the_connections(clock):
    row, steward = f.sent(), f.officer("data_steward", "林素")
    browser = people.signed_in(Client(), User.objects.get(pk=steward.user_id))
    clock.at = f.AT + f.DAY
    file = SimpleUploadedFile("l.csv", f"流水号,编号,状态\n{'f' * 32},9,已收到\n".encode())
    given = {
        "key": new_id(),
        "connector": "double",
        "day_year": "2026",
        "day_month": "9",
        "day_day": "18",
        "file": file,
    }
    there = browser.post(reverse("exchange:days"), given)["Location"]
    page = text(browser.get(there))
    assert "我方转出1件，对方收到1件" in page and "差异2条" in page and row.reference in page
    assert row.subject in page and row.number in page and "我方没有转出过这一件" in page

    one = Discrepancy.objects.get(reference=row.reference)
    settle = there + "settle/"
    assert browser.post(settle, {"key": one.id, "difference": one.id, "reason": ""}).status_code == 400
    browser.post(settle, {"key": one.id, "difference": one.id, "reason": "对方重新接收了"})
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get(there + "export/").content)).active
    assert [cell.value for cell in sheet[2]][:2] == ["我方转出", 1]
    assert row.subject in [cell.value for line in sheet.iter_rows() for cell in line]
    assert "对方重新接收了" in [cell.value for line in sheet.iter_rows() for cell in line]
    assert "省经营主体登记系统、公安人口管理系统（演示）" in text(
        browser.get(reverse("exchange:connections"))
    )


def test_whoever_may_not_see_it_learns_nothing(clock):
    row = f.handed()
    other = people.staff_actor("reviewer", department_id=people.department("别的局", code="QH-X"), name="赵")
    browser = people.signed_in(Client(), User.objects.get(pk=other.user_id))

    assert browser.get(at("at_desk", row)).status_code == 404
    assert browser.get(reverse("exchange:desk"), {"number": row.number}).status_code == 404


def test_a_list_costs_the_same_whatever_its_length(browser, django_assert_max_num_queries):
    for _time in range(8):
        f.handed(where="assisted", system=f.BY_HAND)

    with django_assert_max_num_queries(12):
        browser.get(reverse("exchange:desk"))


def test_the_demos_other_side_decides_and_we_are_told_by_the_door_of_a_real_one(client, clock):
    row = f.sent()
    client.post(reverse("exchange:double"), {"faults": ["twice"]})
    assert "每条状态通知两次" in text(client.get(reverse("exchange:double")))
    given = {"reference": row.reference, "state": "granted", "number": "L-1", "name": "望渠"}
    client.post(reverse("exchange:double_say"), given)

    assert f.again(row).result["number"] == "L-1" and f.kept(row) == 2
    assert DoubleMatter.objects.get().told == [0, 1]


def test_outside_a_demo_there_is_no_other_side(client, settings):
    settings.MINGQU_DEMO = False

    assert client.get(reverse("exchange:double")).status_code == 404
    assert client.post(reverse("exchange:double_say")).status_code == 404
