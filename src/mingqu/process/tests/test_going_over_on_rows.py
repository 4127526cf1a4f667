"""
A move with all that runs, on rows: they equal the history after each event, there and back.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from mingqu.kernel.types import Instant
from mingqu.process import bpmn, owners, selectors, services, tasks
from mingqu.process.conditions import names_read
from mingqu.process.errors import ReplanTouched
from mingqu.process.models import Frame, History, Join, Variable, Wait
from mingqu.process.plan import Plan
from mingqu.process.state import shape
from mingqu.process.types import WorkItem

from .bpmn_files import own, task, way
from .going_over import otherwise, renamed
from .running import AT, CLERK, OTHER, OWNER, Running, acting
from .test_elements_of_bpmn_become_a_plan import EVERYTHING, several, sub
from .test_events_and_frames import TIMER, boundary, end, event, named, plan_of, start

DAY = timedelta(days=1)
MOVED = AT + 2 * DAY


def work(root_id: UUID, item: WorkItem, at: Instant) -> tuple[str, Mapping[str, Any]]:
    return "done", {}


@pytest.fixture(autouse=True)
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    known = owners.owner(OWNER)
    monkeypatch.setitem(
        owners._owners, OWNER, owners.Owner(lambda root, effects, at: None, known.due_on, work)
    )


def sound(running: Running) -> bool:
    return selectors.differences(running.root_id, running.id) == {}


def move(running: Running, plan: Plan, steps: Mapping[str, str], at: datetime = MOVED) -> int:
    digest = services.keep_plan(plan)
    with acting(running.root_id, OTHER, at):
        return services.replan(**given(running, digest, steps, at))


def given(running: Running, digest: str, steps: Mapping[str, str], at: datetime) -> dict[str, Any]:
    return {
        "root_id": running.root_id,
        "instance_id": running.id,
        "plan": digest,
        "steps": steps,
        "data": {},
        "by": OTHER,
        "at": at,
    }


def move_back(running: Running, seq: int, at: datetime = MOVED) -> None:
    with acting(running.root_id, OTHER, at):
        services.replan_back(root_id=running.root_id, instance_id=running.id, seq=seq, by=OTHER, at=at)


def preview(running: Running, plan: Plan, steps: Mapping[str, str], at: datetime = MOVED) -> selectors.Would:
    digest = services.keep_plan(plan)
    return selectors.would_move(running.root_id, running.id, selectors.Move(digest, steps, {}, at))


def do_next(running: Running) -> bool:
    """The oldest open task, else the message that is awaited; whether there was either."""
    found = selectors.open_tasks(running.root_id)
    with acting(running.root_id, at=MOVED):
        about = {"root_id": running.root_id, "data": {}, "by": CLERK, "at": MOVED}
        if found:
            services.complete(task_id=found[0].task_id, outcome="ok", **about)
        elif Wait.objects.filter(root_id=running.root_id, occasion="message").exists():
            services.deliver(message="回函", **about)
        elif Wait.objects.filter(root_id=running.root_id, occasion="signal").exists():
            services.signal(root_id=running.root_id, name="停办", by=CLERK, at=MOVED)
        else:
            return False
    return True


def rows(running: Running) -> dict[str, Any]:
    """What only the tables say, besides the state: how waits are found, how frames and joins are called."""
    mine = {"root_id": running.root_id}
    waits = Wait.objects.filter(**mine).order_by("id")
    return {
        "waits": list(waits.values_list("id", "node", "occasion", "ref", "due_at", "left")),
        "frames": list(Frame.objects.filter(**mine).order_by("id").values_list("id", "node")),
        "joins": list(Join.objects.filter(**mine).order_by("id").values_list("id", "node", "status")),
        "variables": sorted(Variable.objects.filter(**mine).values_list("name", "frame_id")),
    }


@pytest.mark.django_db
def test_a_case_goes_over_and_back_at_every_point_of_a_plan_with_every_element() -> None:
    plan = bpmn.compile(bpmn.read(own(EVERYTHING)), "p", names_read)
    new, steps = otherwise(plan)
    running = Running(plan, {"organs": 3})
    while True:
        before = shape(selectors.stored(running.root_id, running.id)), rows(running)
        seq = move(running, new, steps)
        assert sound(running)
        assert all(task.step.startswith("n_") for task in selectors.open_tasks(running.root_id))
        move_back(running, seq)
        assert (shape(selectors.stored(running.root_id, running.id)), rows(running)) == before
        assert sound(running)
        if any(task.step == "decide" for task in selectors.open_tasks(running.root_id)):
            break
        assert do_next(running)
    move(running, new, steps)
    while do_next(running):
        assert sound(running)
    assert selectors.stored(running.root_id, running.id).status.value == "ended"
    assert not Wait.objects.filter(root_id=running.root_id).exists()


# -- timers


def late(after: str = "P5D", beside: bool = False) -> Plan:
    return plan_of(
        task("a"), boundary("b", TIMER.format(after), beside=beside), task("late"), end("e2"),
        *way("s", "a", "e"), *way("b", "late", "e2"),
    )  # fmt: skip


def due(running: Running) -> datetime | None:
    found: datetime | None = Wait.objects.get(root_id=running.root_id).due_at
    return found


@pytest.mark.django_db
def test_a_timer_of_the_same_rule_keeps_its_moment_and_fires_once() -> None:
    running = Running(late())
    new, steps = otherwise(late())
    assert preview(running, new, steps).notes == ("“a的定时”照旧，2026年9月23日 10:00到时。",)
    move(running, new, steps)
    assert due(running) == AT + 5 * DAY
    tasks.fire_timers(AT + 6 * DAY)
    tasks.fire_timers(AT + 7 * DAY)
    assert (running.open, sound(running)) == (["n_late"], True)
    assert kinds(running) == ["start", "replan", "trigger"]


def kinds(running: Running) -> list[str]:
    found = History.objects.filter(root_id=running.root_id).order_by("seq")
    return list(found.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("after", "at", "expected", "note"),
    [
        ("P9D", MOVED, 9 * DAY, "“a的定时”原来2026年9月23日 10:00到时，按新流程2026年9月27日 10:00到时。"),
        ("P1D", MOVED, DAY, "“a的定时”原来2026年9月23日 10:00到时，按新流程已经到时，迁移以后触发一次。"),
        ("P5D", AT + 6 * DAY, 5 * DAY, "“a的定时”已经到时，迁移以后触发一次。"),
    ],
)
@pytest.mark.django_db
def test_a_timer_of_another_rule_counts_from_when_the_wait_began_and_one_that_is_due_fires_once(
    after: str, at: datetime, expected: timedelta, note: str
) -> None:
    running = Running(late())
    assert preview(running, late(after), {}, at).notes == (note,)
    seq = move(running, late(after), {}, at)
    assert due(running) == AT + expected
    move_back(running, seq, at)
    assert due(running) == AT + 5 * DAY
    move(running, late(after), {}, at)
    tasks.fire_timers(AT + 20 * DAY)
    tasks.fire_timers(AT + 21 * DAY)
    assert kinds(running).count("trigger") == 1
    assert (running.open, sound(running)) == (["late"], True)


@pytest.mark.django_db
def test_what_only_the_new_plan_waits_for_begins_with_the_move_and_what_is_gone_is_awaited_no_more() -> None:
    without = plan_of(task("a"), *way("s", "a", "e"))
    running = Running(without)
    assert preview(running, late(), {}).notes == ("新流程的“a的定时”从迁移时起计，2026年9月25日 10:00到时。",)
    seq = move(running, late(), {})
    assert due(running) == MOVED + 5 * DAY
    assert sound(running)
    move_back(running, seq)
    assert rows(running)["waits"] == []
    move(running, late(), {})

    assert preview(running, without, {}).findings[0].code == "wait_gone"
    said = {"b": "", "late": ""}
    assert preview(running, without, said).notes == ("“a的定时”新流程里没有，不再等。",)
    awaited = rows(running)["waits"]
    seq = move(running, without, said)
    assert rows(running)["waits"] == []
    move_back(running, seq)
    assert (rows(running)["waits"], sound(running)) == (awaited, True)


@pytest.mark.django_db
def test_a_timer_that_has_fired_is_not_armed_again() -> None:
    running = Running(late(beside=True))
    tasks.fire_timers(AT + 6 * DAY)
    assert running.open == ["a", "late"]
    new, steps = otherwise(late("P1D", beside=True))
    move(running, new, steps, AT + 6 * DAY)
    assert (rows(running)["waits"], running.open) == ([], ["n_a", "n_late"])
    tasks.fire_timers(AT + 30 * DAY)
    assert (running.open, sound(running)) == (["n_a", "n_late"], True)


@pytest.mark.django_db
def test_a_clock_that_looked_and_found_nothing_does_not_keep_a_move_from_being_taken_back() -> None:
    running = Running(late())
    seq = move(running, late("P9D"), {})
    with acting(running.root_id, at=MOVED):
        wait = Wait.objects.get(root_id=running.root_id)
        fired = services.fire(
            root_id=running.root_id, instance_id=running.id, wait_id=wait.id, by=CLERK, at=MOVED
        )
    assert fired is None
    move_back(running, seq)
    assert (due(running), sound(running)) == (AT + 5 * DAY, True)
    seq = move(running, late("P1D"), {})
    tasks.fire_timers(MOVED)
    with pytest.raises(ReplanTouched):
        move_back(running, seq)


# -- several runs


def nested() -> Plan:
    """Two runs of a sub-process, each with two branches and a timer, and a message for the whole."""
    body = sub(
        "many", start("i"), '<parallelGateway id="p1"/>', task("in"), task("x"), '<parallelGateway id="p2"/>',
        end("o"), *way("i", "p1", "in", "p2", "o"), *way("p1", "x", "p2"), loop=several("2"),
    )  # fmt: skip
    stops = sub("watch", event("startEvent", "ws", named("message", "msg")), task("stop"), end("we"),
                *way("ws", "stop", "we"), more=' triggeredByEvent="true"')  # fmt: skip
    return plan_of(
        body, boundary("b", TIMER.format("P9D"), on="many"), stops, *way("s", "many", "e"), *way("b", "e")
    )


@pytest.mark.django_db
def test_several_runs_of_a_sub_process_go_over_with_their_own_joins_and_outcomes() -> None:
    running = Running(nested())
    first = next(t for t in selectors.open_tasks(running.root_id) if t.step == "in")
    running.last["in"] = first.task_id
    running.complete("in")
    new, steps = otherwise(nested())
    assert preview(running, new, steps).notes == (
        "“many”一共要办2次，已经办完0次，接着办。",
        "“watch的消息”照旧等消息“回函”。",
        "“many的定时”照旧，2026年9月27日 10:00到时。",
    )
    move(running, new, steps)
    assert sound(running)
    joins = Join.objects.filter(root_id=running.root_id, status="open")
    assert sorted(joins.values_list("node", "arrived")) == [("n_p2", 0), ("n_p2", 1)]
    while do_next(running):
        assert sound(running)
        if running.open == ["n_stop"]:
            break
    assert selectors.stored(running.root_id, running.id).status.value == "ended"


@pytest.mark.django_db
def test_two_open_joins_that_take_each_others_names_are_told_apart() -> None:
    gates = [f'<parallelGateway id="{name}"/>' for name in ("p1", "p2", "q1", "q2")]
    plan = plan_of(
        *gates, *(task(name) for name in "abc"), *way("s", "p1", "p2", "a", "q2", "q1", "e"),
        *way("p2", "b", "q2"), *way("p1", "c", "q1"),
    )  # fmt: skip
    running = Running(plan)
    running.complete("a")
    running.complete("c")
    before = rows(running)
    names = {"p1": "p2", "p2": "p1", "q1": "q2", "q2": "q1"}
    seq = move(running, renamed(plan, names), {})
    assert sound(running)
    assert {node for _id, node, _status in rows(running)["joins"]} == {"q1", "q2"}
    move_back(running, seq)
    assert (rows(running), sound(running)) == (before, True)
    move(running, renamed(plan, names), names)
    running.complete("b")
    assert selectors.stored(running.root_id, running.id).status.value == "ended"
    assert sound(running)
