"""Random plans in random orders: they come to an end, leave no token behind, and end the same."""

from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from mingqu.process.blocks import find_blocks
from mingqu.process.checks import findings
from mingqu.process.plan import Plan, from_json, to_json
from mingqu.process.state import Complete, State, Status, Token, shape
from mingqu.process.step import replay, step

from .random_plans import AT, Walk, choices, plans

MOST_RETURNS = 4


def run(data: st.DataObject, plan: Plan, chosen: frozenset[str]) -> Walk:
    walk = Walk(plan, chosen)
    while walk.state.tasks:
        walk.complete(data.draw(st.sampled_from(sorted(walk.state.tasks))))
    return walk


@given(plans)
def test_every_block_structured_plan_can_be_published(plan: Plan) -> None:
    assert findings(plan) == ()
    assert find_blocks(plan).problems == ()


@given(plans)
def test_a_plan_read_back_is_the_same_plan(plan: Plan) -> None:
    again = from_json(to_json(plan))
    assert (again, again.digest) == (plan, plan.digest)


@given(st.data(), plans)
def test_two_orders_of_the_same_completions_end_in_the_same_state(data: st.DataObject, plan: Plan) -> None:
    chosen = data.draw(choices(plan))
    one, other = run(data, plan, chosen), run(data, plan, chosen)
    assert shape(one.state) == shape(other.state)
    assert one.state.status is Status.ENDED
    assert (len(one.state.tokens), len(one.state.gatherings)) == (0, 0)


@given(st.data(), plans)
def test_two_tasks_done_in_either_order_leave_the_same_state(data: st.DataObject, plan: Plan) -> None:
    """Not only at the end: after every pair of branches that could have come at once."""
    walk = Walk(plan, data.draw(choices(plan)))
    while len(walk.state.tasks) > 1:
        a, b = data.draw(st.permutations(sorted(walk.state.tasks)))[:2]
        results = []
        for order in ((a, b), (b, a)):
            state = walk.state
            for place, task in enumerate(order):
                event = Complete(walk.seq + place, AT, task, "ok", {}, walk.decided)
                state, _ = step(plan, state, event)
            results.append(shape(state))
        assert results[0] == results[1]
        walk.complete(a)


@given(st.data(), plans)
def test_with_returns_in_between_it_still_ends_and_its_history_gives_it_again(
    data: st.DataObject, plan: Plan
) -> None:
    walk = Walk(plan, data.draw(choices(plan)))
    returned = 0
    while walk.state.tasks:
        possible = walk.returns() if returned < MOST_RETURNS else []
        if possible and data.draw(st.booleans()):
            walk.return_to(*data.draw(st.sampled_from(possible)))
            returned += 1
        else:
            walk.complete(data.draw(st.sampled_from(sorted(walk.state.tasks))))
    assert walk.state.status is Status.ENDED
    assert replay(plan, walk.events) == walk.state


@given(st.data(), plans)
def test_a_completion_needs_no_more_than_its_task_and_the_joins_ahead(
    data: st.DataObject, plan: Plan
) -> None:
    """What the store loads is enough: the part and the whole open the same tasks and close the same joins."""
    walk = Walk(plan, data.draw(choices(plan)))
    while walk.state.tasks:
        number = data.draw(st.sampled_from(sorted(walk.state.tasks)))
        whole, task = walk.state, walk.state.tasks[number]
        reach = plan.reach[task.node]
        part = State(
            status=whole.status,
            live=whole.live,
            tokens=Map({task.token: Token(task.node)}),
            tasks=Map({number: task}),
            gatherings=Map({join: g for join, g in whole.gatherings.items() if join in reach.joins}),
        )
        needed = {flow.id for flow in reach.conditional}
        decided = {flow: truth for flow, truth in walk.decided.items() if flow in needed}
        event = Complete(walk.seq, AT, number, "ok", {}, decided)
        after_part, effects_of_part = step(plan, part, event)
        after, effects = step(plan, whole, event)
        assert effects_of_part == effects
        assert (after_part.live, after_part.status, after_part.end) == (after.live, after.status, after.end)
        walk.complete(number)
