"""Ratings by channel: each counts where it was given, what was left out apart, and no rate of a few."""

import io
from decimal import Decimal
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from mingqu.evaluation import rules, selectors, services
from mingqu.evaluation.models import FollowUp
from mingqu.evaluation.tests.factories import NOON, rate, withdrawn_case
from mingqu.evaluation.tests.test_following_up import DAY, Office
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay


@pytest.fixture
def office(db) -> Office:
    """With one bad rating, given online."""
    return Office()


def by_code(office, level, channel):
    case = withdrawn_case(office.w)
    services.rate_by_code(
        case_id=case.pk, answer=services.Answer(level), channel=channel, at=NOON, key=uuid4()
    )
    relay.round_once(NOON)
    return case


def found(office, actor=None):
    return selectors.by_channel(actor or office.officer, DAY)


def of(office, words):
    return next(one for one in found(office).channels if one.words == words)


def test_each_rating_counts_by_the_channel_it_came_by(office):
    by_code(office, 5, "qr")
    by_code(office, 4, "qr")
    by_code(office, 1, "code")

    assert [one.words for one in found(office).channels] == ["网上", "凭查询码", "扫码"]
    assert of(office, "扫码").counts == (1, 1, 0, 0, 0) and of(office, "凭查询码").counts == (0, 0, 0, 0, 1)
    assert found(office).total.total == 4
    assert sum(line.of.total for line in found(office).lines) == 4


def test_what_was_left_out_stands_apart(office):
    before = of(office, "网上").total
    row = FollowUp.objects.get()
    services.verify(
        follow_id=row.pk, finding="mistaken", text="按错", by=office.officer, at=NOON, key=uuid4()
    )
    services.agree_exclusion(follow_id=row.pk, by=office.second, at=NOON, key=uuid4())

    assert (of(office, "网上").total, of(office, "网上").left_out) == (before - 1, 1)


def test_no_rate_of_a_few_and_one_from_ten_on(office):
    for level in (5,) * (rules.MINIMUM - 2):
        rate(office.w, withdrawn_case(office.w), level)
    assert of(office, "网上").total == rules.MINIMUM - 1 and of(office, "网上").good_rate is None

    rate(office.w, withdrawn_case(office.w), 3)

    assert of(office, "网上").good_rate == Decimal("90.0")


def test_another_department_sees_nothing_of_it(office):
    other = people.staff_actor("department_head", name="外单位")

    assert found(office, other).channels == () and found(office, other).total.total == 0


def test_the_page_and_the_file_say_the_same(office, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone.now", lambda: NOON)
    by_code(office, 5, "qr")
    client = people.signed_in(Client(), User.objects.get(pk=office.officer.user_id))
    page = client.get(reverse("evaluation:channels")).content.decode()
    file = client.get(reverse("evaluation:channels_export"))

    assert "扫码" in page and "各渠道的评价数" in page
    rows = list(openpyxl.load_workbook(io.BytesIO(file.content)).active.values)
    assert rows[0][:3] == ("月份", "部门", "渠道")
    assert [row[2] for row in rows[1:]] == ["网上", "扫码"] and rows[2][3] == 1


def test_it_takes_two_statements_however_many_there_are(office, django_assert_max_num_queries):
    by_code(office, 5, "qr")

    with django_assert_max_num_queries(6):
        assert found(office).total.total == 2
