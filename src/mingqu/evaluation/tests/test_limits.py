"""The days of the loop are set from a day to come on, with a reason; what has begun keeps its last day."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.tests import factories as f
from mingqu.evaluation import rules, selectors, services
from mingqu.evaluation.errors import FollowUpWordsMissing, LimitsTooEarly, LimitsWrong, RatingOver
from mingqu.evaluation.models import FollowUp, Limits, Rating
from mingqu.evaluation.tests.factories import NOON, delivered_case, rate
from mingqu.evaluation.tests.test_following_up import DAY, Office
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry

TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
def officer(db):
    return people.staff_actor("efficiency_supervisor", name="何评")


def set_(by, *, from_on=TOMORROW, reason="市里统一规定", at=NOON, key=None, **other):
    days = dict(selectors.days_on(DAY)) | other
    services.set_limits(days=days, from_on=from_on, reason=reason, by=by, at=at, key=key or uuid4())


def test_they_hold_from_their_day_on_and_not_before(officer):
    before = selectors.days_on(DAY)["rectifying"]
    set_(officer, rectifying=before + 7)

    assert selectors.days_on(DAY)["rectifying"] == before
    assert selectors.days_on(TOMORROW)["rectifying"] == before + 7
    assert selectors.due_after(DAY, "rectifying") < selectors.due_after(TOMORROW, "rectifying")


def test_of_two_for_one_day_the_later_counts_and_both_are_kept(officer):
    set_(officer, verifying=4)
    set_(officer, verifying=6, reason="改正上一次")

    assert selectors.days_on(TOMORROW)["verifying"] == 6
    shown = selectors.limits_set(TOMORROW)
    assert [(one.state, one.reason) for one in shown] == [("now", "改正上一次"), ("past", "市里统一规定")]
    assert {one.state for one in selectors.limits_set(DAY)} == {"later"}


def test_a_step_that_has_begun_keeps_its_last_day(db):
    office = Office()
    due = office.row.due_on
    set_(office.officer, verifying=30)
    office.row.refresh_from_db()
    assert office.row.due_on == due

    services.verify(
        follow_id=office.row.pk, finding="confirmed", text="属实", by=office.officer, at=NOON, key=uuid4()
    )
    assert FollowUp.objects.get().due_on == selectors.due_after(DAY, "rectifying")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"verifying": 0}, LimitsWrong),
        ({"calling": rules.MOST_DAYS + 1}, LimitsWrong),
        ({"rating": -1}, LimitsWrong),
        ({"coffee": 1}, LimitsWrong),
        ({"from_on": DAY}, LimitsTooEarly),
        ({"reason": " "}, FollowUpWordsMissing),
    ],
)
def test_what_makes_no_sense_or_reaches_back_is_refused(officer, given, refusal):
    with pytest.raises(refusal):
        set_(officer, **given)
    assert not Limits.objects.exists()


def test_only_who_may_sets_them_once_and_it_stands_in_the_ledger(officer):
    for actor in (people.staff_actor("department_head", name="冯局"), people.staff_actor("reviewer")):
        with pytest.raises(NotAuthorised):
            set_(actor)
    key = uuid4()
    set_(officer, key=key, rectifying=9)
    set_(officer, key=key, rectifying=9)

    assert Limits.objects.count() == 1
    entry = AuditEntry.objects.get(action="evaluation.set_limits")
    assert (entry.actor_id, entry.notes["rectifying"]) == (officer.id, 9)


def test_a_result_is_rated_until_its_last_day_and_a_filing_as_long_as_it_waits(officer):
    w = f.world()
    set_(officer, rating=3)
    at = NOON + timedelta(days=3)
    early, late, waiting = delivered_case(w, at=at), delivered_case(w, at=at), f.received_case(w, at=at)
    last = selectors.rated_until(early.delivered_on)
    then = at + timedelta(days=(last - legal_day(at)).days)

    rate(w, early, 4, at=then)
    with pytest.raises(RatingOver):
        rate(w, late, 4, at=then + timedelta(days=1))
    rate(w, waiting, 4, at=then + timedelta(days=1))
    assert Rating.objects.count() == 2
    assert selectors.rated_until(DAY) is None, "nothing was set for that day"


def test_the_page_shows_what_holds_and_takes_other_days(officer):
    client, url = Client(), reverse("evaluation:limits")
    people.signed_in(client, User.objects.get(pk=officer.user_id))
    assert "还没有人定过" in client.get(url).content.decode()
    tomorrow = legal_day(timezone.now()) + timedelta(days=1)
    given = {name: str(days) for name, days in selectors.days_on(DAY).items()} | {
        "key": str(uuid4()), "reason": "市里统一规定", "rectifying": "9",
        "from_on_0": "", "from_on_1": "", "from_on_2": "",
    }  # fmt: skip
    assert client.post(url, given).status_code == 400
    day = {"from_on_year": tomorrow.year, "from_on_month": tomorrow.month, "from_on_day": tomorrow.day}
    assert client.post(url, given | {"verifying": "0"} | day).status_code == 400
    assert client.post(url, given | day).status_code == 302

    page = client.get(url).content.decode()
    assert "还没到" in page and "整改9天" in page and "市里统一规定" in page
