"""通办统计: kept by events, the same for who looks from either side, and each number leads to what it counts."""

import io
from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import load_workbook

from mingqu.across import rules, selectors, services
from mingqu.across.models import MonthFigure, ReceptionFacts
from mingqu.across.tests import factories as made
from mingqu.across.types import Asked, Facts
from mingqu.cases import selectors as cases
from mingqu.cases import services as case_services
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked as Wanted
from mingqu.cases.types import Served
from mingqu.hall import services as hall
from mingqu.hall.types import NewPaper
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.ui.text_filters import case_number

NOON, TODAY = made.NOON, made.NOON.date()
SEPTEMBER = date(2026, 9, 1)
ASKED = Asked("away", SEPTEMBER, SEPTEMBER)
DAYS = some.dates(date(2026, 1, 1), date(2027, 12, 31))
FACTS = some.builds(
    Facts,
    received_on=DAYS,
    sent_on=some.none() | DAYS,
    returned_on=some.lists(DAYS, max_size=3).map(tuple),
    decided_on=some.none() | DAYS,
    late=some.booleans(),
    given_on=some.none() | DAYS,
    given_here=some.booleans(),
)


@given(FACTS)
def test_each_fact_is_counted_once_in_the_month_in_which_it_happened(facts):
    found = rules.added(facts)

    by_measure = Counter()
    for (month, measure, _days), number in found.items():
        assert month.day == 1
        by_measure[measure] += number
    assert by_measure["received"] == 1 and by_measure["returned"] == len(facts.returned_on)
    assert by_measure["late"] <= by_measure["decided"] == (facts.decided_on is not None)
    assert by_measure["given_here"] <= by_measure["given"] == (facts.given_on is not None)
    assert all(0 <= days <= rules.MOST_DAYS for _month, _measure, days in found)


@given(some.lists(some.integers(0, rules.MOST_DAYS), min_size=1, max_size=30), some.integers(1, 100))
def test_within_so_many_days_is_the_least_that_covers_the_share(taken, percent):
    days = rules.within_days(Counter(taken), percent)

    assert sum(one <= days for one in taken) * 100 >= percent * len(taken)
    assert sum(one < days for one in taken) * 100 < percent * len(taken)


@given(DAYS, some.integers(-40, 40))
def test_months_are_counted_there_and_back(day, by):
    month = rules.month_of(day)

    assert rules.month_after(rules.month_after(month, by), -by) == month


def told(at=NOON):
    while relay.round_once(at):
        pass


@pytest.fixture
def month(db):
    """Two receptions: one in correction, its originals sent; one decided and given out there after three days."""
    s = made.sides()
    made.in_force(s)
    first, asked = made.received(s)
    papers = (NewPaper("房屋租赁合同", "original", 1),)
    services.keep_and_send(reception_id=first.pk, papers=papers, by=s.away_clerk, at=NOON, key=uuid4())
    wanted = [Wanted(cases.materials_of(asked)[0].code, "看不清")]
    case_services.ask_correction(case_id=asked.pk, asked=wanted, by=s.w.clerk, at=NOON, key=uuid4())
    second, case = made.received(s)
    made.decided(s.w, case)
    clerk, later = services.as_giver(second, s.away_clerk), NOON + timedelta(days=3)
    hall.result_arrived(case_id=case.pk, hall_id=second.hall_id, place="", by=clerk, at=later, key=uuid4())
    served = Served("window", "田桂香", "self", proof="在纸质送达回证上签名")
    case_services.deliver_case(case_id=case.pk, served=served, by=clerk, at=later, key=uuid4())
    told(later)
    s.numbers = (asked.number, case.number)
    return s


def kept():
    return sorted(
        MonthFigure.objects.exclude(number=0).values_list("month", "measure", "days", "number"), key=str
    )


WHOLE = {
    "received": 2, "sent": 1, "returned": 1, "decided": 1, "late": 0, "given": 1, "given_here": 1,
}  # fmt: skip


