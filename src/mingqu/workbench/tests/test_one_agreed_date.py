"""Departments of one 一件事 come on one agreed date; another one is said aloud. Pure: no database."""

from datetime import date, datetime
from types import SimpleNamespace
from uuid import uuid4

from mingqu.identity.types import OfficerView
from mingqu.kernel.legal_day import BEIJING
from mingqu.workbench.selectors.visits import first_day
from mingqu.workbench.visit_forms import PlanForm

AGREED, OTHER = date(2026, 11, 25), date(2026, 11, 26)
OFFICERS = [OfficerView(uuid4(), "丁防", "消防现场检查岗"), OfficerView(uuid4(), "石安澜", "消防检查承办岗")]


def form(day: date, *, agreed=frozenset({AGREED}), **more) -> PlanForm:
    data = {
        "key": str(uuid4()),
        "day_year": str(day.year),
        "day_month": str(day.month),
        "day_day": str(day.day),
        "hour": "10:00",
        "place": "青澜街道示例路41号",
        "first": str(OFFICERS[0].person_id),
        "second": str(OFFICERS[1].person_id),
    }
    return PlanForm(data | more, officers=OFFICERS, agreed=agreed)


def test_the_day_and_hour_another_department_agreed_on_are_proposed():
    beside = [SimpleNamespace(day=AGREED, when=datetime(2026, 11, 25, 14, 30, tzinfo=BEIJING))]

    assert first_day(datetime(2026, 11, 20, 9, tzinfo=BEIJING), beside) == {"day": AGREED, "hour": "14:30"}


def test_another_day_than_the_agreed_one_is_refused_until_it_is_said_aloud():
    assert form(AGREED).is_valid()
    refused = form(OTHER)
    assert not refused.is_valid() and "2026年11月25日" in refused.errors["day"][0]
    assert form(OTHER, apart="on").is_valid()


def test_where_no_other_department_comes_any_day_may_be_agreed_on():
    alone = form(OTHER, agreed=())
    assert alone.is_valid() and "apart" not in alone.fields
