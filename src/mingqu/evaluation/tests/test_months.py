"""回访率 and 整改率: of the bad ratings that count, never rounded up, what lies past its day is listed."""

import io
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.evaluation import selectors, services
from mingqu.evaluation.models import FollowUp
from mingqu.evaluation.selectors import months
from mingqu.evaluation.tests.factories import NOON, rate, withdrawn_case
from mingqu.evaluation.tests.test_following_up import DAY, Office
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.legal_day import legal_day

LATER = NOON + timedelta(days=40)


@pytest.fixture
def office(db) -> Office:
    return Office()


def another(office, level=2, at=NOON) -> FollowUp:
    case = withdrawn_case(office.w, at=at)
    rate(office.w, case, level, at=at)
    relay.round_once(at)
    return FollowUp.objects.get(case_id=case.pk)


def found(office, actor=None, today=DAY):
    return selectors.followed_by_month(actor or office.officer, today)


def test_rates_follow_the_steps_and_what_was_left_out_is_in_neither(office):
    out = another(office)
    services.verify(
        follow_id=out.pk, finding="mistaken", text="按错", by=office.officer, at=NOON, key=uuid4()
    )
    services.agree_exclusion(follow_id=out.pk, by=office.second, at=NOON, key=uuid4())
    assert (found(office).total.given, found(office).total.counted) == (2, 1)
    assert found(office).total.called_rate == found(office).total.rectified_rate == Decimal("0.0")

    office.give(services.verify, finding="confirmed")
    office.give(services.rectify, office.head)
    assert found(office).total.rectified_rate == 100
    for _ in range(2):
        office.give(services.call_back, outcome="not_reached")
        assert found(office).total.called == 0, "nobody answered, and it is tried again"
    office.give(services.call_back, outcome="not_reached")
    assert (found(office).total.called, found(office).total.unreached) == (1, 1)


def test_what_is_to_be_put_right_again_is_not_put_right(office):
    office.give(services.verify, finding="confirmed")
    office.give(services.rectify, office.head)
    office.give(services.call_back, outcome="not_content")

    total = found(office).total
    assert (total.called, total.rectified, total.open) == (1, 0, 1)


def test_each_counts_in_the_month_in_which_it_was_given_and_by_department(office):
    another(office, at=LATER)
    lines = found(office, today=legal_day(LATER)).lines

    assert [(line.month, line.of.given) for line in lines] == [(date(2026, 9, 1), 1), (date(2026, 10, 1), 1)]
    spanned = found(office, today=legal_day(LATER))
    assert len(spanned.months) == 12
    assert [name for name, _of in spanned.departments] == [lines[0].department]
    assert spanned.total.given == 2
    other = people.staff_actor("department_head", name="外单位")
    assert found(office, other, legal_day(LATER)).total.given == 0


def test_a_good_rating_and_a_case_without_one_are_in_no_figure(office):
    case = withdrawn_case(office.w)
    rate(office.w, case, 3)
    withdrawn_case(office.w)
    relay.round_once(NOON)

    assert found(office).total.given == 1


def test_nothing_below_a_hundred_is_rounded_up_to_it():
    assert months.share(9999, 10000) == Decimal("99.9")
    assert months.share(3, 3) == 100
    assert months.share(0, 0) is None


def test_months_go_back_over_the_new_year():
    assert months.months_of(date(2026, 2, 28), 4) == [
        date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1),
    ]  # fmt: skip


def test_what_is_past_its_day_is_told_and_listed(office):
    last = office.row.due_on
    assert found(office, today=last).total.overdue == 0
    assert found(office, today=last + timedelta(days=1)).total.overdue == 1
    late = selectors.follow_ups_at_desk(office.officer, last + timedelta(days=1), show="overdue").lines
    assert [line.number for line in late] == [office.row.number]
    assert selectors.follow_ups_at_desk(office.officer, last, show="overdue").lines == ()


def test_page_and_table_say_the_same(office):
    client = Client()
    people.signed_in(client, User.objects.get(pk=office.officer.user_id))
    today = legal_day(timezone.now())
    FollowUp.objects.update(rated_on=today)

    page = client.get(reverse("evaluation:months")).content.decode()
    table = client.get(reverse("evaluation:months_export"))
    sheet = openpyxl.load_workbook(io.BytesIO(table.content)).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]

    assert "整改率的变化" in page and f"{today.year}年{today.month}月" in page
    assert rows[0][0] == "月份" and rows[1][0] == f"{today:%Y-%m}" and rows[1][2] == 1
    assert "0.0%" in rows[1]
