"""文书送达: what is made and not served is a list, the longest waiting first, narrowed to what one serves for."""

import io
import re
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from mingqu.cases import serving
from mingqu.cases.errors import PapersUnserved
from mingqu.cases.models import Announcement
from mingqu.cases.tests import factories as f
from mingqu.documents.events import DocumentReady
from mingqu.documents.models import DocumentRequest
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.notifications.errors import PaperNotOpen
from mingqu.notifications.models import ClosedPaper, ServiceRecord, UnservedPaper
from mingqu.payments.models import FeeNotice
from mingqu.payments.tests import factories as money
from mingqu.workbench.selectors.unserved import waiting_service
from mingqu.workbench.tests.pages import key_in, text_of

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


def test_the_list_is_narrowed_to_an_item_and_taken_along_as_a_file(w, browse):
    case, _paper = asked(w)
    client = browse("clerk")
    subject = UnservedPaper.objects.get().subject

    assert case.number in text_of(client.get(LIST, {"item": subject}))
    assert "没有等送达的这种文书" in client.get(LIST, {"item": "别的事项"}).text
    answer = client.post(f"{LIST}export/", {"item": subject})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.values)
    assert rows[1][2:4] == (subject, case.number)
    entry = AuditEntry.objects.get(action="case.export")
    assert entry.notes == {"tab": "文书送达", "rows": 1}


def test_a_case_is_archived_once_each_notice_has_its_record_or_its_reason(w, browse):
    case = at_window(w)
    f.services.withdraw_case(case_id=case.pk, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())
    paper = made(case, "acceptance_notice")
    archive = {"case_id": case.pk, "by": w.reviewer, "at": f.FRIDAY_NOON}
    with pytest.raises(PapersUnserved) as refused:
        f.services.archive_case(**archive, key=uuid4())
    assert "受理通知书" in refused.value.message
    case.refresh_from_db()
    assert case.status == "withdrawn"

    client = browse("clerk")
    page = reverse("workbench:serve_notice", args=[case.number, paper.id])
    close = reverse("workbench:close_notice", args=[case.number, paper.id])
    assert close in client.get(page).text
    given = {"key": str(uuid4()), "ground": "unrecorded", "reason": "窗口当面交给本人，没有让他签回证。"}
    assert "请写明原因和经过" in client.post(close, given | {"reason": " "}).text
    assert client.post(close, given).status_code == 302 and client.post(close, given).status_code == 302
    again = client.post(close, given | {"key": str(uuid4())})
    assert (
        again.status_code == 409 and PaperNotOpen.sentence in again.text and ClosedPaper.objects.count() == 1
    )

    assert "没有送达回证，已写明原因" in client.get(reverse("workbench:case", args=[case.number])).text
    serving.serve_notice(DocumentReady(paper.root_id, paper.id, paper.kind, paper.file_id), at=f.FRIDAY_NOON)
    assert not UnservedPaper.objects.exists()  # told twice, it does not come back
    f.services.archive_case(**archive, key=uuid4())


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


def test_from_the_desk_to_everybody_and_withdrawn_again(w, browse, client, django_assert_max_num_queries):
    case = at_window(w)
    paper = made(case, "acceptance_notice")
    clerk = browse("clerk")
    address = reverse("workbench:announce", args=[case.number, paper.id])
    assert address in clerk.get(reverse("workbench:serve_notice", args=[case.number, paper.id])).text
    page = clerk.get(address)
    empty = clerk.post(address, {"key": key_in(page), "tried": "", "place": "公告栏", "text": ""})
    assert empty.status_code == 400 and "请填写：为什么公告" in text_of(empty)

    fields = {"tried": "9月1日邮寄退回。", "place": "公告栏", "text": "请到3号窗口领取。"}
    done = clerk.post(address, {"key": key_in(page), **fields}, follow=True)

    assert "公告中" in text_of(client_list := clerk.get(LIST)) and "视为送达" in text_of(client_list)
    assert "公告中" in text_of(done) and "邮寄退回" in text_of(done)
    client.get("/announced/")
    with django_assert_max_num_queries(4):
        shown = client.get("/announced/").text
    assert "受理通知书" in shown and "请到3号窗口领取" in shown and "起公告" in shown
    for hidden in (case.applicant_name, case.number, "邮寄退回"):
        assert hidden not in shown
    one = Announcement.objects.get()
    withdraw = reverse("workbench:withdraw_announcement", args=[case.number, paper.id])
    given = {"key": key_in(clerk.get(address)), "announcement_id": str(one.id), "reason": "写错了。"}
    assert "已撤回" in text_of(clerk.post(withdraw, given, follow=True))
    assert "现在没有公告送达的文书" in client.get("/announced/").text
