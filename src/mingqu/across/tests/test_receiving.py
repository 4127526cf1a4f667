"""异地代收代办: received where an agreement names it, decided at home, given out where it was received."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from mingqu.across import selectors, services
from mingqu.across.errors import AnotherStands, NotOffered, ReceptionNotNow, ReceptionUnknown
from mingqu.across.models import Reception
from mingqu.across.services.receiving import FIX, GIVE
from mingqu.across.tests import factories as made
from mingqu.cases import selectors as cases
from mingqu.cases import services as case_services
from mingqu.cases.errors import CaseUnknown, FormIncomplete
from mingqu.cases.models import Case
from mingqu.cases.services.files import Upload, add_correction_files
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Addressee, Asked, Served
from mingqu.documents.models import DocumentRequest
from mingqu.forms import services as forms
from mingqu.forms.models import Draft
from mingqu.hall import selectors as halls
from mingqu.hall import services as hall
from mingqu.hall.errors import AddressFixed, ResultIsSent
from mingqu.hall.types import Counted, NewPaper
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.types import Actor
from mingqu.payments.tests.test_races import at_once
from mingqu.process import selectors as tasks
from mingqu.workbench.views.window.shared import HERE

NOON, TODAY = made.NOON, made.NOON.date()
EVENING = NOON.replace(hour=19)  # of the Friday before the Mid-autumn holiday


@pytest.fixture
def s(db):
    return made.sides()


def leave(s, row, on=TODAY):
    services.withdraw(agreement_id=row.pk, ends_on=on, reason="窗口搬家", by=s.home, at=NOON, key=uuid4())


def test_nothing_is_offered_before_both_sides_agreed_nor_after_one_left(s):
    row = made.proposed(s, from_on=TODAY)
    before = selectors.offered(s.away_clerk, TODAY)
    made.answered(s, row)

    (one,) = selectors.offered(s.away_clerk, TODAY)
    assert before == []
    assert (one.item_code, one.home, one.agreement) == (made.ITEM, "清禾区政务服务大厅", row.number)
    assert selectors.offered(s.w.clerk, TODAY) == [], "the home side's own window receives it as ever"
    leave(s, row)
    assert selectors.offered(s.away_clerk, TODAY) == []


@pytest.mark.parametrize("way", ["online", "joint"])
def test_agreements_of_the_other_ways_let_no_window_receive(s, way):
    made.in_force(s, way=way)

    assert selectors.offered(s.away_clerk, TODAY) == []


def test_received_there_it_is_the_case_of_the_home_side_under_its_clock(s):
    made.in_force(s)

    row, case = made.received(s)

    assert (row.state, row.filed_on, case.channel) == ("filed", TODAY, "window")
    assert case.department.code == "QH-SCJG" and case.region_code == "990104000000"
    assert cases.case_visible_to(s.w.clerk, case.number) == case
    shown = selectors.received_at(case.pk)
    assert (shown.hall, shown.on) == ("临泊区政务服务大厅", TODAY)
    receipt = DocumentRequest.objects.get(root_id=case.pk, kind="receipt").data
    assert (
        receipt["organ"] == "澜州市清禾区市场监督管理局" and "由临泊区政务服务大厅代收" in receipt["channel"]
    )


def test_filed_on_a_friday_evening_the_days_of_the_answer_are_counted_from_that_day(s):
    """行政许可法 32(4): five working days; the Sunday after is a working day before the Mid-autumn holiday."""
    made.in_force(s)

    _row, there = made.received(s, at=EVENING)
    here = f.received_case(s.w, at=EVENING)

    assert there.received_on == TODAY
    assert there.due_on == here.due_on == date(2026, 9, 24)


# Who sees what, cell by cell --------------------------------------------------------------------------------

SEES = {
    # who → (the case of the home side, another case of it, the page of the reception, what may be received)
    "home clerk": (True, True, False, False),
    "home reviewer": (True, True, False, False),
    "away clerk": (False, False, True, True),
    "away manager": (False, False, False, False),
    "clerk of a third district": (False, False, False, False),
}


@pytest.mark.parametrize("who", SEES)
def test_each_sees_what_is_theirs_and_no_more(s, who):
    made.in_force(s)
    row, case = made.received(s)
    other = f.received_case(s.w)
    third = people.staff_actor(
        "window_clerk", department_id=people.department("海棠中心", region="990106000000")
    )
    actor = {
        "home clerk": s.w.clerk,
        "home reviewer": s.w.reviewer,
        "away clerk": s.away_clerk,
        "away manager": s.away,
        "clerk of a third district": third,
    }[who]

    seen = (
        _sees(actor, case),
        _sees(actor, other),
        _opens(actor, row),
        bool(selectors.offered(actor, TODAY)),
    )

    assert seen == SEES[who]
    assert bool(selectors.receptions(actor, "filed").lines) is SEES[who][2]


def _sees(actor, case) -> bool:
    try:
        return cases.case_visible_to(actor, case.number) == case
    except CaseUnknown:
        return False


def _opens(actor, row) -> bool:
    try:
        return selectors.reception(actor, row.pk) == row
    except ReceptionUnknown:
        return False


def test_the_mandate_of_an_agreement_is_for_its_rows_alone(s):
    made.in_force(s)
    row, case = made.received(s)

    with pytest.raises(ReceptionUnknown):
        services.as_clerk(row, s.w.clerk)
    for deed in (
        lambda: case_services.accept_case(case_id=case.pk, by=s.away_clerk, at=NOON, key=uuid4()),
        lambda: case_services.accept_case(
            case_id=case.pk, by=services.as_clerk(row, s.away_clerk, FIX | GIVE), at=NOON, key=uuid4()
        ),
    ):
        with pytest.raises(NotAuthorised):
            deed()
    assert Case.objects.get(pk=case.pk).status == "received"


# An agreement that ends meanwhile ---------------------------------------------------------------------------


def test_what_was_received_before_a_side_left_goes_on_and_nothing_more_comes_in(s):
    agreement = made.in_force(s)
    row, case = made.received(s)
    open_row = made.opened(s)
    version = made.begun(s, open_row)

    leave(s, agreement)

    with pytest.raises(NotOffered):
        made.hand_in(s, open_row, version)
    open_row.refresh_from_db()
    assert open_row.state == "open"
    assert Case.objects.count() == 1
    made.decided(s.w, case)
    hall.result_arrived(
        case_id=case.pk,
        hall_id=row.hall_id,
        place="1号柜",
        by=services.as_giver(row, s.away_clerk),
        at=NOON,
        key=uuid4(),
    )


def test_a_refused_filing_leaves_the_reception_open(s):
    made.in_force(s)
    row = made.opened(s)
    version = made.begun(s, row)
    by = services.as_clerk(row, s.away_clerk)
    version = forms.save_draft(
        draft_id=row.draft_id, changes={"shop_name": ""}, base_version=version, by=by, at=NOON
    ).version

    with pytest.raises(FormIncomplete):
        made.hand_in(s, row, version)

    row.refresh_from_db()
    assert (row.state, row.filed_on) == ("open", None)


def test_a_reception_is_filed_once_and_ended_only_before(s):
    made.in_force(s)
    row = made.opened(s)
    version, key = made.begun(s, row), uuid4()
    first = made.hand_in(s, row, version, key=key)

    again = made.hand_in(s, row, version, key=key)

    assert again.number == first.number and Case.objects.count() == 1
    with pytest.raises(ReceptionNotNow):
        services.end_reception(reception_id=row.pk, by=s.away_clerk, at=NOON, key=uuid4())


def test_a_start_pressed_four_times_at_once_begins_one_draft(committed_db):
    s = made.sides()
    made.in_force(s)
    row = made.opened(s)
    start = {"reception_id": row.pk, "answers": dict(f.SITUATION), "by": s.away_clerk, "at": NOON}

    found = at_once(*[lambda: services.begin_form(**start, key=uuid4())] * 4)

    row.refresh_from_db()
    assert set(found) == {row.draft_id}
    assert list(Draft.objects.values_list("pk", flat=True)) == [row.draft_id]


def test_leaving_and_filing_at_once_come_one_after_the_other(committed_db):
    s = made.sides()
    agreement = made.in_force(s)
    row = made.opened(s)
    version = made.begun(s, row)

    filed, left = at_once(lambda: made.hand_in(s, row, version), lambda: leave(s, agreement))

    row.refresh_from_db()
    assert left is None
    if filed == NotOffered.code:
        assert (row.state, Case.objects.count()) == ("open", 0)
    else:
        assert (row.state, Case.objects.get().number) == ("filed", filed.number)


# Afterwards -------------------------------------------------------------------------------------------------


def test_originals_go_on_a_slip_to_the_organ_that_decides_and_a_second_press_makes_no_second_slip(s):
    made.in_force(s)
    row, case = made.received(s)
    papers, key = (NewPaper("房屋租赁合同", "original", 1),), uuid4()

    number = services.keep_and_send(reception_id=row.pk, papers=papers, by=s.away_clerk, at=NOON, key=key)
    again = services.keep_and_send(reception_id=row.pk, papers=papers, by=s.away_clerk, at=NOON, key=key)

    slip = halls.slip_of_number(s.w.reviewer, number)
    (line,) = halls.lines_of_slip(slip.id)
    assert again == number and slip.to == "澜州市清禾区市场监督管理局"
    hall.receive_papers(slip_id=slip.id, counted=[Counted(line.id, 1)], by=s.w.reviewer, at=NOON, key=uuid4())
    (paper,) = halls.papers_of_case(s.w.reviewer, case.pk)
    assert paper.mine
    assert [name for _pk, name in selectors.partners(s.w.reviewer, TODAY)] == ["临泊区政务服务中心"]


def test_what_home_asks_to_be_corrected_is_brought_to_the_window_that_received_it(s):
    made.in_force(s)
    row, case = made.received(s)
    code = cases.materials_of(case)[0].code
    case_services.ask_correction(
        case_id=case.pk, asked=[Asked(code, "看不清")], by=s.w.clerk, at=NOON, key=uuid4()
    )
    assert selectors.to_go_on(s.away_clerk) == (1, 0)
    clerk = services.as_clerk(row, s.away_clerk, FIX)
    add_correction_files(case_id=case.pk, material=code, uploads=[Upload("a.png", f.PNG)], by=clerk, at=NOON)

    case_services.supplement_case(case_id=case.pk, by=clerk, at=NOON + timedelta(hours=1), key=uuid4())

    assert Case.objects.get(pk=case.pk).status == "received"
    assert selectors.to_go_on(s.away_clerk) == (0, 0)


def test_the_result_lies_where_it_was_received_and_is_given_out_there(s):
    made.in_force(s)
    row, case = made.received(s)
    made.decided(s.w, case)
    clerk = services.as_giver(row, s.away_clerk)
    assert selectors.to_go_on(s.away_clerk) == (0, 1)
    hall.result_arrived(case_id=case.pk, hall_id=row.hall_id, place="1号柜", by=clerk, at=NOON, key=uuid4())

    served = Served("window", "田桂香", "self", proof="在纸质送达回证上签名")
    case_services.deliver_case(case_id=case.pk, served=served, by=clerk, at=NOON, key=uuid4())
    while relay.round_once(NOON):
        pass

    case.refresh_from_db()
    assert case.status == "delivered"
    assert halls.results_of([case.pk], TODAY) == {}


def test_a_result_that_is_to_be_sent_comes_to_no_hall_of_another_district(s, client):
    made.in_force(s)
    row, case = made.received(s)
    made.decided(s.w, case)
    owner = Actor(kind="citizen", id=row.person_id)
    to = Addressee("田桂香", "19900001234", "临泊区试验路2号")
    hall.readdress(case_id=case.pk, to=to, by=owner, at=NOON, key=uuid4())
    clerk = services.as_giver(row, s.away_clerk)

    with pytest.raises(ResultIsSent):
        hall.result_arrived(case_id=case.pk, hall_id=row.hall_id, place="", by=clerk, at=NOON, key=uuid4())
    people.signed_in(client, User.objects.get(pk=s.away_clerk.user_id))
    page = client.get(reverse("workbench:across_one", args=[row.pk])).content.decode()
    assert "由澜州市清禾区市场监督管理局寄出" in page and "登记到件" not in page

    hall.readdress(case_id=case.pk, to=None, by=owner, at=NOON, key=uuid4())
    hall.result_arrived(case_id=case.pk, hall_id=row.hall_id, place="", by=clerk, at=NOON, key=uuid4())
    with pytest.raises(AddressFixed):  # it lies there now, and nobody sends it from there
        hall.readdress(case_id=case.pk, to=to, by=owner, at=NOON, key=uuid4())
    assert not halls.may_readdress(case.pk)


# Pages ------------------------------------------------------------------------------------------------------


def test_the_window_receives_by_clicks_only_while_the_applicant_stands_there(s, client):
    now = timezone.now()
    agreement = made.in_force(s)
    people.signed_in(client, User.objects.get(pk=s.away_clerk.user_id))
    page = client.get(reverse("workbench:across"))
    assert "食品经营许可" in page.content.decode() and "收这一件" not in page.content.decode()
    row = made.opened(s, at=now)

    away = client.get(reverse("workbench:across_start", args=[row.pk]))

    assert away["Location"] == reverse("workbench:window")
    assert AnotherStands.sentence in client.get(away["Location"]).content.decode()
    wanted = {"agreement": agreement.number, "item": made.ITEM, "handling": "01", "key": str(uuid4())}
    assert client.post(reverse("workbench:across_open"), wanted)["Location"] == reverse("workbench:window")
    assert Reception.objects.count() == 1


def test_the_page_of_the_case_says_which_hall_received_it_and_that_of_the_reception_no_opinion(s, client):
    made.in_force(s)
    row, case = made.received(s)
    case_services.accept_case(case_id=case.pk, by=s.w.clerk, at=NOON, key=uuid4())
    task = next(t for t in tasks.open_tasks(case.pk) if t.step == "check")
    f.review(s.w, case, task.step, text="内部意见不外传")
    people.signed_in(client, User.objects.get(pk=s.w.clerk.user_id))
    home = client.get(reverse("workbench:case", args=[case.number])).content.decode()
    people.signed_in(client, User.objects.get(pk=s.away_clerk.user_id))

    away = client.get(reverse("workbench:across_one", args=[row.pk])).content.decode()

    assert "由临泊区政务服务大厅代收" in home and "内部意见不外传" in home
    assert "内部意见不外传" not in away and "清禾区市场监督管理局受理、决定" in away
    assert client.get(reverse("workbench:case", args=[case.number])).status_code == 404


def test_another_item_or_another_person_on_the_same_page_is_another_reception_or_none(s, client):
    now = timezone.now()
    agreement = made.in_force(s)
    people.signed_in(client, User.objects.get(pk=s.away_clerk.user_id))
    first, second = (made.person_at(s.away_clerk, name, at=now) for name in ("田桂香", "韩秋生"))
    page = {"agreement": agreement.number, "item": made.ITEM, "handling": "01", "key": str(uuid4())}

    def press(stands, shown):
        session = client.session
        session[HERE] = {
            "person": str(stands),
            "post": str(s.away_clerk.post_id),
            "at": timezone.now().isoformat(),
        }
        session.save()
        return client.post(reverse("workbench:across_open"), {**page, "person": str(shown)})["Location"]

    begun = press(first, first)
    assert press(first, first) == begun, "a second press"
    assert press(second, first) == reverse("workbench:window"), "a page that was shown for somebody else"
    assert press(second, second) != begun
    assert sorted(Reception.objects.values_list("person_id", flat=True)) == sorted((first, second))
