"""Overdue and undecided; the street an application is about; every figure has its scan."""

import re
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mingqu.cases import services as cases
from mingqu.cases.models import Case
from mingqu.cases.rules import street_in
from mingqu.cases.tests import factories as f
from mingqu.evaluation.tests.factories import delivered_case, rate
from mingqu.insight import rules, selectors, services
from mingqu.insight.models import CaseFacts, DayFigures
from mingqu.insight.selectors import Kept
from mingqu.insight.selectors.behind import behind
from mingqu.insight.tests.test_kept_figures import told
from mingqu.insight.tests.test_pages import client_of, head
from mingqu.insight.types import MEASURES, STANDING, Asked, Span
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.regions import load_demo_district

DAY = timedelta(days=1)
STREET, TOWN = "990104001000", "990104100000"
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def at(day):
    return datetime.combine(day, time(10), BEIJING)


def overdue(day):
    """Kept and by the scan, which are the same."""
    kept = selectors.sums(Kept.everything(), Span(day, day))["overdue"]
    assert kept == services.scan(Span(day, day))["overdue"]
    return kept


@pytest.mark.django_db
def test_a_case_is_overdue_from_the_day_after_its_last_until_it_is_decided():
    w = f.world()
    case = f.reviewed_case(w)
    told()
    due = case.due_on
    assert [overdue(day) for day in (due - DAY, due, due + DAY, due + 9 * DAY)] == [0, 0, 1, 1]

    cases.decide_case(
        case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=at(due + 5 * DAY), key=uuid4()
    )
    told()

    assert [overdue(due + n * DAY) for n in (0, 1, 4, 5, 6)] == [0, 1, 1, 0, 0]
    sums = selectors.sums(Kept.everything(), Span(due + 5 * DAY, due + 5 * DAY))
    assert (sums["late"], services.agrees(Span(due, due + 9 * DAY))) == (1, True)


@pytest.mark.django_db
def test_time_that_stands_still_is_not_overdue_and_a_day_moved_silently_is_settled():
    w = f.world()
    case = f.accepted_case(w)
    told()
    due = case.due_on
    cases.pause_case(
        case_id=case.pk, ground="expert_review", expected_until=due + 30 * DAY, reason="新工艺", by=w.reviewer,
        at=at(due - DAY), key=uuid4(),
    )  # fmt: skip
    told()
    assert overdue(due + DAY) == 0

    cases.resume_case(case_id=case.pk, reason="收到意见", by=w.reviewer, at=at(due + 9 * DAY), key=uuid4())
    told()
    now = Case.objects.get(pk=case.pk).due_on
    assert (overdue(now), overdue(now + DAY)) == (0, 1)

    Case.objects.filter(pk=case.pk).update(due_on=now + 7 * DAY)  # a notice of holidays, which no event tells
    assert services.differences([case.pk])[0].measure == "overdue"
    assert (services.settle_due(), services.settle_due()) == (1, 0)
    assert (overdue(now + DAY), overdue(now + 8 * DAY)) == (0, 1)


@pytest.mark.django_db
def test_what_is_overdue_is_on_the_page_and_leads_to_its_case():
    w = f.world()
    case = f.accepted_case(w)
    told()
    day = case.due_on + DAY

    actor = head(w)
    found = selectors.statistics(actor, Asked(kind="month", on=day, shown="overdue"), day)
    line = next(one for one in found.lines if one.value.figure.code == "overdue")
    of_row = next(one for one in found.rows[0].values if one.figure.code == "overdue")
    assert (line.value.of, of_row.of, found.drawn[-1][1].of, len(found.rows)) == (1, 1, 1, 1)
    shown = behind(actor, "overdue", Span(day, day), Asked(kind="day", on=day))
    assert [(one.number, one.due_on, one.late) for one in shown.lines] == [(case.number, case.due_on, True)]
    by_day = selectors.statistics(actor, Asked(kind="month", on=day, by="day"), day)
    assert len(by_day.rows) <= 2


@pytest.mark.django_db
def test_every_measure_of_every_figure_is_scanned_and_none_may_differ():
    """A figure without a scan, or with one that looks away, fails here."""
    w = f.world()
    rate(w, delivered_case(w), 4)
    f.accepted_case(w)
    told()
    month = Span(date(2026, 9, 1), date(2026, 9, 30))

    measured = {name.lstrip("-") for one in selectors.figures() for name in (*one.of, *one.by)}
    assert measured <= {*MEASURES, *STANDING} <= set(services.scan(month))
    assert services.agrees(month)
    for measure in MEASURES:
        DayFigures.objects.update(**{measure: F(measure) + 1})
        assert not services.agrees(month), measure
        DayFigures.objects.update(**{measure: F(measure) - 1})
    CaseFacts.objects.update(overdue_from=month.until, ended_on=None)
    assert not services.agrees(month)


@given(st.none() | days, st.none() | days)
def test_overdue_is_what_is_past_its_last_day_and_goes_on(due, ended):
    first = rules.overdue_from(due, ended)

    for day in (due, ended, date(2026, 6, 1)):
        if day is not None:
            expected = due is not None and due < day and not (ended and ended <= day)
            assert (first is not None and first <= day and not (ended and ended <= day)) == expected


# Streets --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("addresses", "street"),
    [
        (["青澜街道望渠路5号"], STREET),
        (["澜州市清禾区禾塘镇示例路2号"], TOWN),
        (["望渠路5号"], ""),  # honest: 未填
        (["从青澜街道到禾塘镇"], ""),  # two: which one is not said
        (["望渠路5号", "禾塘镇8号"], TOWN),
        ([], ""),
    ],
)
def test_a_street_is_what_the_first_address_names_that_names_one(addresses, street):
    assert street_in(addresses, {"青澜街道": STREET, "禾塘镇": TOWN}) == street
    assert street_in(addresses, {"青澜街道": STREET, "禾塘镇": TOWN, "澜街道": "x"}) == street


@pytest.mark.django_db
def test_rows_by_street_are_those_of_the_addresses_and_lead_on():
    w = f.world()
    load_demo_district()
    f.received_case(w)
    f.received_case(w, answers=f.ANSWERS | {"premises": "望渠路5号，没有写街道"})
    f.received_case(w, answers=f.ANSWERS | {"premises": "禾塘镇示例路2号"})
    services.rebuild(timezone.now())
    day = f.FRIDAY_NOON.date()
    actor = head(w)

    found = selectors.statistics(actor, Asked(kind="day", on=day, by="region"), day)
    assert {(row.key, row.name, row.number) for row in found.rows} >= {
        (TOWN, "禾塘镇", 1),
        ("none", "未填", 1),
    }
    assert dict(found.streets)[TOWN] == "禾塘镇" and found.streets[-1] == ("none", "未填")
    for key, number in (("none", next(r.number for r in found.rows if r.key == "none")), (TOWN, 1)):
        asked = Asked(kind="day", on=day, region=key)
        narrowed = selectors.statistics(actor, asked, day)
        assert sum(row.number for row in narrowed.rows) == number
        assert len(behind(actor, "received", Span(day, day), asked).lines) == number
    page = client_of(actor).get(f"{reverse('insight:statistics')}?period=day&on={day}&by=region")
    assert re.search(r'<option value="none"[^>]*>未填', page.content.decode())
