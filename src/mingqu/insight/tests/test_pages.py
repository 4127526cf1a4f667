"""The page of statistics: what a post watches over, compared, opened, taken away."""

import io
import re

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.evaluation.tests.factories import delivered_case, withdrawn_case
from mingqu.identity.tests import factories as people
from mingqu.insight import rules, selectors, services
from mingqu.insight.models import DayFigures
from mingqu.insight.selectors.behind import BEHIND, behind
from mingqu.insight.types import Asked, Span
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
SPAN = Span(f.FRIDAY_NOON.date(), f.FRIDAY_NOON.date())
MONTH = "period=month&on=2026-09-30"


@pytest.fixture
def house():
    w = f.world()
    delivered_case(w)
    withdrawn_case(w)
    f.received_case(w)
    services.rebuild(timezone.now())
    return w


def head(w, department=None):
    return people.staff_actor("department_head", department_id=department or w.bureau)


def client_of(actor):
    from django.test import Client

    from mingqu.identity.models import User

    return people.signed_in(Client(), User.objects.get(pk=actor.user_id))


def test_each_number_opens_as_many_cases_as_it_says(house):
    actor = head(house)
    found = selectors.statistics(actor, Asked(kind="day", on=SPAN.since), SPAN.since)
    told = {line.value.figure.code: line.value for line in found.lines}

    assert told["received"].of == 3 and told["ended"].of == 2 and told["granted"].of == 1
    for code in BEHIND:
        if code not in ("visits", "compression"):
            shown = behind(actor, code, SPAN, Asked())
            assert len(shown.lines) == told[code].of, code


@pytest.mark.parametrize("by", ["department", "item", "region", "window", "channel", "day"])
def test_a_number_of_a_row_opens_the_cases_of_that_row(house, by):
    client = client_of(head(house))
    page = client.get(f"{reverse('insight:statistics')}?{MONTH}&by={by}").content.decode()
    rows = page.partition('id="s-rows"')[2].partition("</table>")[0]
    opened = re.findall(r'<a href="([^"]*/cases/[^"]*figure=received[^"]*)">(\d+)</a>', rows)

    assert sum(int(number) for _address, number in opened) == 3
    for address, number in opened:
        shown = client.get(address.replace("&amp;", "&")).content.decode()
        assert shown.count('<th role="rowheader"') == int(number), address


def test_the_cases_behind_a_number_are_taken_away_and_lead_back_to_what_was_asked(house):
    client, asked = client_of(head(house)), f"{MONTH}&by=item&figure=received"

    page = client.get(f"{reverse('insight:behind')}?{asked}").content.decode()
    made = client.get(f"{reverse('insight:behind_export')}?{asked}")

    assert "/desk/statistics/?period=month&amp;on=2026-09-30&amp;by=item" in page
    rows = list(openpyxl.load_workbook(io.BytesIO(made.content)).active.values)
    assert rows[0][:3] == ("办件编号", "事项", "部门") and len(rows) == 4
    assert all(row[2] == "澜州市清禾区市场监督管理局" for row in rows[1:])
    assert AuditEntry.objects.filter(action="statistics.export", notes__what="received").count() == 1
    assert client.get(f"{reverse('insight:behind_export')}?figure=good_rate").status_code == 404


def test_a_department_head_sees_their_department_and_no_other(house):
    other = people.department("澜州市清禾区水务局", code="QH-SWJ")

    theirs = selectors.statistics(head(house), Asked(kind="day", on=SPAN.since), SPAN.since)
    nothing = selectors.statistics(head(house, other), Asked(kind="day", on=SPAN.since), SPAN.since)
    behind_it = behind(head(house, other), "received", SPAN, Asked())

    assert theirs.rows and not nothing.rows and not behind_it.lines and not nothing.departments


@pytest.mark.parametrize("by", selectors.DIMENSIONS)
def test_the_rows_of_every_dimension_add_up_to_the_total(house, by):
    found = selectors.statistics(head(house), Asked(kind="month", on=SPAN.since, by=by), SPAN.since)

    assert sum(row.number for row in found.rows) == 3
    assert all(row.name and row.name != row.key for row in found.rows if by not in ("day", "region"))


def test_the_page_is_built_from_few_statements(house, django_assert_max_num_queries):
    client = client_of(head(house))
    address = f"{reverse('insight:statistics')}?{MONTH}"
    client.get(address)

    with django_assert_max_num_queries(24):
        answer = client.get(address)

    assert answer.status_code == 200 and "食品经营许可" in answer.content.decode()


def test_what_is_taken_away_is_the_table_and_is_written_down(house):
    client = client_of(head(house))

    answer = client.get(f"{reverse('insight:export')}?{MONTH}&by=item")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "事项" and rows[1][0] == "合计" and rows[1][1] == 3, "a number, to be added up"
    assert AuditEntry.objects.filter(action="statistics.export", notes__rows=2).count() == 1


@pytest.mark.parametrize("least", [10, 1])
def test_the_star_and_what_it_means_stand_together_or_not_at_all(house, monkeypatch, least):
    monkeypatch.setattr(rules, "MINIMUM", least)

    page = client_of(head(house)).get(f"{reverse('insight:statistics')}?{MONTH}").content.decode()

    assert ("＊</td>" in page, "＊不足" in page) == ((True, True) if least == 10 else (False, False))


def test_where_nothing_was_to_compare_with_the_page_says_so_in_words(house):
    page = client_of(head(house)).get(f"{reverse('insight:statistics')}?{MONTH}").content.decode()

    assert "环比：8月1日至8月31日没有办件，没有可比的。" in page and "同比：9月1日至9月30日没有办件" in page


def test_ratings_lead_to_no_case(house):
    assert behind(head(house), "good_rate", SPAN, Asked()) is None
    assert behind(head(house), "bad", SPAN, Asked()) is None


def test_a_part_that_can_not_be_read_never_widens_what_is_shown(house):
    found = selectors.statistics(
        head(house), Asked(kind="day", on=SPAN.since, department="all' OR 1=1"), SPAN.since
    )

    assert not found.rows and DayFigures.objects.exists() and Case.objects.count() == 3


@pytest.mark.parametrize("period", ["day", "week", "month", "year", "days"])
def test_a_day_at_the_end_of_the_calendar_is_as_if_it_was_not_there(period):
    boss = people.staff_actor("department_head", department_id=people.department("某局"))
    ends = "&".join(f"{name}=0001-01-01" for name in ("on", "since", "until"))
    for name in ("statistics", "behind"):
        page = client_of(boss).get(f"{reverse(f'insight:{name}')}?period={period}&{ends}&figure=received")
        assert page.status_code == 200
