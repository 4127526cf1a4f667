"""
A running instance goes over with its sub-processes, several instances, timers, messages and signals: whatever model, at
whatever point, nothing is lost, back is as it was before, and both go on alike.
"""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingqu.process import bpmn
from mingqu.process.conditions import names_read
from mingqu.process.errors import NotReplannable
from mingqu.process.memory import InMemory
from mingqu.process.plan import Plan
from mingqu.process.state import State, Status, Wait

from .bpmn_files import own
from .going_over import acts, do, moved, on, otherwise
from .test_elements_of_bpmn_become_a_plan import EVERYTHING
from .test_spiffworkflow_agrees import AT, MOST_ACTS, Drawing, models

LATER = AT + timedelta(days=3)


def drawn(tree: Any) -> tuple[Plan, list[str]]:
    drawing = Drawing()
    return bpmn.compile(bpmn.read(drawing.file(tree)), "p", names_read), drawing.names


def somewhere(data: st.DataObject, plan: Plan, names: list[str]) -> InMemory:
    run = InMemory(plan, {name: data.draw(st.booleans()) for name in names}, AT)
    for _ in range(data.draw(st.integers(0, 8))):
        if acts(run):
            do(run, data.draw(st.sampled_from(acts(run))), AT)
    return run


def goes_on_alike(data: st.DataObject, here: InMemory, there: InMemory, names: dict[str, str]) -> None:
    for _ in range(MOST_ACTS):
        assert acts(here) == acts(there)
        assert {names[t.node] for t in here.state.tasks.values()} == {
            t.node for t in there.state.tasks.values()
        }
        if not acts(here):
            break
        act = data.draw(st.sampled_from(acts(here)))
        do(here, act, LATER)
        do(there, act, LATER)
    assert here.state.status is there.state.status is Status.ENDED
    assert names[here.state.end or ""] == there.state.end


def there_and_back(data: st.DataObject, tree: Any) -> None:
    plan, names = drawn(tree)
    here = somewhere(data, plan, names)
    if here.state.status is not Status.ACTIVE:
        return
    new, steps = otherwise(plan, flows_too=data.draw(st.booleans()))
    state, back, event = moved(here, new, steps, LATER)
    assert back == here.state
    assert len(state.waits) == len(here.state.waits)
    there = on(here, new, state)
    for run in (here, there):
        run.events = [*run.events, event]
    goes_on_alike(data, here, there, steps)


@settings(max_examples=40)
@given(st.data(), models)
def test_it_goes_back_as_it_was_and_goes_on_alike(data: st.DataObject, tree: Any) -> None:
    there_and_back(data, tree)


@pytest.mark.long
@settings(max_examples=2500)
@given(st.data(), models)
def test_it_goes_back_as_it_was_and_goes_on_alike_in_thousands_of_models(
    data: st.DataObject, tree: Any
) -> None:
    there_and_back(data, tree)


def soon(then: State, wait: Wait, begun: int) -> tuple[Any, int]:
    return LATER, 0


def let_over(data: st.DataObject, tree: Any, other: Any) -> bool:
    """Onto another model altogether: refused, or it comes to its end there and leaves nothing behind."""
    plan, names = drawn(tree)
    new, _ = drawn(other)
    run = somewhere(data, plan, names)
    if run.state.status is not Status.ACTIVE:
        return False
    try:
        state, back, event = moved(run, new, {}, LATER, soon)
    except NotReplannable:
        return False
    assert back == run.state
    there = on(run, new, state)
    there.events.append(event)
    for _ in range(4 * MOST_ACTS):
        assert there.state.live == len(there.state.tokens)
        if not acts(there):
            break
        do(there, data.draw(st.sampled_from(acts(there))), LATER)
    over = there.state
    assert (over.status, over.live) == (Status.ENDED, 0)
    assert not over.tokens and not over.gatherings and not over.frames and not over.waits
    return True


def changed(tree: Any) -> st.SearchStrategy[Any]:
    """A model and one that begins the same."""
    return st.tuples(
        st.just(("sequence", [tree, "task"])),
        models.map(lambda more: ("sequence", [tree, more])),
    )


@settings(max_examples=40)
@given(st.data(), models.flatmap(changed))
def test_what_is_let_over_to_another_model_comes_to_its_end_there(
    data: st.DataObject, both: tuple[Any, Any]
) -> None:
    let_over(data, *both)


@pytest.mark.long
@settings(max_examples=3000)
@given(st.data(), st.one_of(st.tuples(models, models), models.flatmap(changed)))
def test_what_is_let_over_to_thousands_of_models_comes_to_its_end(
    data: st.DataObject, both: tuple[Any, Any]
) -> None:
    let_over(data, *both)


def test_what_a_call_holds_goes_with_the_call_though_nobody_named_it() -> None:
    plan = bpmn.compile(bpmn.read(own(EVERYTHING)), "p", names_read)
    new, steps = otherwise(plan)
    table = {name: to for name, to in steps.items() if not name.startswith("call.")}
    run = InMemory(plan, {"organs": 2}, AT)
    seen: list[str] = []
    while run.state.tasks or run.waiting("message", "回函"):
        state, back, _event = moved(run, new, table, AT)
        assert back == run.state
        seen += [task.node for task in state.tasks.values()]
        if run.state.tasks:
            run.complete(min(run.state.tasks), "", AT)
        else:
            run.message("回函", AT)
    assert {"n_visit.look", "n_opinion", "n_call.read", "n_call.more", "n_decide"} <= set(seen)
