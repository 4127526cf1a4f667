"""What the picture of an instance shows: done, now, still to come, passed by."""

import pytest

from mingqu.process import selectors, services
from mingqu.process.types import Progress, StepRow

from .running import STEPS, Running, three_departments

pytestmark = pytest.mark.django_db


def seen(running: Running) -> Progress:
    return selectors.progress(running.root_id, running.id)


def test_parallel_steps_at_work_show_how_many_have_answered() -> None:
    running = three_departments()
    running.complete("fire")
    progress = seen(running)
    assert progress.steps == {
        "receive": "done",
        "fire": "done",
        "sign": "now",
        "drain": "now",
        "decide": "waiting",
    }
    assert progress.joins == {"join.A": (3, 1)}
    assert "fire--join.A" in progress.passed
    assert "join.A--decide" not in progress.passed
    assert progress.ended is None


def test_a_step_passed_by_is_shown_as_left_out() -> None:
    rows = [StepRow("a", "甲", "p"), StepRow("b", "乙", "p", when="x = true"), StepRow("c", "丙", "p")]
    running = Running(services.plan_from_steps(rows))
    assert seen(running).steps == {"a": "now", "b": "waiting", "c": "waiting"}
    running.complete("a")
    assert seen(running).steps == {"a": "done", "b": "skipped", "c": "now"}
    running.complete("c")
    progress = seen(running)
    assert (progress.steps, progress.ended) == ({"a": "done", "b": "skipped", "c": "done"}, "ended")


def test_after_a_return_what_follows_is_still_to_come() -> None:
    running = three_departments()
    running.complete("fire")
    running.return_to("sign", "receive")
    progress = seen(running)
    assert progress.steps == {
        "receive": "now",
        "fire": "waiting",
        "sign": "waiting",
        "drain": "waiting",
        "decide": "waiting",
    }
    assert progress.passed == {"start--receive"}


def test_after_a_return_into_a_group_the_others_stay_done() -> None:
    running = three_departments()
    for step in ("fire", "sign", "drain"):
        running.complete(step)
    running.return_to("decide", "sign")
    assert seen(running).steps == {
        "receive": "done",
        "fire": "done",
        "sign": "now",
        "drain": "done",
        "decide": "waiting",
    }
    assert selectors.may_return_to(running.root_id, running.last["sign"]) == [("receive", "收件")]


def test_history_and_done_steps_tell_who_did_what() -> None:
    running = Running(services.plan_from_steps(STEPS[:1] + STEPS[-1:]))
    running.complete("receive", "ok")
    running.return_to("decide", "receive")
    running.complete("receive", "again")
    running.complete("decide", "granted")
    rows = selectors.history(running.root_id)
    assert [(row.seq, row.kind, row.step, row.outcome, row.reason) for row in rows] == [
        (1, "start", "", "", ""),
        (2, "complete", "receive", "ok", ""),
        (3, "return", "decide", "", "材料不清"),
        (4, "complete", "receive", "again", ""),
        (5, "complete", "decide", "granted", ""),
    ]
    done = [(row.step, row.outcome) for row in selectors.done_steps(running.root_id)]
    assert sorted(done) == [("decide", "granted"), ("receive", "again"), ("receive", "ok")]
    assert selectors.instance_of(running.root_id) == running.id
