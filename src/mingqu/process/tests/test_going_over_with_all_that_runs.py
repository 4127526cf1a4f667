"""
A running instance goes over with its sub-processes, several instances, timers, messages and signals: whatever model, at
whatever point, nothing is lost, back is as it was before, and both go on alike.
"""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingqu.process import bpmn, replanning
from mingqu.process.conditions import names_read
from mingqu.process.errors import NotReplannable
from mingqu.process.memory import InMemory
from mingqu.process.onto import Onto
from mingqu.process.plan import Kind, Plan
from mingqu.process.replan import Replan
from mingqu.process.replanning import Moment
from mingqu.process.state import State, Status, Wait
from mingqu.process.step import step

from .bpmn_files import own
from .going_over import acts, do, moved, on, otherwise
from .random_plans import Walk, check_invariants, choices, plans
from .test_elements_of_bpmn_become_a_plan import EVERYTHING
from .test_spiffworkflow_agrees import AT, MOST_ACTS, Drawing
from .test_spiffworkflow_agrees import models as told_apart

LATER = AT + timedelta(days=3)


class Wider(Drawing):
    """Also paths beside an activity, and event sub-processes, of both kinds."""

    def draw(self, tree: Any, source: str, condition: str = "") -> tuple[str, str]:
        if tree[0] not in ("beside", "watched"):
            return super().draw(tree, source, condition)
        name = self._body(tree[1], "") if tree[0] == "beside" else self._watched(*tree[1:])
        into = self.flow(source, name, condition)
        if tree[0] == "beside":
            how = f' attachedToRef="{name}" cancelActivity="false"'
            self._then_a_task(self.event("boundaryEvent", "b", how, "timer"))
        return name, into

    def _then_a_task(self, begin: str) -> None:
        step, over = self.add("userTask", "t"), self.name("o")
        self.flow(begin, step)
        self.flow(step, over)
        self.scopes[-1].append(f'<endEvent id="{over}"/>')

    def _watched(self, tree: Any, interrupts: bool) -> str:
        """A sub-process that watches for a signal, which breaks it off, or a moment, which goes beside it."""
        self.scopes.append([])
        begin = self.name("i")
        end, _ = self.draw(tree, begin)
        over = self.name("o")
        self.scopes[-1] += [f'<startEvent id="{begin}"/>', f'<endEvent id="{over}"/>']
        self.flow(end, over)
        self.scopes.append([])
        how = ("", "") if interrupts else (' isInterrupting="false"', "timer")
        self._then_a_task(self.event("startEvent", "i", *how))
        self.add("subProcess", "v", "".join(self.scopes.pop()), triggeredByEvent="true")
        return self.add("subProcess", "a", "".join(self.scopes.pop()))


def _inner(trees: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(trees, min_size=2, max_size=3)
    return st.one_of(
        st.tuples(st.just("beside"), trees),
        st.tuples(st.just("watched"), trees, st.booleans()),
        st.tuples(st.sampled_from(["parallel", "inclusive", "exclusive"]), several),
        st.tuples(st.just("sequence"), st.lists(trees, min_size=2, max_size=3)),
    )


models = st.recursive(told_apart, _inner, max_leaves=3)


def drawn(tree: Any) -> tuple[Plan, list[str]]:
    drawing = Wider()
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
    if any(plan.nodes[t.node].kind is Kind.EVENT_SUB and plan.starts[t.node].interrupts
           for t in here.state.tokens.values()):  # fmt: skip
        with pytest.raises(NotReplannable):
            moved(here, new, steps, LATER)
        return
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
    """A model, and one that begins the same or holds it."""
    return st.tuples(
        st.just(("sequence", [tree, "task"])),
        st.one_of(
            models.map(lambda more: ("sequence", [tree, more])),
            models.map(lambda more: ("parallel", [tree, more])),
            st.sampled_from(["sub", "beside", "timed"]).map(lambda kind: (kind, tree)),
        ),
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


def let_over_to_plain(data: st.DataObject, old: Plan, new: Plan) -> bool:
    """Between plans of people's steps and gateways, where branches may hold no step: checked after each event."""
    run = Walk(old, data.draw(choices(old)))
    for _ in range(data.draw(st.integers(0, 5))):
        if run.state.tasks:
            run.complete(data.draw(st.sampled_from(sorted(run.state.tasks))))
    if not run.state.tasks:
        return False
    steps = {name: data.draw(st.sampled_from(sorted(new.nodes))) for name in data.draw(st.sets(in_use(run)))}
    try:
        moving = replanning.moves(Onto(old, new, steps), run.state, {}, Moment(run.seq, LATER, soon))
    except NotReplannable:
        return False
    event = Replan(run.seq, LATER, moving.then, moving.was)
    there, _ = step(old, run.state, event)
    back, _ = step(new, there, replanning.back(event, run.seq + 1, LATER))
    assert back == run.state
    after = Walk(new, frozenset())
    after.state, after.events = there, [*run.events, event]
    check_invariants(new, there)
    while after.state.tasks:
        after.complete(data.draw(st.sampled_from(sorted(after.state.tasks))))
    assert after.state.status is Status.ENDED
    return True


def in_use(run: Walk) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted({token.node for token in run.state.tokens.values()}))


@settings(max_examples=60)
@given(st.data(), plans, plans)
def test_between_any_two_plans_of_steps_and_gateways_nothing_is_lost(
    data: st.DataObject, old: Plan, new: Plan
) -> None:
    let_over_to_plain(data, old, new)


@pytest.mark.long
@settings(max_examples=4000)
@given(st.data(), plans, plans)
def test_between_thousands_of_plans_of_steps_and_gateways_nothing_is_lost(
    data: st.DataObject, old: Plan, new: Plan
) -> None:
    let_over_to_plain(data, old, new)


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
