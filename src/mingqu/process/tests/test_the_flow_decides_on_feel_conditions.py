"""Conditions are FEEL over what the flow decides on; nothing else of the owner's data is kept."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from mingqu.kernel.errors import NoCommand
from mingqu.kernel.ids import new_id
from mingqu.process import services
from mingqu.process.errors import OwnerUnknown, PlanUnknown
from mingqu.process.models import ProcessInstance, Variable
from mingqu.process.types import StepRow

from .running import AT, CLERK, OWNER, Running, acting

pytestmark = pytest.mark.django_db

RAW = 'some f in situation.foods satisfies f in ["cold", "raw", "cake"]'


def food(when: str) -> Running:
    rows = [
        StepRow("receive", "收件", "window"),
        StepRow("visit", "现场核查", "visitor", when=when),
        StepRow("decide", "决定", "leader"),
    ]
    situation = {"foods": ["hot", "raw"], "subject": "person"}
    return Running(services.plan_from_steps(rows), {"situation": situation, "phone": "19900001111"})


def test_raw_food_is_visited() -> None:
    running = food(RAW)
    running.complete("receive")
    assert running.open == ["visit"]


def test_hot_food_alone_is_not_visited() -> None:
    running = food(RAW.replace('"raw", ', ""))
    running.complete("receive")
    assert running.open == ["decide"]


def test_only_what_the_flow_decides_on_is_kept_and_that_encrypted() -> None:
    running = food(RAW)
    (variable,) = Variable.objects.filter(root_id=running.root_id)
    assert (variable.name, variable.value) == ("situation.foods", ["hot", "raw"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM process_variable UNION ALL SELECT event FROM process_history")
        raw = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert b"raw" not in raw and b"1990000" not in raw


def test_an_answer_given_later_replaces_the_first() -> None:
    running = food(RAW)
    running.complete("receive", situation={"foods": ["hot"]})
    assert running.open == ["decide"]


@pytest.mark.parametrize(("outcome", "opened"), [("doubtful", ["visit"]), ("ok", ["decide"])])
def test_the_outcome_of_a_step_can_decide(outcome: str, opened: list[str]) -> None:
    running = food('outcome.receive = "doubtful"')
    running.complete("receive", outcome)
    assert running.open == opened


@pytest.mark.parametrize("when", ["situation.area > 100", "situation.subject", "count(situation.foods)"])
def test_what_is_unknown_or_neither_true_nor_false_is_not_true(when: str) -> None:
    running = food(when)
    running.complete("receive")
    assert running.open == ["decide"]


@pytest.mark.parametrize(("hour", "opened"), [(15, ["decide"]), (16, ["visit"])])
def test_today_is_the_legal_day_of_the_event(hour: int, opened: list[str]) -> None:
    """16:00 UTC is midnight in Beijing."""
    running = food('today >= date("2026-09-19")')
    running.at = datetime(2026, 9, 18, hour, 30, tzinfo=UTC)
    running.complete("receive")
    assert running.open == opened


def test_nothing_starts_for_an_owner_nobody_registered_or_a_plan_nobody_stored() -> None:
    plan = services.plan_from_steps([StepRow("a", "甲", "p")])
    given = {"root_id": new_id(), "data": {}, "by": CLERK, "at": AT}
    with pytest.raises(PlanUnknown), acting(given["root_id"]):
        services.start(owner=OWNER, plan="0" * 64, **given)
    digest = services.keep_plan(plan)
    with pytest.raises(OwnerUnknown), acting(given["root_id"]):
        services.start(owner="nobody", plan=digest, **given)
    with pytest.raises(NoCommand):
        services.start(owner=OWNER, plan=digest, **given)
    assert not ProcessInstance.objects.filter(root_id=given["root_id"]).exists()


def test_a_name_can_not_be_taken_by_a_second_owner() -> None:
    with pytest.raises(ValueError, match="twice"):
        services.register_owner(OWNER, lambda root_id, effects, at: None)
