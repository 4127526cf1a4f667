"""Originals on the pages: kept at the window, handed over by a slip, counted by the department, given back."""

import re

import pytest

from mingqu.cases.tests import factories as f
from mingqu.hall.models import GivenBack, KeptPaper, Slip
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.tables import read_table
from mingqu.workbench.tests.pages import key_in, text_of, url

pytestmark = pytest.mark.django_db
DRAWER = "/desk/paper/"


@pytest.fixture
def case(w):
    return f.received_case(w)


def keep(client, case, **given):
    page = client.get(url("paper_case", case))
    form = page.content.decode().split('id="k-keep"')[1]
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', form).group(1)
    return client.post(url("paper_case", case), {"key": key} | (given or {"original_0": "1", "copy_1": "3"}))


def papers(case):
    return [f"{one.root_id}:{one.id}" for one in KeptPaper.objects.filter(root_id=case.pk).order_by("serial")]


def send(client, case, **more):
    page = client.get(DRAWER)
    form = page.content.decode().split('name="department"')[0].rsplit("<form", 1)[1]
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', form).group(1)
    return client.post(DRAWER, {"key": key, "paper": papers(case)} | more)


def test_papers_go_from_the_window_to_the_department_and_back_to_the_applicant(w, browse, case):
    clerk, reviewer = browse("clerk"), browse("reviewer")

    assert keep(clerk, case).url == url("paper_case", case)
    assert [(one.form, one.copies) for one in KeptPaper.objects.order_by("serial")] == [
        ("original", 1),
        ("copy", 3),
    ]
    sent = send(clerk, case, department=str(w.bureau))
    slip = Slip.objects.get()
    assert slip.number in sent.url and "等澜州市清禾区市场监督管理局点数签收" in text_of(clerk.get(sent.url))
    assert "1张交接单等点数签收" in text_of(reviewer.get("/desk/"))

    page = reviewer.get(sent.url)
    fields = re.findall(r'name="(found_[0-9a-f-]{36})"', page.content.decode())
    uncounted = reviewer.post(sent.url, {"key": key_in(page), fields[0]: "1"})
    assert uncounted.status_code == 400 and "第2行没有点数" in text_of(uncounted)
    signed = reviewer.post(sent.url, {"key": key_in(page), fields[0]: "1", fields[1]: "2"})
    assert signed.status_code == 302 and Slip.objects.get().state == "differs"
    assert "1份材料对方没有点齐，请找" in text_of(clerk.get("/desk/"))

    back = url("paper_return", case)
    page = reviewer.get(back)
    given = {"key": key_in(page), "relation": "self", "paper": papers(case), "on_paper": "on"}
    unseen = reviewer.post(back, given)
    assert unseen.status_code == 400 and "先核对领回的人的证件" in text_of(unseen)
    assert reviewer.post(back, given | {"seen": "on"}).url == url("paper_case", case)
    assert GivenBack.objects.get().receiver == case.applicant_name
    assert [one.state for one in KeptPaper.objects.order_by("serial")] == [
        "returned",
        "kept",
    ]  # the other is not hers


def test_what_is_wrong_stands_at_its_field_and_what_was_ticked_stays(w, browse, case):
    client = browse("clerk")

    nameless = keep(client, case, original_3="1")
    nothing = keep(client, case, original_0="0")
    keep(client, case)
    nowhere = send(client, case, department="")

    assert nameless.status_code == 400 and "请写材料的名称" in text_of(nameless)
    assert nothing.status_code == 400 and "至少写一份" in text_of(nothing)
    assert nowhere.status_code == 400 and "请选择交给哪个部门" in text_of(nowhere)
    assert nowhere.content.decode().count("data-mq-tick") == nowhere.content.decode().count(" checked") == 2
    unticked = send(client, case, department=str(w.bureau), paper=[])
    assert unticked.status_code == 400 and "至少选一份材料" in text_of(unticked)


def test_a_code_leads_to_its_slip_or_case_and_a_slip_is_called_back(w, browse, case):
    clerk, station = browse("clerk"), browse("station")
    keep(clerk, case)
    sent = send(clerk, case, department=str(w.bureau))
    number = Slip.objects.get().number

    assert clerk.post("/desk/paper/find/", {"number": number.lower()}).url == sent.url
    assert clerk.post("/desk/paper/find/", {"number": f"{case.number}-01"}).url == url("paper_case", case)
    assert clerk.post("/desk/paper/find/", {"number": "JJ0"}).status_code == 404
    assert station.get(sent.url).status_code == 404
    address = f"{sent.url}call-back/"
    assert clerk.post(address, {"key": key_in(clerk.get(sent.url), address)}).url == DRAWER
    assert Slip.objects.get().state == "called_back"


def test_what_stays_with_the_file_is_chosen_and_ends_there(w, browse, case):
    client = browse("clerk")
    keep(client, case)
    address = url("paper_file", case)

    client.post(
        address, {"key": key_in(client.get(url("paper_case", case)), address), "paper": papers(case)[1:]}
    )

    assert [one.state for one in KeptPaper.objects.order_by("serial")] == ["kept", "filed"]
    assert browse("leader").get(DRAWER).status_code == 403


def test_the_drawer_is_taken_away_as_a_file_and_written_down(w, browse, case):
    client = browse("clerk")
    keep(client, case)

    file = client.post("/desk/paper/export/")

    rows = read_table(b"".join(file.streaming_content)).rows
    assert [cells[0] for _, cells in rows] == [f"{case.number}-01", f"{case.number}-02"]
    entry = AuditEntry.objects.filter(action="case.export").latest("at")
    assert entry.notes == {"tab": "在我手里的材料", "rows": 2}
