"""Clerks find what waits for their posts, soonest due first, page by page."""

from datetime import timedelta

import pytest
from django.db import connection

from mingqu.process import selectors, services
from mingqu.process.errors import NotYourTask, TaskNotOpen, TaskTaken
from mingqu.process.selectors import Cursor, next_page, tasks_for_posts
from mingqu.process.types import StepRow

from .running import AT, CLERK, OTHER, Running, acting, three_departments

pytestmark = pytest.mark.django_db


def waiting(post: str, limit: int | None, hours: int = 0) -> Running:
    return Running(
        services.plan_from_steps([StepRow("a", "甲", post, limit)]), at=AT + timedelta(hours=hours)
    )


def test_soonest_due_comes_first_then_longest_waiting_then_what_has_no_limit() -> None:
    never = waiting("p", None)
    late, soon = waiting("p", 5), waiting("q", 1, hours=2)
    sooner = waiting("p", 1, hours=1)
    listed = tasks_for_posts(["p", "q"])
    assert [row.root_id for row in listed] == [r.root_id for r in (sooner, soon, late, never)]
    assert listed[3].due_on is None


def test_pages_follow_one_another_without_gap_or_double() -> None:
    everyone = {waiting("p" if n % 2 else "q", n % 4 or None, n).root_id for n in range(11)}
    seen, cursor = [], None
    while True:
        page = tasks_for_posts(["q", "p"], after=cursor, limit=3)
        seen += page
        cursor = next_page(page, 3)
        if cursor is None:
            break
    assert [row.root_id for row in seen] == [row.root_id for row in tasks_for_posts(["p", "q"], limit=50)]
    assert {row.root_id for row in seen} == everyone
    assert tasks_for_posts(["p", "q"], after=Cursor.at(seen[-1])) == []


def test_other_posts_and_finished_tasks_are_not_listed() -> None:
    running = waiting("p", 1)
    assert tasks_for_posts(["elsewhere"]) == [] == tasks_for_posts([])
    running.complete("a")
    assert tasks_for_posts(["p"]) == []


def test_a_page_is_read_through_the_index_without_sorting_the_list() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM process_task WHERE status = 'open' AND post = 'p'"
            " ORDER BY coalesce(due_on, DATE '9999-12-31'), opened_at, id LIMIT 20"
        )
        explained = "\n".join(row[0] for row in cursor.fetchall())
    assert "process_task_worklist" in explained
    assert "Sort" not in explained


def claim(running: Running, step: str, posts: set[str], by: object = CLERK) -> None:
    with acting(running.root_id, by):  # type: ignore[arg-type]
        services.claim(root_id=running.root_id, task_id=running.last[step], posts=posts, by=by, at=AT)


def release(running: Running, step: str, by: object = CLERK) -> None:
    with acting(running.root_id, by):  # type: ignore[arg-type]
        services.release(root_id=running.root_id, task_id=running.last[step], by=by)


def test_a_claimed_task_is_its_holders_until_released() -> None:
    running = three_departments()
    claim(running, "fire", {"fire"})
    claim(running, "fire", {"fire"})
    assert [row.step for row in tasks_for_posts(["fire"], claimed_by=CLERK.id)] == ["fire"]
    assert tasks_for_posts(["fire"], claimed_by=OTHER.id) == []
    for refused in (
        lambda: claim(running, "fire", {"fire"}, OTHER),
        lambda: release(running, "fire", OTHER),
        lambda: running.complete("fire", by=OTHER),
        lambda: running.return_to("fire", "receive", by=OTHER),
    ):
        with pytest.raises(TaskTaken):
            refused()
    release(running, "fire")
    claim(running, "fire", {"fire", "city"}, OTHER)
    assert running.complete("fire", by=OTHER).ended is None


def test_only_the_post_of_the_step_claims_it() -> None:
    running = three_departments()
    with pytest.raises(NotYourTask):
        claim(running, "fire", {"city"})
    running.complete("fire")
    for act in (claim, release):
        with pytest.raises(TaskNotOpen):
            act(running, "fire", *([{"fire"}] if act is claim else []))


def test_the_due_day_is_told_and_listed() -> None:
    running = waiting("p", 3)
    (task,) = running.effects.opened
    assert task.due_on == AT.date() + timedelta(days=3)
    assert selectors.open_tasks(running.root_id)[0].due_on == task.due_on
