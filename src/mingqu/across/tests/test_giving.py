"""Who gives out the result of what a hall elsewhere received: one side at any time, and the applicant is told which."""

from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.across import selectors, services
from mingqu.across.errors import AgreementReason, GivenByHome, GivenElsewhere, GivingNotNow, ReceptionUnknown
from mingqu.across.models import Reception
from mingqu.across.tests import factories as made
from mingqu.cases import services as case_services
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.hall import selectors as halls
from mingqu.hall import services as hall
from mingqu.hall.models import Hall
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.notifications.models import InboxMessage

NOON, TODAY = made.NOON, made.NOON.date()
SERVED = Served("window", "田桂香", "self", proof="在纸质送达回证上签名")


@pytest.fixture
def s(db):
    found = made.sides()
    made.in_force(found)
    return found


@pytest.fixture
def decided(s):
    row, case = made.received(s)
    made.decided(s.w, case)
    return row, case


def move(s, case, *, home=True, reason="那边停电关门", by=None, key=None):
    services.move_giving(
        case_id=case.pk, home=home, reason=reason, by=by or s.w.clerk, at=NOON, key=key or uuid4()
    )


def arrive(s, row, by):
    here = row.hall_id if by is not s.w.clerk else Hall.objects.get(code="QH-H").pk
    hall.result_arrived(case_id=row.draft_id, hall_id=here, place="", by=by, at=NOON, key=uuid4())


def deliver(case, by):
    case_services.deliver_case(case_id=case.pk, served=SERVED, by=by, at=NOON, key=uuid4())


def test_the_home_counter_neither_registers_nor_gives_out_what_the_other_hall_gives(s, decided):
    row, case = decided

    for deed in (lambda: arrive(s, row, s.w.clerk), lambda: deliver(case, s.w.clerk)):
        with pytest.raises(GivenElsewhere, match="临泊区政务服务大厅"):
            deed()

    assert Case.objects.get(pk=case.pk).status == "decided"
    assert halls.results_of([case.pk], TODAY) == {}
    assert selectors.given_elsewhere([case.pk]) == {case.pk: "临泊区政务服务大厅"}


def test_taken_over_it_is_given_out_at_home_alone_and_its_applicant_is_told_where(s, decided):
    row, case = decided
    there = services.as_giver(row, s.away_clerk)
    arrive(s, row, there)

    move(s, case)

    assert halls.results_of([case.pk], TODAY) == {}, "it lies there no more"
    for deed in (lambda: arrive(s, row, there), lambda: deliver(case, there)):
        with pytest.raises(GivenByHome, match="清禾区政务服务大厅"):
            deed()
    while relay.round_once(NOON):
        pass
    (told,) = InboxMessage.objects.filter(person_id=row.person_id, kind="giving_moved")
    assert "改在清禾区政务服务大厅领" in told.title
    arrive(s, row, s.w.clerk)
    deliver(case, s.w.clerk)
    assert Case.objects.get(pk=case.pk).status == "delivered"
    with pytest.raises(GivingNotNow):
        move(s, case, home=False)


def test_given_back_the_other_hall_gives_it_out(s, decided):
    row, case = decided
    move(s, case)
    arrive(s, row, s.w.clerk)

    move(s, case, home=False, reason="申请人还是到那边领")

    assert halls.results_of([case.pk], TODAY) == {}
    arrive(s, row, services.as_giver(row, s.away_clerk))
    with pytest.raises(GivenElsewhere):
        deliver(case, s.w.clerk)


def test_a_second_press_moves_nothing_more_and_a_reason_is_asked_for(s, decided):
    _row, case = decided
    key = uuid4()

    with pytest.raises(AgreementReason):
        move(s, case, reason=" ")
    move(s, case, key=key)
    move(s, case, key=key)

    with pytest.raises(GivingNotNow):
        move(s, case)


def test_only_the_home_side_moves_it_and_only_of_what_was_received_elsewhere(s, decided):
    _row, case = decided
    own = f.received_case(s.w)

    with pytest.raises(NotAuthorised):
        move(s, case, by=s.away_clerk)
    with pytest.raises(ReceptionUnknown):
        move(s, own)
    assert not Reception.objects.filter(home_gives=True).exists()


def test_case_page_counter_and_the_page_of_the_other_hall_say_who_gives_it_out(s, decided, client):
    row, case = decided
    people.signed_in(client, User.objects.get(pk=s.w.clerk.user_id))
    shown = client.get(reverse("workbench:case", args=[case.number])).content.decode()
    counter = client.get(reverse("workbench:counter")).content.decode()
    form = client.get(reverse("workbench:deliver", args=[case.number])).content.decode()
    url = reverse("workbench:giving", args=[case.number])

    assert "结果由临泊区政务服务大厅发给申请人" in shown and url in shown
    assert "通办：由临泊区政务服务大厅发" in counter
    assert "这里不能再发" in form and "登记送达</button>" not in form
    given = {"key": str(uuid4()), "home": "yes", "reason": "那边停电关门"}
    assert client.post(url, given | {"reason": ""}).status_code == 400
    assert client.post(url, given)["Location"] == reverse("workbench:case", args=[case.number])
    people.signed_in(client, User.objects.get(pk=s.away_clerk.user_id))
    page = client.get(reverse("workbench:across_one", args=[row.pk])).content.decode()
    assert "结果改由清禾区政务服务大厅发给申请人" in page and "登记到件" not in page
