"""
A timer that reads a clock of its owner keeps no deadline of its own (design rule 8); and a timer killed while it fires
fires once.
"""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from mingqu.process import owners, selectors, tasks
from mingqu.process.models import History, Wait
from mingqu.process.plan import Plan
from mingqu.process.state import shape

from .bpmn_files import task, way
from .running import AT, OWNER, Running
from .test_events_and_frames import TIMER, boundary, end, plan_of
from .test_killed_between_two_statements import Killer

DAYS: dict[str, str] = {}
"""What the pretended owner's clocks say."""


def reading(expression: str) -> Plan:
    text = f"<timerEventDefinition><timeDate>{expression}</timeDate></timerEventDefinition>"
    return plan_of(
        task("a"), boundary("b", text), task("late"), end("e2"),
        *way("s", "a", "e"), *way("b", "late", "e2"),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    DAYS.clear()
    DAYS["statutory"] = "2026-10-10"
    known = owners.owner(OWNER)
    monkeypatch.setitem(
        owners._owners,
        OWNER,
        owners.Owner(lambda root, effects, at: None, known.due_on, None, lambda root, at: dict(DAYS)),
    )


def kinds(running: Running) -> list[str]:
    rows = History.objects.filter(root_id=running.root_id).order_by("seq")
    return list(rows.values_list("kind", flat=True))


@pytest.mark.django_db
def test_it_fires_on_the_day_the_clock_says_then_and_not_the_one_it_said_before() -> None:
    running = Running(reading('date(clock.statutory) - duration("P1D")'))
    begun = Wait.objects.get(root_id=running.root_id).due_at
    DAYS["statutory"] = "2026-10-20"  # extended, or stood still

    tasks.fire_timers(begun + timedelta(hours=1))

    assert running.open == ["a"]
    assert Wait.objects.get(root_id=running.root_id).due_at == begun + timedelta(days=10)
    assert kinds(running) == ["start", "put_off"]
    tasks.fire_timers(begun + timedelta(days=10))
    assert running.open == ["late"]
    assert selectors.differences(running.root_id, running.id) == {}


@pytest.mark.django_db
def test_a_day_that_comes_nearer_is_seen_by_the_sweep() -> None:
    running = Running(reading("clock.statutory"))
    begun = Wait.objects.get(root_id=running.root_id).due_at
    assert tasks.follow_clocks(AT) == ""
    assert kinds(running) == ["start"]  # nothing moved, nothing written
    DAYS["statutory"] = "2026-10-08"

    assert tasks.follow_clocks(AT) == ""

    assert Wait.objects.get(root_id=running.root_id).due_at == begun - timedelta(days=2)
    assert kinds(running) == ["start", "put_off"]
    assert selectors.differences(running.root_id, running.id) == {}


@pytest.mark.django_db
def test_where_the_clock_has_ended_it_fires_as_it_stood_and_what_it_read_is_kept_nowhere() -> None:
    running = Running(reading("clock.statutory"))
    begun = Wait.objects.get(root_id=running.root_id).due_at
    DAYS.clear()

    assert tasks.follow_clocks(AT) == ""
    tasks.fire_timers(begun)

    assert running.open == ["late"]
    assert not any("clock" in name for name in selectors.stored(running.root_id, running.id).variables)


def fire_and_die(running: Running, before: int) -> bool:
    """The sweep in a child that dies before its statement number `before`; whether it was killed."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(Killer(before)):
                said = tasks.fire_timers(AT + timedelta(days=6))
            os._exit(0 if said == "" else 2)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def test_a_kill_at_any_statement_of_the_sweep_leaves_the_timer_unfired_or_fired_once(
    committed_db: Any,
) -> None:
    plan = plan_of(
        task("a"), boundary("b", TIMER.format("P5D")), task("late"), end("e2"),
        *way("s", "a", "e"), *way("b", "late", "e2"),
    )  # fmt: skip
    running = Running(plan)
    old = shape(selectors.stored(running.root_id, running.id))
    statement, killed = 0, True
    while killed:
        statement += 1
        killed = fire_and_die(running, statement)
        now = shape(selectors.stored(running.root_id, running.id))
        assert (now == old) is killed, f"before statement {statement}"
        assert selectors.differences(running.root_id, running.id) == {}
    assert running.open == ["late"]
    assert statement > 4, "every statement of the sweep was tried"
    tasks.fire_timers(AT + timedelta(days=7))
    assert kinds(running) == ["start", "trigger"]
