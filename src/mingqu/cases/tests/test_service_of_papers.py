"""送达 within ten working days (行政许可法 44), with the proof each way asks for (民事诉讼法 87 to 91)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import Q

from mingqu.cases import receivers, selectors, services
from mingqu.cases.errors import (
    DeliveryNotConsented,
    NotDecided,
    ServedDayWrong,
    ServiceIncomplete,
)
from mingqu.cases.models import ServiceOfPaper
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.clocks import selectors as clocks
from mingqu.documents import selectors as documents
from mingqu.documents import services as document_services
from mingqu.documents.events import DocumentReady
from mingqu.documents.tests.samples import picture
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db

TODAY = legal_day(f.FRIDAY_NOON)
SYSTEM = Actor.system("delivery")


@pytest.fixture
def w():
    return f.world()


@pytest.fixture
def case(w):
    return f.decided_case(w, context={"delivery": "window"})


def deliver(case, served, by, *, at=f.FRIDAY_NOON, key=None):
    done = services.deliver_case(case_id=case.pk, served=served, by=by, at=at, key=key or uuid4())
    case.refresh_from_db()
    return done


def test_collected_by_the_applicant_herself(w, case):
    deliver(case, Served.at_window("李晓禾"), w.clerk)

    row = ServiceOfPaper.objects.get(case=case)
    assert (case.status, case.delivered_on, case.due_on) == ("delivered", TODAY, None)
    assert (row.way, row.receiver, row.receiver_relation, row.paper) == (
        "window",
        "李晓禾",
        "self",
        "decision_granted",
    )
    assert row.post_id == w.clerk.post_id and row.served_on == TODAY
    assert case.visits == 1


def test_delivery_stops_the_ten_days_of_article_44(w, case):
    before = clocks.states([case.pk], f.FRIDAY_NOON)[case.pk]
    assert any(d.stopped_on is None for d in before.deadlines)

    deliver(case, Served.at_window("李晓禾"), w.clerk)

    after = clocks.states([case.pk], f.FRIDAY_NOON)[case.pk]
    assert all(d.stopped_on is not None for d in after.deadlines)


def test_a_slip_to_sign_is_asked_for_with_who_took_what(w, case):
    deliver(
        case,
        Served("window", "王代理", "agent", document="护照 E12345678", proof="在纸质送达回证上签名"),
        w.clerk,
    )

    slip = [d for d in documents.documents_of(case.pk) if d.kind == "service_record"]
    assert len(slip) == 1 and slip[0].title == "送达回证"


def test_a_drawn_signature_is_kept_with_the_row(w, case):
    drawn = document_services.check_upload(picture("PNG"))

    deliver(case, Served("window", "李晓禾", "self", drawn=drawn), w.clerk)

    row = ServiceOfPaper.objects.get(case=case)
    assert row.signature_id in {file.id for file in documents.files_of(case.pk)}


@pytest.mark.parametrize(
    ("served", "lacking"),
    [
        (Served("window", "", "self", proof="签名"), "receiver"),
        (Served("window", "李晓禾", "", proof="签名"), "relation"),
        (Served("window", "李大", "family", proof="签名", document="x"), "relation"),
        (Served("window", "李晓禾", "self"), "signature"),
        (Served("window", "王代理", "agent", proof="签名"), "document"),
        (Served("handed", "李晓禾", "self", proof="签名"), "address"),
        (Served("post", address="示例路1号"), "proof"),
        (Served("post", proof="EA123"), "address"),
        (Served("left", address="示例路1号", proof="居委会某某见证"), "reason"),
        (Served("left", address="示例路1号", reason="拒收"), "proof"),
        (Served("pigeon", address="x"), "way"),
    ],
)
def test_what_a_way_asks_for_is_refused_without_it(w, case, served, lacking):
    with pytest.raises(ServiceIncomplete) as refused:
        deliver(case, served, w.clerk)

    case.refresh_from_db()
    assert refused.value.field == lacking
    assert case.status == "decided" and not ServiceOfPaper.objects.exists()


@pytest.mark.parametrize(
    "served",
    [
        Served("handed", "李父", "family", address="示例路1号", document="居民身份证 略", proof="签名"),
        Served("post", address="示例路1号", proof="EA123456789CN"),
        Served("left", address="示例路1号", reason="不愿签收", proof="社区工作人员王某见证"),
    ],
)
def test_other_ways_are_served_with_their_proof(w, case, served):
    deliver(case, served, w.clerk)

    assert case.status == "delivered" and case.visits == 0
    assert ServiceOfPaper.objects.get(case=case).way == served.way


def test_by_mail_the_day_of_the_return_slip_counts(w, case):
    """民事诉讼法 91."""
    later = f.FRIDAY_NOON + 5 * f.DAY
    slip = TODAY + timedelta(days=3)

    deliver(case, Served("post", address="示例路1号", proof="EA1", received_on=slip), w.clerk, at=later)

    assert case.delivered_on == slip


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_before_the_decision_or_to_come_is_refused(w, case, days):
    wrong = TODAY + timedelta(days=days)

    with pytest.raises(ServedDayWrong):
        deliver(case, Served("post", address="示例路1号", proof="EA1", received_on=wrong), w.clerk)


def test_electronically_only_with_her_consent(w, case):
    """民事诉讼法 90; she chose the window."""
    with pytest.raises(DeliveryNotConsented):
        deliver(case, Served.electronic(), SYSTEM)


def test_only_the_system_says_that_papers_stand_in_her_space(w):
    case = f.decided_case(w)

    with pytest.raises(DeliveryNotConsented):
        deliver(case, Served.electronic(), w.clerk)
    deliver(case, Served.electronic(), SYSTEM)

    assert case.status == "delivered" and ServiceOfPaper.objects.get(case=case).person_id is None
    assert not [d for d in documents.documents_of(case.pk) if d.kind == "service_record"]


def test_nothing_is_delivered_before_the_decision_nor_twice(w, case):
    with pytest.raises(NotDecided):
        deliver(f.accepted_case(w), Served.at_window("李晓禾"), w.clerk)
    deliver(case, Served.at_window("李晓禾"), w.clerk)
    with pytest.raises(NotDecided):
        deliver(case, Served.at_window("李晓禾"), w.clerk)


def test_the_same_key_delivers_once(w, case):
    key = uuid4()
    first = deliver(case, Served.at_window("李晓禾"), w.clerk, key=key)

    assert deliver(case, Served.at_window("李晓禾"), w.clerk, key=key) == first
    assert ServiceOfPaper.objects.filter(case=case).count() == 1


def test_reviewers_and_citizens_hand_nothing_out(w, case):
    for who in (w.reviewer, w.citizen):
        with pytest.raises(NotAuthorised):
            deliver(case, Served.at_window("李晓禾"), who)


def test_who_chose_the_window_is_not_served_when_the_paper_is_made(w):
    refused = f.decided_case(w, outcome="refused", context={"delivery": "window"})
    ready = DocumentReady(refused.pk, new_id(), "decision_refused", new_id())

    receivers.deliver_refusal(ready, at=f.FRIDAY_NOON)

    refused.refresh_from_db()
    assert refused.status == "decided"
    assert [c.pk for c in selectors.waiting_for_collection(w.clerk)] == [refused.pk]


def test_what_lies_long_at_the_counter_is_a_list_of_its_own(w, case):
    assert selectors.waiting_for_collection(w.clerk, narrowed=Q(decided_on__lt=TODAY)) == []
    assert [
        c.pk for c in selectors.waiting_for_collection(w.clerk, narrowed=Q(decided_on__lt=TODAY + f.DAY))
    ] == [case.pk]
    assert selectors.waiting_for_collection(w.reviewer) == []
