"""寄递 as the applicant asks for it: chosen when filing, changed until a parcel is made, listed for who sends it."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases import selectors as case_questions
from mingqu.cases import services as case_services
from mingqu.cases.errors import AddressIncomplete, DeliveryFixed, DeliveryNotChosen
from mingqu.cases.models import Case, DeliveryAddress
from mingqu.cases.own_data import copy as copy_of_cases
from mingqu.cases.tests import applying as a
from mingqu.cases.tests import factories as cases
from mingqu.cases.types import BY_POST, Addressee
from mingqu.forms.models import Draft
from mingqu.hall import errors, selectors, services
from mingqu.hall.further import parcels_waiting
from mingqu.hall.models import Consignment
from mingqu.hall.selectors.consignments import _stuck_before
from mingqu.hall.tests import factories as f
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.identifiers import IdentifierRefused
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.relay import deliver_root
from mingqu.notifications.models import InboxMessage
from mingqu.workbench.selectors import counter

pytestmark = pytest.mark.django_db
NOON = cases.FRIDAY_NOON
HOUR = timedelta(hours=1)
TO = Addressee("李晓禾", "19900001234", "清禾区青澜街道试验路2号3单元401")
OTHER = Addressee("李晓禾的姐姐", "19900005678", "清禾区云澜街道试验路9号")


@pytest.fixture
def w():
    return cases.world()


@pytest.fixture
def browser(w, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone.now", lambda: NOON + HOUR)
    return people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))


@pytest.fixture
def clerk(w, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone.now", lambda: NOON + HOUR)
    return people.signed_in(Client(), User.objects.get(pk=w.clerk.user_id))


def choose(w, case, way=BY_POST, to=TO, by=None):
    return case_services.choose_delivery(
        case_id=case.pk, way=way, to=to, by=by or w.citizen, at=NOON, key=uuid4()
    )


def readdress(w, case, to, by=None, key=None):
    services.readdress(case_id=case.pk, to=to, by=by or w.citizen, at=NOON, key=key or uuid4())


def arrived(w):
    """Decided, to be sent to TO; its result lies at the counter."""
    made = f.hall(at=NOON)
    case = cases.decided_case(w, context={"delivery": "window"})
    readdress(w, case, TO)
    services.result_arrived(
        case_id=case.pk, hall_id=made.hall_id, place="3号柜", by=w.clerk, at=NOON, key=uuid4()
    )
    return case


def send(w, case, to):
    return services.send_result(case_id=case.pk, to=to, by=w.clerk, at=NOON, key=uuid4())


def said(case) -> Addressee:
    found = case_questions.delivery_address(Case.objects.get(pk=case.pk))
    assert found is not None
    return found


# When filing


def test_the_address_is_asked_with_the_way_that_needs_it_and_goes_with_the_case(w, browser):
    started = cases.draft(w, context={"delivery": ""})
    url = reverse("cases:check", args=[started.draft_id])
    assert "寄给我" in a.body(browser.get(url))

    refused = a.hand_in(browser, started.draft_id, **{"delivery": BY_POST, **replace(TO, phone="12").words})
    assert refused.status_code == 400 and TO.address in a.body(refused)
    missing = a.hand_in(browser, started.draft_id, **{"delivery": BY_POST, **replace(TO, address=" ").words})
    assert missing.status_code == 400 and "请填写收件地址" in a.body(missing)
    assert not Case.objects.exists()

    assert a.hand_in(browser, started.draft_id, **{"delivery": BY_POST, **TO.words}).status_code == 302

    case = Case.objects.get()
    assert (case.delivery_way, case.by_post, case.delivery_consent_at) == ("window", True, None)
    assert replace(said(case), said=None) == TO
    assert Draft.objects.get(pk=started.draft_id).aside is None, "what is filed leaves nothing in the draft"
    notes = str(list(AuditEntry.objects.filter(root_id=case.pk).values_list("notes", flat=True)))
    assert TO.address not in notes and TO.receiver not in notes
    assert [part for part in copy_of_cases(w.citizen.id) if TO.address in str(part.rows)]


def test_who_comes_by_themselves_needs_no_address(w, browser):
    started = cases.draft(w, context={"delivery": ""})

    assert a.hand_in(browser, started.draft_id, delivery="window", address="只填了一半").status_code == 302

    assert not Case.objects.get().by_post
    assert not DeliveryAddress.objects.exists()


def test_without_a_courier_nobody_is_offered_one(w, browser, settings):
    settings.MINGQU_COURIER = ""
    started = cases.draft(w, context={"delivery": ""})

    assert "寄给我" not in a.body(browser.get(reverse("cases:check", args=[started.draft_id])))
    answer = a.hand_in(browser, started.draft_id, **{"delivery": BY_POST, **TO.words})

    assert answer.status_code == 400
    assert not Case.objects.exists()


# Before the decision


def test_before_the_decision_the_way_and_the_address_change_together(w):
    case = cases.received_case(w)

    choose(w, case)
    first = said(case)
    choose(w, case, to=OTHER)
    assert replace(said(case), said=None) == OTHER
    assert said(case).said != first.said, "another saying of hers"
    choose(w, case, way="electronic", to=None)

    case.refresh_from_db()
    assert (case.delivery_way, case.by_post) == ("electronic", False)
    assert not DeliveryAddress.objects.exists(), "an address nobody needs is not kept"


@pytest.mark.parametrize(
    ("to", "refusal"),
    [
        (None, AddressIncomplete),
        (replace(TO, receiver=" "), AddressIncomplete),
        (replace(TO, phone="12"), IdentifierRefused),
    ],
)
def test_an_address_that_can_not_be_changes_nothing(w, to, refusal):
    case = cases.received_case(w)

    with pytest.raises(refusal):
        choose(w, case, to=to)

    case.refresh_from_db()
    assert (case.delivery_way, case.by_post) == ("electronic", False)
    with pytest.raises(DeliveryNotChosen):
        choose(w, case, way="pigeon")


# After it, until the parcel is made


def test_after_the_decision_she_says_where_it_goes_until_a_parcel_is_made(w):
    case = arrived(w)
    key = uuid4()

    readdress(w, case, OTHER, key=key)
    readdress(w, case, OTHER, key=key)
    assert replace(said(case), said=None) == OTHER
    with pytest.raises(DeliveryFixed):
        choose(w, case)
    with pytest.raises(NotAuthorised):
        readdress(w, case, TO, by=people.citizen()[1])
    with pytest.raises(AddressIncomplete):
        readdress(w, case, replace(TO, address=""))

    send(w, case, said(case))
    with pytest.raises(errors.ParcelUnderWay):
        readdress(w, case, None)
    assert replace(said(case), said=None) == OTHER
    assert Consignment.objects.get().address == OTHER.address


def test_a_case_that_is_not_decided_or_comes_electronically_is_not_readdressed(w):
    for case in (cases.received_case(w), cases.decided_case(w)):
        with pytest.raises(errors.AddressFixed):
            readdress(w, case, TO)
    assert not DeliveryAddress.objects.exists()


def test_a_parcel_is_never_made_of_an_address_she_changed_a_moment_before(w):
    case = arrived(w)
    read = said(case)

    readdress(w, case, OTHER)
    with pytest.raises(errors.AddressChanged):
        send(w, case, read)
    readdress(w, case, None)
    with pytest.raises(errors.AddressChanged):
        send(w, case, read)
    assert not Consignment.objects.exists()

    send(w, case, TO)  # who comes by herself may still ask for it at the counter


# The desk


def test_what_is_to_be_sent_is_a_list_of_its_own_and_no_one_is_told_to_come(w, django_assert_max_num_queries):
    case = arrived(w)
    deliver_root(case.pk, NOON)
    today, later = legal_day(NOON), legal_day(NOON + timedelta(days=30))
    kinds = set(InboxMessage.objects.filter(person_id=w.citizen.id).values_list("kind", flat=True))
    assert "hall_result_to_send" in kinds and "hall_result_ready" not in kinds

    with django_assert_max_num_queries(5):
        lines, more = selectors.to_send(w.clerk)
    assert [(one.case_number, one.place, one.returned) for one in lines] == [(case.number, "3号柜", False)]
    assert more is None and TO.receiver not in str(lines)
    assert selectors.to_send(w.reviewer) == ([], None)
    assert selectors.results_lying(w.clerk, today) == []
    assert selectors.late_results(w.clerk, later, 9) == 0
    assert list(selectors.results_to_remind(later, 9)) == []
    assert selectors.to_collect(w.citizen) == []
    assert [(one.to_send, one.parcel) for one in counter.counter(w.clerk, NOON).rows] == [(True, "")]
    waits = parcels_waiting(w.clerk, NOON)
    assert waits is not None and "1件结果等着寄" in waits.words
    assert parcels_waiting(w.citizen, NOON) is None

    send(w, case, said(case))

    assert selectors.to_send(w.clerk) == ([], None)
    assert [one.parcel for one in counter.counter(w.clerk, NOON).rows] == ["等待下单"]
    assert parcels_waiting(w.clerk, NOON) is None
    stuck = parcels_waiting(w.clerk, NOON + timedelta(days=30))
    assert stuck is not None and "1件寄递很久没有动静" in stuck.words

    readdress_again = selectors.may_readdress(case.pk)
    assert not readdress_again


def test_somebody_who_comes_is_still_waited_for_at_the_counter(w):
    case = arrived(w)
    readdress(w, case, None)

    assert [one.case_number for one in selectors.results_lying(w.clerk, legal_day(NOON))] == [case.number]
    assert [one.number for one in selectors.to_collect(w.citizen)] == [case.number]
    assert selectors.to_send(w.clerk) == ([], None)


def test_days_on_which_nobody_works_make_no_parcel_late(w):
    """NOON is a Friday: it, Thursday and Wednesday count; the Sunday after is worked, so it, Friday and Thursday."""
    friday = datetime.combine(legal_day(NOON), datetime.min.time(), BEIJING)

    assert _stuck_before(NOON) == friday - timedelta(days=2)
    assert _stuck_before(NOON + timedelta(days=1)) == friday - timedelta(days=2)
    assert _stuck_before(NOON + timedelta(days=2)) == friday - timedelta(days=1)


def test_the_clerk_sends_to_the_address_she_gave_and_is_told_when_it_changed(w, clerk):
    case = arrived(w)
    assert case.number in a.body(clerk.get(reverse("hall:parcels")))
    page = reverse("hall:parcel", args=[case.number])
    shown = a.body(clerk.get(page))
    assert TO.address in shown and str(said(case).said) in shown
    given = {"key": str(uuid4()), "said": str(said(case).said), **TO.words}

    readdress(w, case, OTHER)
    told = a.body(clerk.post(page, given, follow=True))
    assert "申请人刚改了怎样领取结果" in told and OTHER.address in told
    assert not Consignment.objects.exists()

    assert clerk.post(page, given | {"said": str(said(case).said), **OTHER.words}).status_code == 302
    assert Consignment.objects.get().address == OTHER.address
    assert clerk.post(reverse("hall:export_parcels"), {"show": selectors.TO_SEND}).status_code == 200


def test_she_changes_the_address_on_the_page_of_her_case(w, browser):
    case = arrived(w)
    url = reverse("hall:readdress", args=[case.number])
    assert url in a.body(browser.get(reverse("cases:progress", args=[case.number])))
    assert TO.address in a.body(browser.get(url))

    wrong = browser.post(url, {"key": uuid4(), "delivery": BY_POST, **replace(OTHER, phone="12").words})
    assert wrong.status_code == 400 and replace(said(case), said=None) == TO
    assert browser.post(url, {"key": uuid4(), "delivery": BY_POST, **OTHER.words}).status_code == 302
    assert replace(said(case), said=None) == OTHER
    assert browser.post(url, {"key": uuid4(), "delivery": "electronic"}).status_code == 400
    assert browser.post(url, {"key": uuid4(), "delivery": "window"}).status_code == 302
    assert not Case.objects.get(pk=case.pk).by_post

    send(w, case, TO)
    assert browser.get(url).status_code == 302
    stranger = people.signed_in(Client(), people.citizen("别人")[0])
    assert stranger.get(url).status_code == 404


@pytest.mark.parametrize(
    ("page", "made"), [("cases:delivery", cases.received_case), ("hall:readdress", arrived)]
)
def test_another_address_from_the_same_page_is_no_second_press(w, browser, page, made):
    case, key = made(w), str(uuid4())
    url = reverse(page, args=[case.number])

    for to in (TO, OTHER):
        assert browser.post(url, {"key": key, "delivery": BY_POST, **to.words}).status_code == 302

    assert replace(said(case), said=None) == OTHER
