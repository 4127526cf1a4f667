"""公告送达: announced after all else failed, open with a masked name, served once thirty days have passed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases.announcing import errors, rules, selectors
from mingqu.cases.announcing import services as announcing
from mingqu.cases.errors import ReasonMissing
from mingqu.cases.models import Announcement, Case, ServiceOfPaper
from mingqu.cases.services.notices import serve_notice
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.clocks.selectors import current_calendar
from mingqu.documents.models import DocumentRequest
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.notifications.models import ServiceRecord

pytestmark = pytest.mark.django_db
AT = f.FRIDAY_NOON
DAY = legal_day(AT)  # 2026-09-18
NEW = announcing.NewAnnouncement(
    "请到3号窗口领取。", "政务服务中心公告栏", "9月1日邮寄退回，查无此人；9月10日上门无人。"
)


@pytest.fixture
def w():
    return f.world()


def made(case, kind):
    rows = DocumentRequest.objects.filter(root_id=case.pk, kind=kind)
    rows.update(state="ready", file_id=new_id(), ended_at=AT)
    return rows.get()


def noticed(w):
    case = f.accepted_case(w, context={"delivery": "window"})
    return case, made(case, "acceptance_notice")


def announce(w, case, paper, new=NEW, *, by=None, at=AT, key=None):
    given = {"case_id": case.pk, "paper_id": paper.id, "new": new}
    return announcing.announce(**given, by=by or w.clerk, at=at, key=key or uuid4())


def after(days: int):
    return AT + timedelta(days=days)


@given(st.dates(date(2026, 1, 1), date(2026, 11, 20)))
def test_it_counts_after_thirty_days_on_a_working_day(day):
    calendar = current_calendar()

    deemed = rules.deemed_served_on(day, calendar)

    assert deemed >= day + timedelta(days=30) and calendar.working_day(deemed)
    between = (day + timedelta(days=30 + more) for more in range((deemed - day).days - 30))
    assert not any(calendar.working_day(one) for one in between)
    assert rules.over(deemed + timedelta(days=1), deemed) is False and rules.over(deemed, deemed) is False


def test_a_notice_counts_as_served_on_its_day_once_the_day_is_over_and_once_only(w):
    case, paper = noticed(w)
    deemed = announce(w, case, paper)
    ((case_id, one),) = selectors.due(deemed + timedelta(days=1), 9)
    late = after((deemed - DAY).days + 1)

    assert deemed == date(2026, 10, 19)  # the thirtieth day is a Sunday
    assert not announcing.serve_announced(root_id=case_id, announcement_id=one, at=after((deemed - DAY).days))
    assert announcing.serve_announced(root_id=case_id, announcement_id=one, at=late)
    assert not announcing.serve_announced(root_id=case_id, announcement_id=one, at=late)

    row = ServiceRecord.objects.get()
    assert (row.way, row.served_on, row.person_id) == ("announced", deemed, None) and "公告栏" in row.proof
    assert Announcement.objects.get().state == "served" and selectors.due(deemed + timedelta(days=9), 9) == []


def test_a_decision_is_delivered_by_its_announcement(w):
    case = f.decided_case(w, context={"delivery": "window"})
    paper = made(case, "decision_granted")
    deemed = announce(w, case, paper)
    ((case_id, one),) = selectors.due(deemed + timedelta(days=1), 9)

    announcing.serve_announced(root_id=case_id, announcement_id=one, at=after((deemed - DAY).days + 1))

    case.refresh_from_db()
    assert (case.status, case.delivered_on) == (Case.Status.DELIVERED, deemed)
    assert ServiceOfPaper.objects.get(case=case).way == "announced"


def test_what_reached_her_sooner_ends_the_announcement(w):
    case, paper = noticed(w)
    announce(w, case, paper)
    served = Served("handed", "禾小满", "self", address="示例路1号", proof="在纸上签名")

    serve_notice(case_id=case.pk, paper_id=paper.id, served=served, by=w.clerk, at=after(3), key=uuid4())

    assert (
        Announcement.objects.get().state == "overtaken" and selectors.due(DAY + timedelta(days=90), 9) == []
    )
    with pytest.raises(errors.NothingToAnnounce):
        announce(w, case, paper, at=after(4))


def test_what_is_refused_leaves_nothing_announced(w):
    case, paper = noticed(w)
    for lacking in ("tried", "place"):
        with pytest.raises(errors.AnnouncementIncomplete):
            announce(w, case, paper, announcing.NewAnnouncement(**{**vars(NEW), lacking: " "}))
    personal = {"text": "请李女士13800138000来领取。", "place": "990104199003071234的户籍地"}
    for field, said in personal.items():
        with pytest.raises(errors.AnnouncementPersonal) as refused:
            announce(w, case, paper, announcing.NewAnnouncement(**{**vars(NEW), field: said}))
        assert refused.value.field == field
        assert "138****8000" in refused.value.message or "9901**********1234" in refused.value.message
    with pytest.raises(NotAuthorised):
        announce(w, case, paper, by=w.citizen)
    with pytest.raises(errors.AnnouncedOnly):
        serve_notice(
            case_id=case.pk, paper_id=paper.id, served=Served("announced"), by=w.clerk, at=AT, key=uuid4()
        )
    assert not Announcement.objects.exists()

    key = uuid4()
    assert announce(w, case, paper, key=key) == announce(w, case, paper, key=key)
    with pytest.raises(errors.AnnouncedAlready):
        announce(w, case, paper)
    ended = {"case_id": case.pk, "announcement_id": Announcement.objects.get().id, "by": w.clerk, "at": AT}
    with pytest.raises(ReasonMissing):
        announcing.withdraw_announcement(**ended, reason=" ", key=uuid4())
    announcing.withdraw_announcement(**ended, reason="人找到了。", key=uuid4())
    with pytest.raises(errors.AnnouncementUnknown):
        announcing.withdraw_announcement(**ended, reason="再撤一次", key=uuid4())


def test_another_paper_of_the_same_kind_ends_no_announcement_but_its_own(w):
    case, paper = noticed(w)
    DocumentRequest.objects.filter(root_id=case.pk).update(kind="special_procedure_notice")
    announce(w, case, paper)
    second = DocumentRequest.objects.get(root_id=case.pk, id=paper.id)
    second.id, second.number = new_id(), ""
    second.save(force_insert=True)
    served = Served("handed", "禾小满", "self", address="示例路1号", proof="在纸上签名")

    serve_notice(case_id=case.pk, paper_id=second.id, served=served, by=w.clerk, at=after(3), key=uuid4())

    assert Announcement.objects.get().state == "posted"


def test_what_was_withdrawn_while_its_time_was_looked_at_serves_nothing(w, monkeypatch):
    case, paper = noticed(w)
    deemed = announce(w, case, paper)
    row, late = Announcement.objects.get(), after((deemed - DAY).days + 1)

    def withdrawn_meanwhile(day, today):
        announcing.withdraw_announcement(
            case_id=case.pk, announcement_id=row.id, reason="人找到了。", by=w.clerk, at=late, key=uuid4()
        )
        return True

    monkeypatch.setattr(announcing.rules, "over", withdrawn_meanwhile)

    assert not announcing.serve_announced(root_id=case.pk, announcement_id=row.id, at=late)
    assert not ServiceRecord.objects.exists() and Announcement.objects.get().state == "withdrawn"