def test_a_month_counts_what_happened_in_it_for_both_sides_and_nobody_else(month):
    by_side = {
        side: selectors.figures(who, Asked(side, SEPTEMBER, SEPTEMBER), TODAY)
        for side, who in (("away", month.away), ("home", month.home))
    }

    for found in by_side.values():
        assert {name: getattr(found.total, name) for name in rules.MEASURES} == WHOLE
        assert (found.total.half, found.total.most) == (3, 3)
        assert (found.open.all, found.open.overdue) == (1, 0)
    (row,) = by_side["away"].rows
    assert row.name.endswith("临泊区政务服务大厅")
    assert selectors.sides(month.away) == ["away"] and selectors.sides(month.home) == ["home"]
    third = people.staff_actor(
        "hall_manager", department_id=people.department("海棠中心", region="990106000000")
    )
    assert selectors.sides(third) == [] == list(selectors.figures(third, ASKED, TODAY).rows)
    organ = f.Department.objects.get(code="QH-SCJG").pk
    head = people.staff_actor("department_head", department_id=organ)

    found = selectors.figures(head, Asked("home", SEPTEMBER, SEPTEMBER, by="organ"), TODAY)

    assert [(row.name, row.counted.received) for row in found.rows] == [("澜州市清禾区市场监督管理局", 2)]


def test_each_number_leads_to_as_many_receptions_and_the_rows_sum_up(month, django_assert_max_num_queries):
    for by in selectors.DIMENSIONS:
        with django_assert_max_num_queries(10):
            found = selectors.figures(month.away, Asked("away", SEPTEMBER, SEPTEMBER, by=by), TODAY)
        assert sum(row.counted.received for row in found.rows) == found.total.received == 2
        assert all(row.name for row in found.rows)
    for measure in rules.MEASURES:
        asked = Asked("away", SEPTEMBER, SEPTEMBER, measure=measure)
        assert len(selectors.behind(month.away, asked, TODAY)[0]) == WHOLE[measure], measure
    going, given_out = month.numbers
    opened = Asked("home", SEPTEMBER, SEPTEMBER, measure="open-0-5")
    assert [one.number for one in selectors.behind(month.home, opened, TODAY)[0]] == [going]
    late = Asked("away", SEPTEMBER, SEPTEMBER, measure="open-61-")
    assert selectors.behind(month.away, late, TODAY)[0] == []
    (line,) = selectors.behind(month.away, Asked("away", SEPTEMBER, SEPTEMBER, measure="given"), TODAY)[0]
    assert (line.number, line.days) == (given_out, 3)
    for asked in (
        Asked("away", date(2026, 8, 1), date(2026, 8, 1)),
        Asked("away", SEPTEMBER, SEPTEMBER, item="NO-SUCH"),
        Asked("away", SEPTEMBER, SEPTEMBER, hall="QH-H"),
        Asked("away", SEPTEMBER, SEPTEMBER, agreement="XY0"),
    ):
        assert selectors.figures(month.away, asked, TODAY).rows == ()


def test_an_event_told_again_and_a_sweep_change_nothing_and_a_missed_one_is_made_good(month):
    before = kept()

    for pk in ReceptionFacts.objects.values_list("pk", flat=True):
        services.count(pk)
    assert kept() == before

    ReceptionFacts.objects.all().delete()
    MonthFigure.objects.all().delete()
    assert services.recount() == 2
    assert kept() == before


def test_the_page_its_list_and_its_table_say_the_same(month, client):
    people.signed_in(client, User.objects.get(pk=month.away.user_id))
    query = {"since": "2026-09", "until": "2026-09", "by": "item"}

    page = client.get(reverse("across:figures"), query).content.decode()
    listed = client.get(reverse("across:behind"), query | {"measure": "received"}).content.decode()
    answer = client.get(reverse("across:figures_export"), query)

    assert "2件</a>" in page and "3天内" in page and "食品经营许可" in page
    assert all(case_number(number) in listed for number in month.numbers)
    rows = list(
        load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True)
    )
    assert rows[-1][0] == "合计" and rows[-1][1] == 2 and rows[-1][-2:] == (3, 3)
    odd = client.get(reverse("across:figures"), {"since": "x", "until": "9999-99", "by": "x", "side": "x"})
    assert odd.status_code == 200
    for asked in ({"until": "0001-01"}, {"since": "0001-01", "until": "0001-02"}):
        assert client.get(reverse("across:figures"), asked).status_code == 200, asked
