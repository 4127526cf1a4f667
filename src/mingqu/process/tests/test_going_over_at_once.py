"""A move while a timer fires, a message or signal comes, or the power fails: one of the two orders, nothing twice."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, connections

from mingqu.process import services, tasks
from mingqu.process.models import Wait
from mingqu.process.plan import Plan

from .bpmn_files import task, way
from .going_over import otherwise
from .running import AT, OTHER, Running, acting
from .test_events_and_frames import boundary, event, named, plan_of
from .test_going_over_on_rows import DAY, MOVED, due, given, kinds, late, nested, rows, sound, worker
from .test_killed_between_two_statements import Killer
from .test_two_connections_at_once import act, both

__all__ = ["worker"]  # for every test here


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize("timer_first", [True, False])
def test_a_move_and_a_timer_at_once_give_one_of_the_two_orders_and_it_fires_once(
    committed_db: dict[str, str], timer_first: bool
) -> None:
    running = Running(late())
    then = AT + 6 * DAY
    new, steps = otherwise(late())
    digest = services.keep_plan(new)
    wait = Wait.objects.get(root_id=running.root_id)
    fires = act(running, services.fire, at=then, instance_id=running.id, wait_id=wait.id)
    goes = moving(running, digest, steps, then)
    assert both(*((fires, goes) if timer_first else (goes, fires)), committed_db) is None
    assert (running.open, sound(running)) == (["n_late"], True)
    assert kinds(running).count("trigger") == kinds(running).count("replan") == 1


def moving(running: Running, digest: str, steps: Mapping[str, str], at: datetime) -> Any:
    return act(running, services.replan, at=at, instance_id=running.id, plan=digest, steps=steps, data={})


@pytest.mark.usefixtures("committed_db")
def test_a_timer_that_the_move_puts_off_does_not_fire_though_the_sweep_had_chosen_it(
    committed_db: dict[str, str],
) -> None:
    running = Running(late())
    then = AT + 6 * DAY
    digest = services.keep_plan(late("P9D"))
    wait = Wait.objects.get(root_id=running.root_id)
    fires = act(running, services.fire, at=then, instance_id=running.id, wait_id=wait.id)
    assert both(moving(running, digest, {}, then), fires, committed_db) is None
    assert (running.open, due(running), sound(running)) == (["a"], AT + 9 * DAY, True)
    tasks.fire_timers(AT + 10 * DAY)
    assert (running.open, kinds(running)) == (["late"], ["start", "replan", "trigger"])


LETTER = event("intermediateCatchEvent", "w", '<messageEventDefinition messageRef="msg"/>')


def letter() -> Plan:
    return plan_of(LETTER, task("c"), *way("s", "w", "c", "e"))


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize("message_first", [True, False])
def test_a_message_in_the_middle_of_a_move_is_neither_lost_nor_doubled(
    committed_db: dict[str, str], message_first: bool
) -> None:
    running = Running(letter())
    new, steps = otherwise(letter())
    goes = moving(running, services.keep_plan(new), steps, AT)
    comes = act(running, services.deliver, message="回函", data={})
    assert both(*((comes, goes) if message_first else (goes, comes)), committed_db) is None
    assert (running.open, sound(running)) == (["n_c"], True)
    assert kinds(running).count("trigger") == kinds(running).count("replan") == 1


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize(
    ("occasion", "ref", "refusal"), [("signal", "sig", None), ("message", "msg", "not_awaited")]
)
def test_what_comes_for_a_wait_that_the_move_took_away_breaks_nothing(
    committed_db: dict[str, str], occasion: str, ref: str, refusal: str | None
) -> None:
    """A signal reaches nobody; the sender of a message is told."""
    old = plan_of(task("a"), boundary("b", named(occasion, ref)), *way("s", "a", "e"), *way("b", "e"))
    running = Running(old)
    goes = moving(running, services.keep_plan(plan_of(task("a"), *way("s", "a", "e"))), {"b": ""}, AT)
    comes = act(running, services.signal, name="停办")
    if occasion == "message":
        comes = act(running, services.deliver, message="回函", data={})
    assert both(goes, comes, committed_db) == refusal
    assert (running.open, kinds(running), sound(running)) == (["a"], ["start", "replan"], True)


def move_and_die(running: Running, digest: str, steps: Mapping[str, str], before: int) -> bool:
    """The move in a child that dies before its statement number `before`; whether it was killed."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(Killer(before)), acting(running.root_id, OTHER, MOVED):
                services.replan(**given(running, digest, steps, MOVED))
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def test_a_kill_at_any_statement_of_a_move_leaves_the_old_or_the_new_state_whole(committed_db: Any) -> None:
    running = Running(nested())
    new, steps = otherwise(nested())
    digest = services.keep_plan(new)
    old = rows(running)
    statement, killed = 0, True
    while killed:
        statement += 1
        killed = move_and_die(running, digest, steps, statement)
        assert (rows(running) == old) is killed, f"before statement {statement}"
        assert sound(running)
    assert running.open == ["n_in", "n_in", "n_x", "n_x"]
    assert statement > 4, "every statement of the move was tried"
