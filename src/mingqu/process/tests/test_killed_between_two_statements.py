"""
A process killed by the system between any two statements of a completion leaves the old state, whole; killed
after the commit, the new one.
"""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from mingqu.process import selectors
from mingqu.process.state import shape

from .bpmn_files import end, start, task, way
from .running import Running, three_departments
from .test_events_and_frames import plan_of

pytestmark = pytest.mark.usefixtures("committed_db")


class Killer:
    """Counts the statements of this process and ends it, as a power cut would, before one of them."""

    def __init__(self, before: int) -> None:
        self.left = before

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def die(deed: Callable[[], object], before: int) -> bool:
    """Do it in a child that dies before its statement number `before`; whether it was killed."""
    connections.close_all()  # the child opens its own
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(Killer(before)):
                deed()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def test_a_kill_at_any_statement_leaves_the_old_or_the_new_state_whole() -> None:
    running = three_departments()
    running.complete("fire")
    running.complete("sign")
    old = shape(selectors.stored(running.root_id, running.id))
    statement, killed = 0, True
    while killed:
        statement += 1
        killed = die(lambda: running.complete("drain"), statement)
        now = shape(selectors.stored(running.root_id, running.id))
        assert (now == old) is killed, f"before statement {statement}"
        assert selectors.differences(running.root_id, running.id) == {}
    assert running.open == ["decide"]
    assert statement > 4, "every statement of the command was tried"


def test_a_kill_while_a_called_process_begins_or_ends_leaves_it_begun_or_ended_whole() -> None:
    called = f'<process id="q">{start("qs")}{task("in")}{end("qe")}{"".join(way("qs", "in", "qe"))}</process>'
    call = '<callActivity id="c" calledElement="q"/>'
    running = Running(plan_of(task("a"), call, task("z"), *way("s", "a", "c", "z", "e"), more=called))
    for step, then in (("a", "c.in"), ("c.in", "z")):
        old = shape(selectors.stored(running.root_id, running.id))
        statement, killed = 0, True
        while killed:
            statement += 1
            killed = die(lambda step=step: running.complete(step), statement)
            now = shape(selectors.stored(running.root_id, running.id))
            assert (now == old) is killed, f"{step} before statement {statement}"
            assert selectors.differences(running.root_id, running.id) == {}
        assert (running.open, statement > 4) == ([then], True)
        running.last |= {one.step: one.task_id for one in selectors.open_tasks(running.root_id)}
