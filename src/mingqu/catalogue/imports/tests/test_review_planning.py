"""Accepted rows may be published on a chosen day: planned, shown, taken back before it, begun on that legal day."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from mingqu.catalogue.errors import DayPast
from mingqu.catalogue.imports import review_planning, review_selectors, review_services
from mingqu.catalogue.imports.models import ImportedItem
from mingqu.catalogue.imports.review_errors import NothingToPlan, NothingToUndo, RowUnknown
from mingqu.catalogue.imports.review_models import ReviewDeed
from mingqu.catalogue.imports.review_selectors import Filter
from mingqu.catalogue.imports.tests import reviewing
from mingqu.catalogue.imports.tests.reviewing import AT, House
from mingqu.catalogue.models import ServiceItem
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.models import AuditEntry

TODAY = legal_day(AT)
DAY = TODAY + timedelta(days=10)
MIDNIGHT = datetime(DAY.year, DAY.month, DAY.day, tzinfo=BEIJING)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(db):
    made = House(2)
    made.do("accept")
    return made


def plan(house, *lines, on=DAY, **more):
    begun = house.begin("publish", *lines, on=on, **more)
    return ReviewDeed.objects.get(pk=begun.deed_id)


def call_off(house, deed, by=None):
    return review_planning.call_off(deed_id=deed.pk, by=by or house.reviewer, at=AT, key=new_id())


def published():
    return set(ServiceItem.objects.filter(code__startswith="IMP-").values_list("code", flat=True))


def test_planned_rows_stay_accepted_until_the_first_minute_of_their_day_in_beijing(house):
    deed = plan(house)

    assert (deed.state, deed.publish_on, deed.total) == ("planned", DAY, 2)
    assert not ProcrastinateJob.objects.filter(task_name=review_services.WORK).exists()
    assert review_planning.start_due(MIDNIGHT - MINUTE) == 0
    assert published() == set()

    assert review_planning.start_due(MIDNIGHT) == 1
    assert ProcrastinateJob.objects.get(task_name=review_services.WORK).args == {"deed_id": str(deed.pk)}
    reviewing.finish(deed.pk)

    assert published() == {house.row(1).item_code, house.row(2).item_code}
    deed.refresh_from_db()
    assert (deed.state, deed.done, deed.refused) == ("done", 2, 0)
    assert review_planning.start_due(MIDNIGHT + MINUTE) == 0


def test_the_ledger_says_who_planned_for_which_day_and_that_it_began(house):
    plan(house, 1)
    review_planning.start_due(MIDNIGHT)

    entries = AuditEntry.objects.filter(root_id=house.batch.pk, action="catalogue.publish").order_by("seq")
    asked, begun = entries
    assert (asked.actor_id, asked.notes["publish_on"]) == (house.reviewer.id, DAY.isoformat())
    assert (begun.actor_kind, begun.notes["published_by"]) == ("system", str(house.reviewer.id))


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_only_a_day_from_tomorrow_on_and_within_a_year_is_taken(house, days):
    with pytest.raises(DayPast):
        plan(house, on=TODAY + timedelta(days=days))
    assert not ReviewDeed.objects.filter(kind="publish").exists()


def test_nothing_but_a_publication_waits_for_a_day(house):
    with pytest.raises(DayPast):
        house.begin("return", 1, reason="有误", on=DAY)


def test_what_is_not_accepted_or_waits_for_a_day_already_is_not_planned(house):
    reviewing.row(house.batch, 3)
    plan(house, 1)

    deed = plan(house, on=DAY + timedelta(days=1))

    said = dict(deed.rows.filter(state="refused").values_list("line", "said"))
    assert "已经定于" in said[1][0] and "还没有通过" in said[3][0]
    assert (deed.total, deed.refused) == (3, 2)
    with pytest.raises(NothingToPlan, match="已经定于"):
        plan(house, 1)


def test_taken_back_before_its_day_nothing_is_published_and_the_rows_stay_accepted(house):
    deed = plan(house)

    assert call_off(house, deed, by=house.second) == 2
    assert review_planning.start_due(MIDNIGHT) == 0

    assert published() == set()
    assert {row.state for row in (house.row(1), house.row(2))} == {"accepted"}
    assert plan(house).total == 2
    with pytest.raises(NothingToUndo):
        call_off(house, deed)


def test_once_begun_it_is_not_taken_back(house):
    deed = plan(house)
    review_planning.start_due(MIDNIGHT)
    with pytest.raises(NothingToUndo):
        call_off(house, deed)


def test_only_who_may_publish_these_rows_plans_and_takes_back(house):
    with pytest.raises(NotAuthorised):
        plan(house, by=house.importer)
    deed = plan(house)
    with pytest.raises(RowUnknown):
        call_off(house, deed, by=house.strange)
    with pytest.raises(RowUnknown):
        call_off(house, deed, by=house.importer)
    deed.refresh_from_db()
    assert deed.state == "planned"


def test_what_was_returned_or_written_anew_meanwhile_is_not_published_on_the_day(house):
    deed = plan(house)
    house.do("return", 1, reason="电话写错了")

    review_planning.start_due(MIDNIGHT)
    reviewing.finish(deed.pk)

    assert published() == {house.row(2).item_code}
    assert house.row(1).state == "returned"
    assert "又变了" in deed.rows.get(line=1).said[0]


def test_while_another_deed_of_the_batch_is_at_work_it_waits_for_its_turn(house):
    reviewing.row(house.batch, 3)
    deed = plan(house, 1)
    other = house.begin("accept", 3)

    assert review_planning.start_due(MIDNIGHT) == 0
    reviewing.finish(other.deed_id)
    assert review_planning.start_due(MIDNIGHT + MINUTE) == 1
    deed.refresh_from_db()
    assert deed.state == "running"


def test_what_went_into_a_newer_file_word_for_word_is_published_and_counted_there(house):
    deed = plan(house, 1)
    newer = reviewing.batch(house.importer.id, name="新一份.csv")
    ImportedItem.objects.filter(pk=house.rows[0].pk).update(batch=newer)

    review_planning.start_due(MIDNIGHT)
    reviewing.finish(deed.pk)

    newer.refresh_from_db()
    assert newer.counts["states"] == {"published": 1}


def test_lists_can_be_asked_for_what_waits_for_its_day(house):
    plan(house, 2)
    found = review_selectors.rows(house.reviewer, house.batch, Filter(state="planned"))
    assert [row.line for row in found] == [2]
    assert review_selectors.planned(house.strange, house.batch) == []


def test_the_pages_take_a_day_show_it_and_take_it_back(house):
    client = people.signed_in(Client(), User.objects.get(person_id=house.reviewer.id))
    page = reverse("catalogue:review_batch", args=[house.batch.pk])
    rows = [f"{row.pk}:{row.version}" for row in (house.row(1), house.row(2))]
    sent = {"key": str(new_id()), "scope": "ticked", "deed": "publish", "row": rows}
    act = reverse("catalogue:review_act", args=[house.batch.pk])

    wrong = client.post(act, sent | {"on_year": "2099", "on_month": "13", "on_day": "1"})
    assert wrong.status_code == 400 and "没有这一天" in wrong.content.decode()
    far = client.post(act, sent | {"on_year": "2099", "on_month": "1", "on_day": "1"})
    assert "发布日期要在今天以后" in far.content.decode()

    deed = plan(house)
    words = f"{DAY.year}年{DAY.month}月{DAY.day}日"
    for address in (
        page,
        reverse("catalogue:reviews"),
        reverse("catalogue:review_row", args=[house.batch.pk, 1]),
    ):
        assert words in client.get(address).content.decode(), address
    one = reverse("catalogue:review_deed", args=[deed.pk])
    text = client.get(one).content.decode()
    assert words in text and "自动发布2行" in text
    off = reverse("catalogue:review_call_off", args=[deed.pk])
    answer = client.post(off, {"key": str(new_id())}, follow=True)
    assert "已收回，2行不再到日子发布" in answer.content.decode()
    assert "已收回" in client.get(one).content.decode()
