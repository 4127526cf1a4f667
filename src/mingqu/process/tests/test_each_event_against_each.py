"""The second table of docs/process-transitions.md, cell by cell, on rows."""

import pytest
from django.db import transaction

from mingqu.kernel.errors import DomainError
from mingqu.process import selectors, services
from mingqu.process.plan import Flow, Kind, Node, make_plan
from mingqu.process.steptable import flow_id

from .running import AT, CLERK, STEPS, Running, acting, three_departments

pytestmark = pytest.mark.django_db


def in_sequence() -> Running:
    running = Running(services.plan_from_steps(STEPS[:1] + STEPS[-1:]))
    running.complete("receive")
    return running


def completed() -> Running:
    running = in_sequence()
    running.return_to("decide", "receive")
    running.complete("receive")
    return running


def one_branch_done() -> Running:
    running = three_departments()
    running.complete("fire")
    return running


def join_closed() -> Running:
    running = one_branch_done()
    running.complete("sign")
    running.complete("drain")
    return running


def ended() -> Running:
    running = join_closed()
    running.complete("decide")
    return running


def returned_within_a_branch() -> Running:
    """start > receive > [fire > fire2, sign] > decide, returned from fire2 to fire."""
    names = ["receive", "fire", "fire2", "sign", "decide"]
    nodes = [Node("start", Kind.START), *(Node(n, Kind.USER, n, "p") for n in names)]
    nodes += [Node("split", Kind.PARALLEL), Node("join", Kind.PARALLEL), Node("end", Kind.END)]
    pairs = [("start", "receive"), ("receive", "split"), ("split", "fire"), ("fire", "fire2"), ("fire2", "join"),
             ("split", "sign"), ("sign", "join"), ("join", "decide"), ("decide", "end")]  # fmt: skip
    running = Running(make_plan(nodes, [Flow(flow_id(a, b), a, b) for a, b in pairs]))
    running.complete("receive")
    running.complete("fire")
    running.return_to("fire2", "fire")
    return running


def returned_out() -> Running:
    running = one_branch_done()
    running.return_to("sign", "receive")
    return running


def returned_in() -> Running:
    running = join_closed()
    running.return_to("decide", "sign")
    return running


def terminated() -> Running:
    running = one_branch_done()
    running.terminate()
    return running


OVER = "process_not_active"
GONE = "task_not_open"

# What has happened; the task that was acted on; a sibling; then for: complete the same, complete the sibling,
# return from the same, return from the sibling, terminate: a refusal, or the tasks open afterwards.
TABLE = [
    (completed, "receive", None, GONE, None, GONE, None, []),
    (one_branch_done, "fire", "sign", GONE, ["drain"], GONE, ["receive"], []),
    (join_closed, "drain", "sign", GONE, GONE, GONE, GONE, []),
    (ended, "decide", "sign", OVER, OVER, OVER, OVER, OVER),
    (returned_within_a_branch, "fire2", "sign", GONE, ["fire"], GONE, ["receive"], []),
    (returned_out, "sign", "drain", GONE, GONE, GONE, GONE, []),
    (returned_in, "decide", None, GONE, None, GONE, None, []),
    (terminated, "sign", "drain", OVER, OVER, OVER, OVER, OVER),
]
CELLS = [
    pytest.param(row[0], act, step, expected, id=f"{row[0].__name__}, then {act} {step}")
    for row in TABLE
    for act, step, expected in (
        ("complete", row[1], row[3]),
        ("complete", row[2], row[4]),
        ("return", row[1], row[5]),
        ("return", row[2], row[6]),
        ("terminate", row[1], row[7]),
    )
    if step is not None
]


@pytest.mark.parametrize(("first", "act", "step", "expected"), CELLS)
def test_the_second_event_meets_what_the_first_left(
    first: object, act: str, step: str, expected: str | list[str]
) -> None:
    running = first()  # type: ignore[operator]
    old_task = running.last[step]
    before = running.open
    refusal = None
    try:
        with transaction.atomic():
            if act == "complete":
                running.complete(step)
            elif act == "return":
                running.return_to(step, "receive")
            else:
                running.terminate()
    except DomainError as refused:
        refusal = refused.code
    if isinstance(expected, str):
        assert (refusal, running.open) == (expected, before)
    else:
        assert (refusal, running.open) == (None, sorted(expected))
        assert selectors.task(running.root_id, old_task).status != "open"
    assert selectors.differences(running.root_id, running.id) == {}


def test_a_claim_does_not_survive_a_return() -> None:
    running = in_sequence()
    with_task = running.last["decide"]
    with acting(running.root_id):
        services.claim(root_id=running.root_id, task_id=with_task, posts={"leader"}, by=CLERK, at=AT)
    running.return_to("decide", "receive")
    running.complete("receive")
    again = selectors.task(running.root_id, running.last["decide"])
    assert (again.status, again.claimed_by) == ("open", None)
