"""出件: a result comes to the counter, its applicant is told, reminded when nobody comes, and it leaves when served."""

from uuid import uuid4

import pytest

from mingqu.cases import services as cases
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.hall import errors, selectors, services, tasks
from mingqu.hall.models import Result
from mingqu.hall.tests import factories as halls
from mingqu.identity.errors import NotAuthorised, Recused
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.relay import deliver_root
from mingqu.notifications.models import InboxMessage, Outgoing

pytestmark = pytest.mark.django_db
NOON = f.FRIDAY_NOON


@pytest.fixture
def w():
    return f.world()


@pytest.fixture
def hall(w):
    return halls.hall(at=NOON)


@pytest.fixture
def case(w):
    return f.decided_case(w, context={"delivery": "window"})


def arrived(w, hall, case, *, by=None, at=NOON, key=None, place="3号柜2格"):
    by = by or w.clerk
    services.result_arrived(
        case_id=case.pk, hall_id=hall.hall_id, place=place, by=by, at=at, key=key or uuid4()
    )
    deliver_root(case.pk, at)
    return Result.objects.get(pk=case.pk)


def told(case, kind):
    return InboxMessage.objects.filter(person_id=case.applicant_id, kind=kind)


def test_who_may_collect_is_told_where_and_when_once(w, hall, case):
    key = uuid4()

    row = arrived(w, hall, case, key=key)
    arrived(w, hall, case, key=key)

    assert (row.state, row.place, row.hall_id) == ("lying", "3号柜2格", hall.hall_id)
    message = told(case, "hall_result_ready").get()
    assert "结果可以领了" in message.title and "清禾区政务服务大厅（青澜街道大厅路1号）" in message.body
    sent = Outgoing.objects.filter(message_id=message.id)
    assert len(sent) == 1 and "身份证件原件" in sent[0].text


def test_who_may_collect_sees_it_among_her_own_and_nobody_else_does(w, hall, case, client):
    arrived(w, hall, case)
    stranger = people.citizen("王生人")[1]

    assert [one.number for one in selectors.to_collect(w.citizen)] == [case.number]
    assert selectors.to_collect(stranger) == []
    page = people.signed_in(client, User.objects.get(pk=w.citizen.user_id)).get("/my/").content.decode()
    assert "可以来领的结果" in page and "清禾区政务服务大厅" in page
    services.take_result_back(case_id=case.pk, reason="放错了", by=w.clerk, at=NOON, key=uuid4())
    assert selectors.to_collect(w.citizen) == []


@pytest.mark.parametrize(
    "made", [lambda w: f.reviewed_case(w, context={"delivery": "window"}), f.decided_case]
)
def test_what_is_not_decided_or_not_collected_here_does_not_come_to_the_counter(w, hall, made):
    case = made(w)

    with pytest.raises(errors.ResultNotDue):
        arrived(w, hall, case)
    assert not Result.objects.exists()


def test_a_result_does_not_come_twice_and_not_to_a_hall_elsewhere(w, hall, case):
    elsewhere = halls.hall(
        at=NOON, code="H9", department=people.department("别区中心", region="990105000000")
    )

    with pytest.raises(errors.HallUnknown):
        arrived(w, elsewhere, case)
    with pytest.raises(NotAuthorised):
        arrived(w, hall, case, by=w.reviewer)
    arrived(w, hall, case)
    with pytest.raises(errors.ResultHere):
        arrived(w, hall, case)
    assert Result.objects.get().hall_id == hall.hall_id


def test_when_it_is_served_it_does_not_lie_here_any_more(w, hall, case):
    arrived(w, hall, case)

    cases.deliver_case(
        case_id=case.pk, served=Served.at_window("李晓禾"), by=w.clerk, at=NOON + f.DAY, key=uuid4()
    )
    deliver_root(case.pk, NOON + f.DAY)

    row = Result.objects.get(pk=case.pk)
    assert (row.state, row.ended_on, row.remind_on) == ("handed_out", legal_day(NOON + f.DAY), None)
    assert selectors.results_lying(w.clerk, legal_day(NOON)) == []
    with pytest.raises(errors.ResultNotHere):
        services.take_result_back(case_id=case.pk, reason="放错了", by=w.clerk, at=NOON, key=uuid4())


