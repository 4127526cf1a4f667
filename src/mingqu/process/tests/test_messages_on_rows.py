"""Messages of one root: the wait that a person names, two persons at once, a kill in between, what goes out."""

from typing import Any
from uuid import UUID

import pytest

from mingqu.kernel.types import Instant
from mingqu.process import owners, selectors, services
from mingqu.process.plan import Plan
from mingqu.process.state import shape

from .bpmn_files import task, way
from .running import AT, CLERK, OWNER, Running, acting
from .test_events_and_frames import event, named, plan_of
from .test_killed_between_two_statements import die
from .test_two_connections_at_once import act, both


def letters() -> Plan:
    """Two letters of one name are waited for beside each other; then a message goes out."""
    wait = '<{} id="{}" name="{}">{}</{}>'
    first, second = (
        wait.format("intermediateCatchEvent", n, n, named("message", "msg"), "intermediateCatchEvent")
        for n in ("one", "two")
    )
    forks = '<parallelGateway id="f"/><parallelGateway id="j"/>'
    out = event("intermediateThrowEvent", "out", named("message", "msg"))
    ways = (*way("s", "f", "one", "j"), *way("f", "two", "j"), *way("j", "out", "a", "e"))
    return plan_of(forks, first, second, out, task("a"), *ways)


def waits(running: Running) -> dict[str, UUID]:
    return {one.node: one.wait_id for one in selectors.awaited(running.root_id)}


def come(running: Running, wait_id: UUID) -> str:
    with acting(running.root_id):
        found, running.effects = services.receive(root_id=running.root_id, wait_id=wait_id, by=CLERK, at=AT)
    return found.node


def receive(running: Running, wait_id: UUID) -> str:
    node = come(running, wait_id)
    assert selectors.differences(running.root_id, running.id) == {}
    return node


@pytest.mark.django_db
def test_the_wait_that_was_named_goes_on_and_no_other() -> None:
    running = Running(letters())
    assert [(one.name, one.ref) for one in selectors.awaited(running.root_id)] == [
        ("one", "回函"),
        ("two", "回函"),
    ]

    assert receive(running, waits(running)["two"]) == "two"

    assert list(waits(running)) == ["one"] and running.open == []
    receive(running, waits(running)["one"])
    assert running.open == ["a"] and waits(running) == {}


@pytest.mark.django_db
def test_what_goes_out_is_given_to_the_owner_in_the_event_that_came_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[tuple[UUID, str]] = []

    def send(root_id: UUID, message: str, at: Instant) -> None:
        sent.append((root_id, message))

    known = owners.owner(OWNER)
    monkeypatch.setitem(
        owners._owners, OWNER, owners.Owner(known.handler, known.due_on, post=owners.Post(send))
    )
    running = Running(letters())
    for wait_id in waits(running).values():
        assert sent == []
        receive(running, wait_id)
    assert sent == [(running.root_id, "回函")] and running.effects.sent == ("回函",)


@pytest.mark.usefixtures("committed_db")
def test_two_who_note_the_same_letter_at_once_move_it_once(committed_db: dict[str, str]) -> None:
    running = Running(letters())
    once = act(running, services.receive, wait_id=waits(running)["one"])

    assert both(once, once, committed_db) == "not_awaited"

    assert list(waits(running)) == ["two"]
    assert selectors.differences(running.root_id, running.id) == {}


@pytest.mark.usefixtures("committed_db")
def test_a_kill_at_any_statement_leaves_it_awaited_or_come(committed_db: Any) -> None:
    running = Running(letters())
    wait_id = waits(running)["one"]
    old, statement, killed = shape(selectors.stored(running.root_id, running.id)), 0, True
    while killed:
        statement += 1
        killed = die(lambda: come(running, wait_id), statement)
        assert (shape(selectors.stored(running.root_id, running.id)) == old) is killed, statement
        assert selectors.differences(running.root_id, running.id) == {}
    assert list(waits(running)) == ["two"]
    assert statement > 4, "every statement of the command was tried"
