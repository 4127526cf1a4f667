"""送达 of notices: electronically with consent only, once, on the day that counts (民事诉讼法 87 to 91)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases import receivers, services, serving
from mingqu.cases.errors import (
    DeliveryNotConsented,
    DeliveryNotReachable,
    NoticeUnknown,
    ServedDayWrong,
    ServiceIncomplete,
)
from mingqu.cases.services.notices import SERVING, serve_notice
from mingqu.cases.services.served import lines
from mingqu.cases.services.service_check import check_services
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked, Served
from mingqu.documents import selectors as documents
from mingqu.documents.events import DocumentReady
from mingqu.documents.models import DocumentRequest
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.notifications.errors import ServedAlready
from mingqu.notifications.models import ServiceRecord, UnservedPaper

pytestmark = pytest.mark.django_db
TODAY = legal_day(f.FRIDAY_NOON)


@pytest.fixture
def w():
    return f.world()


def notice(case, kind="acceptance_notice") -> DocumentRequest:
    """As it stands once it is made and sealed."""
    rows = DocumentRequest.objects.filter(root_id=case.pk, kind=kind)
    rows.update(state="ready", file_id=new_id(), ended_at=f.FRIDAY_NOON)
    return rows.get()


def ready(paper, at=f.FRIDAY_NOON):
    event = DocumentReady(paper.root_id, paper.id, paper.kind, paper.file_id)
    serving.serve_notice(event, at=at)


def serve(paper, served, by, at=f.FRIDAY_NOON):
    return serve_notice(case_id=paper.root_id, paper_id=paper.id, served=served, by=by, at=at, key=uuid4())


def at_window(w):
    return f.accepted_case(w, context={"delivery": "window"})


def test_a_notice_of_who_agreed_to_it_is_served_when_it_stands_in_her_space(w):
    case = f.accepted_case(w)
    paper = notice(case)
    ready(paper)
    ready(paper)

    row = ServiceRecord.objects.get()
    assert (row.way, row.served_on, row.paper) == ("electronic", TODAY, "acceptance_notice")
    (line,) = lines(case)
    assert line.electronic and line.way == "电子送达" and line.read_at is None and not line.to_serve


def test_without_consent_nothing_is_served_by_itself_and_nobody_says_it_was(w):
    case = at_window(w)
    paper = notice(case)
    ready(paper)

    assert not ServiceRecord.objects.exists()
    assert [line.to_serve for line in lines(case)] == [True]
    with pytest.raises(DeliveryNotConsented):
        serve(paper, Served.electronic(), w.clerk)


def test_what_she_can_not_open_is_not_recorded_as_served_but_waits_for_a_clerk(w):
    """She agreed, and her account was locked afterwards: receipt can not be confirmed (民事诉讼法 90)."""
    case = f.accepted_case(w)
    paper = notice(case)
    User.objects.filter(person_id=case.applicant_id).update(is_active=False)

    ready(paper)

    assert not ServiceRecord.objects.exists() and [line.to_serve for line in lines(case)] == [True]
    with pytest.raises(DeliveryNotReachable):
        serve(paper, Served.electronic(), SERVING)
    serve(paper, Served("post", address="示例路1号", proof="EA123"), w.clerk)


def test_a_decision_she_can_not_open_stands_on_the_same_list_until_it_is_handed_over(w):
    case = f.decided_case(w, outcome="refused")
    paper = notice(case, "decision_refused")
    User.objects.filter(person_id=case.applicant_id).update(is_active=False)

    for _twice in range(2):
        receivers.deliver_refusal(
            DocumentReady(case.pk, paper.id, paper.kind, paper.file_id), at=f.FRIDAY_NOON
        )

    case.refresh_from_db()
    row = UnservedPaper.objects.get()
    assert (row.paper_id, row.limit_on, case.status) == (paper.id, case.due_on, "decided")
    with pytest.raises(NoticeUnknown):
        serve(paper, Served.at_window("李晓禾"), w.clerk)
    given = Served.at_window("李晓禾")
    services.deliver_case(case_id=case.pk, served=given, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())
    assert not UnservedPaper.objects.exists()


def test_a_clerk_notes_how_it_reached_the_applicant_once(w):
    paper = notice(at_window(w))
    serve(paper, Served("post", address="示例路1号", proof="EA123"), w.clerk)

    with pytest.raises(ServedAlready):
        serve(paper, Served.at_window("李晓禾"), w.clerk)
    assert ServiceRecord.objects.get().post_id == w.clerk.post_id


@pytest.mark.parametrize(
    ("served", "refusal"),
    [
        (Served("post", address="示例路1号"), ServiceIncomplete),
        (Served("left", address="示例路1号", reason="拒收"), ServiceIncomplete),
        (Served("post", address="x", proof="EA1", received_on=TODAY + f.DAY), ServedDayWrong),
        (Served("post", address="x", proof="EA1", received_on=TODAY - timedelta(days=40)), ServedDayWrong),
    ],
)
def test_without_its_proof_or_on_a_day_that_can_not_be_nothing_is_noted(w, served, refusal):
    paper = notice(at_window(w))
    with pytest.raises(refusal):
        serve(paper, served, w.clerk)

    assert not ServiceRecord.objects.exists()


def test_what_is_no_notice_or_not_made_yet_is_not_served_here(w):
    case = at_window(w)
    receipt = next(one for one in documents.documents_of(case.pk) if one.kind == "receipt")
    unmade = DocumentRequest.objects.get(root_id=case.pk, kind="acceptance_notice")
    for paper in (receipt, unmade):
        with pytest.raises(NoticeUnknown):
            serve(paper, Served.at_window("李晓禾"), w.clerk)


def test_the_applicant_serves_nothing_herself(w):
    paper = notice(at_window(w))
    with pytest.raises(NotAuthorised):
        serve(paper, Served.at_window("李晓禾"), w.citizen)


def test_receiver_and_proof_are_not_readable_in_the_table(w):
    from django.db import connection

    paper = notice(at_window(w))
    serve(paper, Served("handed", "李晓禾", "self", address="示例路1号", proof="EA123"), w.clerk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM notifications_servicerecord s")
        (row,) = cursor.fetchone()
    assert "李晓禾" not in row and "示例路" not in row


def test_the_desk_shows_what_was_served_and_takes_the_rest(w, client):
    case = at_window(w)
    paper = notice(case)
    people.signed_in(client, User.objects.get(pk=w.clerk.user_id))
    shown = client.get(reverse("workbench:case", args=[case.number])).text
    address = reverse("workbench:serve_notice", args=[case.number, paper.id])
    assert "没有登记送达" in shown and address in shown
    fields = {"key": str(uuid4()), "way": "post", "relation": "self", "address": "示例路1号", "proof": ""}
    assert client.post(address, fields).status_code == 400
    assert client.post(address, fields | {"proof": "EA123"}).status_code == 302

    shown = client.get(reverse("workbench:case", args=[case.number])).text
    assert "邮寄送达" in shown and "EA123" in shown and address not in shown
    assert client.get(address, follow=True).status_code == 200
    assert client.get(reverse("workbench:serve_notice", args=[case.number, uuid4()])).status_code == 404


def test_the_applicant_sees_when_it_counted_as_served(w, client):
    case = f.accepted_case(w)
    ready(notice(case))
    people.signed_in(client, User.objects.get(person_id=w.citizen.id))

    assert "这一天就算送达" in client.get(reverse("cases:progress", args=[case.number])).text


def test_service_records_and_last_days_are_computed_again_and_a_wrong_day_is_found(w):
    """Records that were changed underneath: tests/kill/test_checks.py, as somebody who may."""
    paper = notice(at_window(w))
    ready(paper)
    other = f.received_case(w, context={"delivery": "window"})
    asked = [Asked("floor-plan", "看不清尺寸")]
    services.ask_correction(case_id=other.pk, asked=asked, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())
    ready(notice(other, "correction_notice"))
    assert list(check_services()) == [], "one waits, one waits with a last day"
    serve(paper, Served("post", address="示例路1号", proof="EA123"), w.clerk)
    assert list(check_services()) == []

    UnservedPaper.objects.filter(root_id=other.pk).update(limit_on=TODAY)
    assert ["the calendar gives" in said for said in check_services()] == [True]
