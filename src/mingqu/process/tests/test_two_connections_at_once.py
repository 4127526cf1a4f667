"""
Two connections on one instance at the same moment, with real commits and no lock of the owner's.

The first holds its transaction open until the second is seen waiting for it; then both finish.
"""

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.process import selectors, services
from mingqu.process.models import History, Join, Task, Token

from .running import AT, CLERK, OTHER, STEPS, Running, three_departments

pytestmark = pytest.mark.usefixtures("committed_db")

WAIT = 20.0
"""Seconds before a test is given up; nothing here waits as long."""

Act = Callable[[], Any]


class Second(threading.Thread):
    """An act on a connection of its own; what it raised is kept."""

    def __init__(self, act: Act) -> None:
        super().__init__(daemon=True)
        self.act, self.refusal, self.pid = act, None, 0
        self.connected = threading.Event()

    def run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.pid = cursor.fetchone()[0]
            self.connected.set()
            self.act()
        except DomainError as refusal:
            self.refusal = refusal.code
        finally:
            connection.close()


def both(first: Act, second: Act, urls: dict[str, str]) -> str | None:
    """Run `second` while `first` is done but not committed; the code of the second's refusal, if any."""
    other = Second(second)
    with transaction.atomic():
        first()
        other.start()
        assert other.connected.wait(WAIT)
        wait_until_blocked(other.pid, urls)
    other.join(WAIT)
    assert not other.is_alive()
    return other.refusal


def wait_until_blocked(pid: int, urls: dict[str, str]) -> None:
    with psycopg.connect(urls["MINGQU_OWNER_DATABASE_URL"], autocommit=True) as watcher:
        for _ in range(100_000):
            if watcher.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid]).fetchone() == (True,):
                return
    raise AssertionError("the second never had to wait: nothing was locked")


def act(running: Running, what: Callable[..., Any], by: Any = CLERK, at: Any = AT, **given: Any) -> Act:
    def run() -> None:
        # A root of its own for the audit chain, so that the owner's chain does not put the two in order.
        with command("tests.act", new_id(), by=by, at=at, key=new_id()):
            what(root_id=running.root_id, by=by, at=at, **given)

    return run


def done(running: Running, step: str, by: Any = CLERK) -> Act:
    return act(running, services.complete, by, task_id=running.last[step], outcome="ok", data={})


def returned(running: Running, step: str, node: str) -> Act:
    return act(running, services.return_to, task_id=running.last[step], node=node, reason="不清")


def withdrawn(running: Running) -> Act:
    return act(running, services.terminate, instance_id=running.id, reason="撤回")


def sound(running: Running) -> bool:
    return selectors.differences(running.root_id, running.id) == {}


def test_two_last_branches_at_once_close_the_join_exactly_once(committed_db: dict[str, str]) -> None:
    running = three_departments()
    running.complete("fire")
    assert both(done(running, "sign"), done(running, "drain"), committed_db) is None
    assert running.open == ["decide"]
    assert Join.objects.get(root_id=running.root_id).status == "closed"
    assert Token.objects.filter(root_id=running.root_id).count() == 1
    assert sound(running)


def test_two_early_branches_at_once_are_both_counted(committed_db: dict[str, str]) -> None:
    running = three_departments()
    assert both(done(running, "sign"), done(running, "drain"), committed_db) is None
    join = Join.objects.get(root_id=running.root_id)
    assert (join.arrived, join.status, running.open) == (2, "open", ["fire"])
    assert sound(running)


def test_of_two_who_complete_one_task_the_second_is_told(committed_db: dict[str, str]) -> None:
    running = three_departments()
    refusal = both(done(running, "sign"), done(running, "sign", OTHER), committed_db)
    assert refusal == "task_not_open"
    assert Task.objects.get(root_id=running.root_id, node="sign").closed_by == CLERK.id
    assert History.objects.filter(root_id=running.root_id, node="sign").count() == 1
    assert sound(running)


@pytest.mark.parametrize(
    ("first", "second", "refusal", "left_open"),
    [
        ("complete", "return", None, ["receive"]),
        ("return", "complete", "task_not_open", ["receive"]),
        ("complete", "withdraw", None, []),
        ("withdraw", "complete", "process_not_active", []),
        ("return", "withdraw", None, []),
        ("withdraw", "return", "process_not_active", []),
        ("withdraw", "withdraw", "process_not_active", []),
    ],
)
def test_two_different_events_at_once_give_one_of_the_two_orders(
    committed_db: dict[str, str], first: str, second: str, refusal: str | None, left_open: list[str]
) -> None:
    running = three_departments()
    acts = {
        "complete": done(running, "sign"),
        "return": returned(running, "drain", "receive"),
        "withdraw": withdrawn(running),
    }
    assert both(acts[first], acts[second], committed_db) == refusal
    assert running.open == left_open
    assert sound(running)


def test_of_two_who_claim_one_task_one_has_it(committed_db: dict[str, str]) -> None:
    running = Running(services.plan_from_steps(STEPS))

    def claims(by: Any) -> Act:
        return act(running, services.claim, by, task_id=running.last["receive"], posts={"window"})

    assert both(claims(CLERK), claims(OTHER), committed_db) == "task_taken"
    assert Task.objects.get(root_id=running.root_id).claimed_by == CLERK.id
