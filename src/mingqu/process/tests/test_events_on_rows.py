"""Frames, waits, timers and work on rows: the rows equal the history after each event, whatever came at once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingqu.kernel.types import Instant
from mingqu.process import bpmn, owners, selectors, services, taking, tasks
from mingqu.process.conditions import names_read
from mingqu.process.errors import EndlessRun, NotAwaited, WorkUnknown
from mingqu.process.models import Frame, Task, Variable, Wait
from mingqu.process.plan import Plan
from mingqu.process.types import Effects, WorkFailed, WorkItem

from .bpmn_files import own, task, way
from .running import AT, CLERK, OWNER, Running, acting
from .test_elements_of_bpmn_become_a_plan import EVERYTHING, several, sub
from .test_events_and_frames import TIMER, boundary, end, event, named, plan_of, several_tasks, start
from .test_two_connections_at_once import act, both, done

WORKED: list[str] = []
TOLD: list[tuple[UUID, Effects]] = []


def work(root_id: UUID, item: WorkItem, at: Instant) -> tuple[str, Mapping[str, Any]]:
    WORKED.append(item.ref)
    if item.ref == "fails":
        raise WorkFailed("X1")
    return "done", {}


@pytest.fixture(autouse=True)
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    WORKED.clear()
    TOLD.clear()
    told = owners.Owner(
        lambda root, effects, at: TOLD.append((root, effects)), owners.owner(OWNER).due_on, work
    )
    monkeypatch.setitem(owners._owners, OWNER, told)


def sound(running: Running) -> bool:
    return selectors.differences(running.root_id, running.id) == {}


def complete(running: Running, step: str, outcome: str = "ok") -> list[str]:
    """The oldest open task of a step."""
    found = next(t for t in selectors.open_tasks(running.root_id) if t.step == step)
    running.last[step] = found.task_id
    running.complete(step, outcome)
    assert sound(running), step
    return running.open


def message(running: Running, name: str = "回函") -> list[str]:
    with acting(running.root_id):
        running.effects = services.deliver(root_id=running.root_id, message=name, data={}, by=CLERK, at=AT)
    assert sound(running)
    return running.open


def left_behind(running: Running) -> int:
    rows = (Frame, Wait, Variable.objects.filter(frame_id__isnull=False))
    return sum(getattr(r, "objects", r).filter(root_id=running.root_id).count() for r in rows)


@pytest.mark.django_db
def test_a_case_goes_through_every_element_and_leaves_nothing_behind() -> None:
    running = Running(bpmn.compile(bpmn.read(own(EVERYTHING)), "p", names_read), {"organs": 3})
    assert complete(running, "receive") == ["visit.look"]
    assert WORKED == ["licence", "grade"]
    assert complete(running, "visit.look") == ["opinion", "opinion", "opinion", "told"]
    complete(running, "opinion")
    assert complete(running, "opinion") == ["told"]
    assert running.effects.sent == ("征询",)
    complete(running, "told")
    assert message(running) == ["call.read"]
    assert complete(running, "call.read") == ["decide"]
    with acting(running.root_id):
        told = services.signal(root_id=running.root_id, name="停办", by=CLERK, at=AT)
    assert [one.dropped != () for one in told] == [True]
    assert running.open == ["stop.t"]
    assert sound(running)
    assert complete(running, "stop.t") == []
    assert running.effects.ended == "ended"
    assert left_behind(running) == 0


def late(beside: bool = False, after: str = "P5D") -> Plan:
    return plan_of(
        task("a"), boundary("b", TIMER.format(after), beside=beside), task("late"), end("e2"),
        *way("s", "a", "e"), *way("b", "late", "e2"),
    )  # fmt: skip


@pytest.mark.django_db
def test_the_sweep_fires_a_due_timer_once_and_tells_the_owner() -> None:
    running = Running(late())
    tasks.fire_timers(AT + timedelta(days=4))
    assert running.open == ["a"]
    assert tasks.fire_timers(AT + timedelta(days=6)) == ""
    assert running.open == ["late"]
    assert [(root, [t.step for t in e.opened], len(e.dropped)) for root, e in TOLD] == [
        (running.root_id, ["late"], 1)
    ]
    assert tasks.fire_timers(AT + timedelta(days=7)) == ""
    assert (len(TOLD), running.open, sound(running)) == (1, ["late"], True)


@pytest.mark.django_db
def test_an_owner_that_knows_no_timers_keeps_nothing_of_them_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = Running(late())

    def refuses(root_id: UUID, effects: Effects, at: Instant) -> None:
        raise RuntimeError("no timers here")

    monkeypatch.setitem(owners._owners, OWNER, owners.Owner(refuses, None, work))
    assert tasks.fire_timers(AT + timedelta(days=6)) != ""
    assert (running.open, sound(running)) == (["a"], True)


@pytest.mark.django_db
def test_work_is_refused_where_nobody_does_it_and_caught_where_it_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def plan(ref: str) -> Plan:
        caught = [boundary("b", named("error", "err")), task("mend"), end("e2"), *way("b", "mend", "e2")]
        return plan_of(f'<serviceTask id="a" mq:work="{ref}"/>', *caught, task("c"), *way("s", "a", "c", "e"))

    assert Running(plan("fetch")).open == ["c"]
    failed = Running(plan("fails"))
    assert (failed.open, sound(failed)) == (["mend"], True)
    monkeypatch.setitem(owners._owners, OWNER, owners.Owner(lambda *_: None, None))
    with pytest.raises(WorkUnknown):
        Running(plan("fetch"))


def many(branches: int) -> Running:
    body = sub("a", start("i"), task("in"), end("o"), *way("i", "in", "o"), loop=several(str(branches)))
    return Running(plan_of(body, boundary("b", TIMER.format("P9D")), *way("s", "a", "e"), *way("b", "e")))


@pytest.mark.django_db
def test_the_instances_that_are_not_needed_any_more_leave_no_row_behind() -> None:
    enough = several_tasks("a", several("3", "numberOfCompletedInstances >= 2"))
    running = Running(plan_of(enough, task("after"), *way("s", "a", "after", "e")))
    assert complete(running, "a") == ["a", "a"]
    assert complete(running, "a") == ["after"]
    assert complete(running, "after") == []
    assert running.effects.ended is not None


@pytest.mark.django_db
def test_one_completion_among_many_instances_costs_the_same_statements_and_rows() -> None:
    counts = []
    for branches in (3, 40):
        running = many(branches)
        found = selectors.open_tasks(running.root_id)[0]
        with acting(running.root_id), CaptureQueriesContext(connection) as seen:
            services.complete(
                root_id=running.root_id, task_id=found.task_id, outcome="", data={}, by=CLERK, at=AT
            )
        written = [q["sql"] for q in seen if "process_" in q["sql"]]
        counts.append((len(written), written[-1].count("::uuid")))
        assert sound(running)
    assert counts[0] == counts[1]
    assert counts[0][0] == 3


@pytest.mark.django_db
def test_a_signal_that_calls_itself_forth_for_ever_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "MOST_BY_ITSELF", 10)
    begins = event("startEvent", "w", named("signal", "sig"), ' isInterrupting="false"')
    thrown = event("intermediateThrowEvent", "u", named("signal", "sig"))
    again = sub("watch", begins, thrown, end("we"), *way("w", "u", "we"), more=' triggeredByEvent="true"')
    running = Running(plan_of(task("a"), again, *way("s", "a", "e")))
    with pytest.raises(EndlessRun), acting(running.root_id):
        services.signal(root_id=running.root_id, name="停办", by=CLERK, at=AT)
    assert (running.open, sound(running)) == (["a"], True)


@pytest.mark.django_db
def test_a_message_nobody_waits_for_is_refused() -> None:
    running = Running(late())
    with pytest.raises(NotAwaited):
        message(running)


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize("timer_first", [True, False])
def test_a_timer_and_a_completion_at_the_same_instant_give_one_of_the_two_orders(
    committed_db: dict[str, str], timer_first: bool
) -> None:
    running = Running(late())
    wait = Wait.objects.get(root_id=running.root_id)
    then = AT + timedelta(days=6)
    fires = act(running, services.fire, at=then, instance_id=running.id, wait_id=wait.id)
    completes = done(running, "a")
    refusal = both(*((fires, completes) if timer_first else (completes, fires)), committed_db)
    assert refusal == ("task_not_open" if timer_first else None)
    assert running.open == (["late"] if timer_first else [])
    assert sound(running)
    assert Task.objects.filter(root_id=running.root_id, node="a").count() == 1


@pytest.mark.django_db
def test_a_timer_does_not_fire_before_its_moment_though_a_sweep_chose_it() -> None:
    running = Running(late())
    wait = Wait.objects.get(root_id=running.root_id)
    early = AT + timedelta(days=4)
    with acting(running.root_id, at=early):
        fired = services.fire(
            root_id=running.root_id, instance_id=running.id, wait_id=wait.id, by=CLERK, at=early
        )
    assert fired is None
    assert (running.open, sound(running)) == (["a"], True)


@pytest.mark.long
@pytest.mark.usefixtures("committed_db")
def test_the_last_two_instances_at_once_end_the_activity_once(committed_db: dict[str, str]) -> None:
    running = Running(plan_of(several_tasks("a", several("2")), task("after"), *way("s", "a", "after", "e")))
    first, second = [t.task_id for t in selectors.open_tasks(running.root_id)]
    acts = [act(running, services.complete, task_id=t, outcome="", data={}) for t in (first, second)]
    assert both(acts[0], acts[1], committed_db) is None
    assert running.open == ["after"]
    assert sound(running)
