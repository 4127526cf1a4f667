"""文书送达: what is made and not served is a list, the longest waiting first, narrowed to what one serves for."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases import serving
from mingqu.cases.tests import factories as f
from mingqu.documents.events import DocumentReady
from mingqu.documents.models import DocumentRequest
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.notifications.models import ServiceRecord, UnservedPaper
from mingqu.payments.models import FeeNotice
from mingqu.payments.tests import factories as money
from mingqu.workbench.selectors.unserved import waiting_service

pytestmark = pytest.mark.django_db
LIST = "/desk/unserved/"


def made(case, kind, at=f.FRIDAY_NOON):
    rows = DocumentRequest.objects.filter(root_id=case.pk, kind=kind)
    rows.update(state="ready", file_id=new_id(), ended_at=at)
    paper = rows.get()
    serving.serve_notice(DocumentReady(paper.root_id, paper.id, paper.kind, paper.file_id), at=at)
    return paper


def at_window(w):
    return f.accepted_case(w, context={"delivery": "window"})


def asked(w):
    """A walk-in's correction, made and not served."""
    case = f.received_case(w, context={"delivery": "window"})
    f.services.ask_correction(
        case_id=case.pk, asked=[f.Asked("floor-plan", "看不清")], by=w.clerk, at=f.FRIDAY_NOON, key=uuid4()
    )
    return case, made(case, "correction_notice")


def test_what_lies_unserved_is_listed_with_its_day_told_on_the_first_page_and_gone_when_served(w, browse):
    client = browse("clerk")
    assert "没有等送达的文书" in client.get(LIST).text
    case, paper = asked(w)
    row = UnservedPaper.objects.get()

    page = client.get(LIST).text
    address = reverse("workbench:serve_notice", args=[case.number, paper.id])
    assert "申请材料补正告知书" in page and address in page
    assert row.limit_on is not None and f"{row.limit_on.month}月{row.limit_on.day}日" in re.sub(
        r"\s|<[^>]+>", "", page
    )
    assert "1份文书等送达" in waiting_service(w.clerk, f.FRIDAY_NOON).words
    late = waiting_service(w.clerk, f.FRIDAY_NOON + 30 * f.DAY)
    assert "1份已经过了告知的期限" in late.words and late.state == "correct"

    fields = {
        "key": str(uuid4()),
        "way": "post",
        "relation": "self",
        "address": "示例路1号",
        "proof": "EA123",
    }
    assert client.post(address, fields).status_code == 302
    assert address not in client.get(LIST).text and waiting_service(w.clerk, f.FRIDAY_NOON) is None


def test_the_longest_waiting_is_first_and_the_list_goes_on_and_can_be_narrowed(w, browse, monkeypatch):
    monkeypatch.setattr("mingqu.workbench.selectors.unserved.PAGE", 1)
    first, second = at_window(w), at_window(w)
    made(second, "acceptance_notice", at=f.FRIDAY_NOON + f.DAY)
    made(first, "acceptance_notice")
    asked(w)
    UnservedPaper.objects.filter(paper="correction_notice").update(since=f.FRIDAY_NOON + 2 * f.DAY)
    client = browse("clerk")

    address, seen = f"{LIST}?paper=acceptance_notice", []
    while address:
        page = client.get(address).text
        seen += [
            one.number for one in (first, second) if reverse("workbench:case", args=[one.number]) in page
        ]
        more = re.search(r'href="(\?after=[^"]+)"', page)
        address = LIST + more[1].replace("&amp;", "&") if more else ""
    assert seen == [first.number, second.number]
    assert client.get(f"{LIST}?after=nonsense").status_code == 200


def test_another_districts_papers_are_not_on_the_list_nor_to_be_served(w, client):
    _case, paper = asked(w)
    abroad = people.staff_actor(
        "window_clerk", department_id=people.department("别区政务中心", region="990105000000")
    )
    people.signed_in(client, User.objects.get(pk=abroad.user_id))

    assert "没有等送达的文书" in client.get(LIST).text and waiting_service(abroad, f.FRIDAY_NOON) is None
    number = UnservedPaper.objects.get(paper_id=paper.id).number
    assert client.get(reverse("workbench:serve_notice", args=[number, paper.id])).status_code == 404


def test_a_fee_notice_is_served_as_a_paper_of_its_case(w, browse):
    """What stops the clock can be proved to have reached the payer."""
    case = at_window(w)
    fee = _fee(case)
    rows = DocumentRequest.objects.filter(root_id=fee.pk)
    rows.update(state="ready", file_id=new_id(), ended_at=f.FRIDAY_NOON)
    paper = rows.get()
    serving.serve_notice(DocumentReady(fee.pk, paper.id, paper.kind, paper.file_id), at=f.FRIDAY_NOON)
    client = browse("clerk")

    assert "缴款通知" in client.get(LIST).text and fee.number in client.get(LIST).text
    address = reverse("workbench:serve_notice", args=[case.number, paper.id])
    fields = {
        "key": str(uuid4()),
        "way": "post",
        "relation": "self",
        "address": "示例路1号",
        "proof": "EA123",
    }
    assert client.post(address, fields).status_code == 302
    shown = client.get(reverse("workbench:case", args=[case.number])).text
    assert "缴款通知" in shown and "EA123" in shown and not UnservedPaper.objects.exists()


def test_a_fee_notice_of_who_agreed_to_it_is_served_in_her_space_once(w):
    case = f.accepted_case(w)
    fee = _fee(case)
    rows = DocumentRequest.objects.filter(root_id=fee.pk)
    rows.update(state="ready", file_id=new_id(), ended_at=f.FRIDAY_NOON)
    paper = rows.get()
    for _twice in range(2):
        serving.serve_notice(DocumentReady(fee.pk, paper.id, paper.kind, paper.file_id), at=f.FRIDAY_NOON)

    row = ServiceRecord.objects.get()
    assert (row.root_id, row.paper, row.way) == (case.pk, "fee_notice", "electronic")
    assert not UnservedPaper.objects.exists()


def _fee(case) -> FeeNotice:
    of = money.of(
        case.applicant_id, case_id=case.pk, case_number=case.number, department_id=case.department_id
    )
    notice_id = money.services.issue_notice(of=of, charge=money.charge(), at=f.FRIDAY_NOON)
    return FeeNotice.objects.get(pk=notice_id)


def test_made_and_read_and_served_are_told_apart(w, browse):
    case = f.accepted_case(w)
    made(case, "acceptance_notice")

    shown = re.sub(r"<[^>]+>", "", browse("clerk").get(reverse("workbench:case", args=[case.number])).text)
    day = f"{legal_day(f.FRIDAY_NOON).month}月{legal_day(f.FRIDAY_NOON).day}日"
    for words in ("发出", "申请人还没有打开", "到达“我的办件”", day):
        assert words in re.sub(r"\s", "", shown)