def test_who_was_told_by_mistake_is_told_of_the_mistake(w, hall, case):
    arrived(w, hall, case)

    with pytest.raises(errors.ReasonMissing):
        services.take_result_back(case_id=case.pk, reason=" ", by=w.clerk, at=NOON, key=uuid4())
    services.take_result_back(case_id=case.pk, reason="扫错了袋子", by=w.clerk, at=NOON, key=uuid4())
    deliver_root(case.pk, NOON)

    assert "登记错了" in told(case, "hall_result_not_there").get().body
    assert selectors.results_of([case.pk], legal_day(NOON)) == {}
    again = arrived(w, hall, case, at=NOON + f.DAY)
    assert again.state == "lying" and told(case, "hall_result_ready").count() == 2


def test_nobody_comes_and_is_reminded_as_often_as_the_setting_says(w, hall, case, settings):
    settings.MINGQU_HALL = settings.MINGQU_HALL | {"uncollected_days": 5, "uncollected_reminders": 2}
    arrived(w, hall, case)
    seen = []
    for day in range(20):
        at = NOON + day * f.DAY
        tasks.remind_of_results(at)
        tasks.remind_of_results(at)
        deliver_root(case.pk, at)
        seen.append(told(case, "hall_result_waits").count())

    assert seen[4:6] == [0, 1] and seen[9:11] == [1, 2] and seen[-1] == 2
    late = selectors.results_lying(w.clerk, legal_day(NOON + 6 * f.DAY), late=True)
    assert [(one.days, one.late, one.reminders) for one in late] == [(6, True, 2)]
    assert selectors.results_lying(w.clerk, legal_day(NOON + 5 * f.DAY), late=True) == []
    assert selectors.late_results(w.clerk, legal_day(NOON + 6 * f.DAY), 100) == 1
    assert selectors.late_results(w.reviewer, legal_day(NOON + 6 * f.DAY), 100) == 0


def test_who_came_meanwhile_is_not_reminded(w, hall, case):
    arrived(w, hall, case)
    cases.deliver_case(
        case_id=case.pk, served=Served.at_window("李晓禾"), by=w.clerk, at=NOON + f.DAY, key=uuid4()
    )

    deliver_root(case.pk, NOON + f.DAY)
    tasks.remind_of_results(NOON + 30 * f.DAY)

    with pytest.raises(errors.ResultNotHere):
        services.remind_of_result(case_id=case.pk, by=halls.SYSTEM, at=NOON + 30 * f.DAY, key=uuid4())
    assert not told(case, "hall_result_waits").exists()


def test_the_list_goes_on_where_it_ended(w, hall, case):
    arrived(w, hall, case)
    later = f.decided_case(w, context={"delivery": "window"})
    arrived(w, hall, later, at=NOON + f.DAY)
    today = legal_day(NOON + f.DAY)

    first = selectors.results_lying(w.clerk, today, limit=1)
    rest = selectors.results_lying(w.clerk, today, after=(first[0].arrived_on, first[0].case_id))

    assert [one.case_id for one in (*first, *rest)] == [case.pk, later.pk]


def test_who_stands_aside_does_not_take_a_result_of_the_case_from_the_counter(w, hall, case):
    arrived(w, hall, case)
    type(case).objects.filter(pk=case.pk).update(barred_ids=[w.clerk.id])

    with pytest.raises(Recused):
        services.take_result_back(case_id=case.pk, reason="登记错了", by=w.clerk, at=NOON, key=uuid4())

    assert Result.objects.get(pk=case.pk).state == "lying"
