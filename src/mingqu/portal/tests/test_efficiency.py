"""效能公开 (ARC-06): everyone reads the counts the desk reads, of the last thirty whole days."""

from datetime import timedelta

import pytest
from django.test import Client

from mingqu.cases.tests import factories as f
from mingqu.kernel import training
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models_regions import Region
from mingqu.kernel.regions import load_demo_district
from mingqu.portal.selectors import efficiency

LATER = f.FRIDAY_NOON + timedelta(days=10)
TODAY = legal_day(LATER)


@pytest.fixture
def decided(w):
    return [f.decided_case(w), f.decided_case(w, outcome="refused")]


def test_it_counts_what_was_decided_granted_or_not_with_both_limits(decided):
    page = efficiency.page(TODAY)
    (row,) = page.rows

    assert (page.cases, page.came, page.share) == (2, 0, "100%")
    assert (row.code, row.cases, row.without, row.average) == ("QH-SPJYXK", 2, 2, "0.00")
    assert (row.statutory, row.promised, row.rate) == ("20个工作日", "8个工作日", "60%")


def test_a_visit_to_the_window_is_counted_as_at_the_desk(decided):
    type(decided[0]).objects.filter(pk=decided[0].pk).update(visits=3)
    page = efficiency.page(TODAY)

    assert (page.came, page.share, page.rows[0].average) == (3, "50%", "1.50")


def test_by_organ_there_is_one_row_and_no_limits(decided):
    (row,) = efficiency.page(TODAY, by_organ=True).rows

    assert (row.name, row.cases, row.statutory, row.rate) == ("澜州市清禾区市场监督管理局", 2, "", "60%")


@pytest.mark.parametrize("asked", [{"item": "QH-HWZP"}, {"organ": "QH-ZWZX"}])
def test_of_another_item_or_organ_there_is_nothing(decided, asked):
    assert efficiency.page(TODAY, **asked).rows == []


def test_today_and_what_is_older_than_thirty_days_are_not_in_it(decided):
    assert efficiency.page(legal_day(f.FRIDAY_NOON)).rows == []
    assert efficiency.page(legal_day(f.FRIDAY_NOON) + timedelta(days=efficiency.DAYS)).cases == 2
    assert efficiency.page(legal_day(f.FRIDAY_NOON) + timedelta(days=efficiency.DAYS + 1)).cases == 0


def test_training_regions_are_nobodys_figures(decided):
    load_demo_district()
    Region.objects.filter(code="990104000000").update(training=True)
    training.known.read_at = None

    assert efficiency.page(TODAY).rows == []


def test_the_page_takes_few_statements_and_says_whom_nothing(decided, django_assert_max_num_queries):
    client = Client()
    client.get("/efficiency/")
    with django_assert_max_num_queries(8):
        text = client.get("/efficiency/?by=organ").content.decode()

    assert decided[0].applicant_name not in text and decided[0].number not in text


def test_who_asks_without_end_makes_nobody_count_without_end(decided, django_assert_num_queries):
    """What was decided in a month may be a hundred thousand cases, and anybody may ask."""
    first = efficiency.page(TODAY, by_organ=True)
    with django_assert_num_queries(0):
        again = efficiency.page(TODAY, by_organ=True)
        made_up = [efficiency.page(TODAY, organ=f"QH-{n}", by_organ=True) for n in range(80)]

    assert again == first and all(page.rows == [] and page.organs == first.organs for page in made_up)
    assert len(efficiency.kept) == 1


def test_what_was_counted_is_counted_again_after_some_minutes(decided, monkeypatch):
    assert efficiency.page(TODAY).came == 0
    type(decided[0]).objects.filter(pk=decided[0].pk).update(visits=3)
    assert efficiency.page(TODAY).came == 0

    now = efficiency.monotonic()
    monkeypatch.setattr(efficiency, "monotonic", lambda: now + efficiency.FRESH_FOR + 1)
    assert efficiency.page(TODAY).came == 3
