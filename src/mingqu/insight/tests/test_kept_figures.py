"""The figures of a day: kept by events, made anew by a scan, and the same in every case."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases import services as cases
from mingqu.cases.tests import factories as f
from mingqu.evaluation.tests.factories import delivered_case, not_accepted_case, rate, withdrawn_case
from mingqu.insight import rules, services
from mingqu.insight.models import CaseFacts, DayFigures
from mingqu.insight.types import MEASURES, Facts, Span
from mingqu.kernel.relay import round_once

FIRST = date(2026, 9, 18)


def told():
    """Everything that happened is told to the rooms that follow it."""
    while round_once(timezone.now()):
        pass


def kept(since=date(2026, 1, 1), until=date(2027, 1, 1)):
    sums = DayFigures.objects.filter(day__gte=since, day__lte=until).aggregate(
        **{m: Sum(m) for m in MEASURES}
    )
    return {measure: number for measure, number in sums.items() if number}


def rows():
    """Those with something in them: a row of zeros may stay."""
    names = [c.column for c in DayFigures._meta.concrete_fields]
    return sorted(
        (one for one in DayFigures.objects.values(*names) if any(one[m] for m in MEASURES)), key=str
    )


@pytest.fixture
def month(db):
    """A case of each end; what happened was told."""
    w = f.world()
    rate(w, delivered_case(w), 5)
    rate(w, withdrawn_case(w), 1)
    not_accepted_case(w)
    f.decided_case(w, outcome="refused")
    f.correction_case(w)
    f.received_case(w)
    told()
    return w


def test_a_month_kept_by_events_equals_a_scan_of_the_cases(month):
    counted = services.scan(Span(date(2026, 9, 1), date(2026, 9, 30)))

    assert kept(date(2026, 9, 1), date(2026, 9, 30)) == {
        name: number for name, number in counted.items() if number
    }
    assert (counted["level5"], counted["timed"], counted["early"], counted["overdue"]) == (1, 2, 2, 0)
    assert counted["received"] == 6 and counted["ended"] == 4 and counted["corrections"] == 1


def test_the_scan_makes_the_same_rows_as_the_events(month):
    before, facts = rows(), list(CaseFacts.objects.order_by("pk").values())

    assert services.rebuild(timezone.now()) == 6

    assert rows() == before and facts == list(CaseFacts.objects.order_by("pk").values())


def test_an_event_told_again_changes_nothing(month):
    before = rows()

    services.follow(CaseFacts.objects.values_list("pk", flat=True))

    assert rows() == before


def test_what_becomes_known_late_moves_to_its_day(db):
    w = f.world()
    case = f.received_case(w)
    told()
    later = f.FRIDAY_NOON + timedelta(days=14)
    cases.deem_accepted(case_id=case.pk, at=later)
    told()

    (day,) = DayFigures.objects.filter(accepted=1).values_list("day", flat=True)
    assert day == FIRST


def test_a_missed_event_is_found_by_the_nightly_sample(month):
    row = CaseFacts.objects.filter(ending="refused").get()
    assert services.differences([row.pk]) == []

    CaseFacts.objects.filter(pk=row.pk).update(ending="granted")

    assert {one.measure for one in services.differences([row.pk])} == {"granted", "refused"}


days = st.dates(date(2026, 8, 20), date(2026, 11, 10))
facts = st.builds(
    Facts,
    received_on=days,
    accepted_on=st.none() | days,
    ended_on=days,
    ending=st.sampled_from(["", "granted", "refused", "not_accepted", "withdrawn", "terminated"]),
    timing=st.sampled_from(["", "early", "on_day", "late", "late_law"]),
    online=st.booleans(),
    electronic=st.booleans(),
    visits=st.integers(0, 4),
    corrections=st.lists(days, max_size=2).map(tuple),
    ratings=st.lists(st.tuples(days, st.integers(1, 5)), max_size=2).map(tuple),
)


@given(st.lists(st.tuples(st.integers(0, 5), facts), max_size=30))
def test_whatever_happens_in_whatever_order_the_sums_are_those_of_the_last_facts(told_facts):
    """Each telling of a case takes off what it added before: what is left is a scan of how the cases stand."""
    sums, last = Counter(), {}
    for case, now in told_facts:
        sums.subtract(rules.added(last[case]) if case in last else Counter())
        sums.update(rules.added(now))
        last[case] = now
    scanned = Counter()
    for now in last.values():
        scanned.update(rules.added(now))

    assert {key: number for key, number in sums.items() if number} == dict(scanned)


@given(facts)
def test_the_parts_of_a_figure_never_exceed_the_whole(one):
    sums = Counter()
    for (_day, measure), number in rules.added(one).items():
        sums[measure] += number

    assert sums["on_time"] + sums["late"] == sums["timed"] <= sums["decided"]
    assert sums["early"] <= sums["on_time"] and sums["late_law"] <= sums["late"]
    assert sums["full_online"] <= min(sums["zero_visit"], sums["received"])
    endings = ("granted", "refused", "not_accepted", "not_required", "withdrawn", "terminated")
    assert sums["ended"] == sum(sums[name] for name in endings)
