"""Statements and rows of one completion do not depend on the number of branches."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingqu.process import services
from mingqu.process.types import StepRow

from .running import AT, CLERK, Running, acting

pytestmark = pytest.mark.django_db

STATEMENTS = 3
"""lock, read, write: the others of 12 are left for the owner's command."""


def wide(branches: int) -> Running:
    rows = [StepRow("receive", "收件", "window")]
    rows += [StepRow(f"d{n}", f"部门{n}", f"post{n}", parallel="A") for n in range(branches)]
    rows.append(StepRow("decide", "决定", "leader"))
    return Running(services.plan_from_steps(rows))


def statements(running: Running, step: str) -> list[str]:
    with (
        acting(running.root_id),
        CaptureQueriesContext(
            connection,
        ) as seen,
    ):
        services.complete(
            root_id=running.root_id, task_id=running.last[step], outcome="", data={}, by=CLERK, at=AT
        )
    return [query["sql"] for query in seen if "process_" in query["sql"]]


def test_opening_and_closing_a_group_costs_the_same_for_2_and_60_branches() -> None:
    counts = []
    for branches in (2, 60):
        running = wide(branches)
        running.effects = running.complete("receive")
        for branch in range(branches - 2):
            running.complete(f"d{branch}")
        counts.append(
            (len(statements(running, f"d{branches - 2}")), len(statements(running, f"d{branches - 1}")))
        )
    assert counts == [(STATEMENTS, STATEMENTS)] * 2, (
        "a branch comes to the join; the last one opens the next task"
    )


def test_a_plain_step_needs_three_statements() -> None:
    running = Running(services.plan_from_steps([StepRow("a", "甲", "p"), StepRow("b", "乙", "p")]))
    assert len(statements(running, "a")) == STATEMENTS


def test_every_lock_goes_by_the_shard_key() -> None:
    running = wide(3)
    running.complete("receive")
    for sql in statements(running, "d0"):
        assert "root_id = " in sql, sql
        assert "FOR UPDATE" not in sql
