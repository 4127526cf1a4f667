"""Public figures: sums kept by events, equal to a count of the ratings, with nothing made up."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases.tests import factories as f
from mingqu.evaluation import rules, selectors, services
from mingqu.evaluation.models import Rating, RatingCount
from mingqu.evaluation.tests.factories import NOON, rate, withdrawn_case
from mingqu.kernel import relay

DAY = date(2026, 9, 18)


def test_the_counts_equal_a_scan_of_the_ratings_and_a_second_relay_adds_nothing(db):
    w = f.world()
    for days, level in ((0, 5), (0, 5), (0, 2), (1, 3), (2, 1)):
        at = NOON + timedelta(days=days)
        rate(w, withdrawn_case(w, at=at), level, at=at)

    for _ in range(3):
        relay.round_once(NOON + timedelta(days=3))

    scan = Counter((r.department_id, r.item_code, r.rated_on, r.level) for r in Rating.objects.all())
    kept = {(c.department_id, c.item_code, c.day, c.level): c.count for c in RatingCount.objects.all()}
    assert kept == scan
    shown = selectors.figures(DAY, DAY + timedelta(days=1))
    assert {line.level: line.count for line in shown.levels} == {5: 2, 4: 0, 3: 1, 2: 1, 1: 0}
    assert shown.total == 4


def test_figures_of_an_item_or_department_leave_out_the_others(db):
    ours, theirs = uuid4(), uuid4()
    services.count_rating(ours, "A", DAY, 5)
    services.count_rating(ours, "B", DAY, 1)
    services.count_rating(theirs, "A", DAY, 2)

    assert selectors.figures(DAY, DAY, item_code="A").total == 2
    assert selectors.figures(DAY, DAY, department_id=ours).total == 2
    assert selectors.figures(DAY, DAY, item_code="A", department_id=ours).total == 1
    assert selectors.figures(DAY + timedelta(days=1), DAY + timedelta(days=9)).total == 0


def test_below_the_minimum_there_are_counts_but_no_rate(db):
    for _ in range(rules.MINIMUM - 1):
        services.count_rating(uuid4(), "A", DAY, 5)
    assert (selectors.figures(DAY, DAY).total, selectors.figures(DAY, DAY).good_rate) == (9, None)

    services.count_rating(uuid4(), "A", DAY, 1)
    assert selectors.figures(DAY, DAY).good_rate == Decimal("90.0")


def test_figures_take_one_statement(db):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        selectors.figures(DAY, DAY)
    assert len(seen) == 1


@given(st.dictionaries(st.sampled_from(rules.LEVELS), st.integers(0, 10**6)))
def test_the_rate_is_the_good_among_the_given(counts):
    rate_shown = rules.good_rate(counts)
    total = sum(counts.values())

    if total < rules.MINIMUM:
        assert rate_shown is None
        return
    exact = 100 * sum(counts.get(level, 0) for level in (5, 4, 3)) / total
    assert 0 <= rate_shown <= 100
    assert abs(float(rate_shown) - exact) <= 0.0501
