"""
From one plan to another while an instance runs. Pure.

What can be moved is what means the same there: a step that waits goes to a step, a sub-process with all that runs in it
to a sub-process, a timer to a timer (`places`, `carrying`). Anything else is refused, with the element and why
(docs/process-transitions.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from immutables import Map

from mingqu.kernel.types import Instant
from mingqu.process import carrying, places
from mingqu.process.carrying import Arm
from mingqu.process.errors import NotReplannable
from mingqu.process.keys import at_join, local, of_frame
from mingqu.process.onto import Onto, label, mapping_findings
from mingqu.process.plan import Node
from mingqu.process.replan import Moves, Moving, Replan, Replanned, WaitRow
from mingqu.process.state import State, Wait
from mingqu.process.types import Finding, Json

if TYPE_CHECKING:
    from mingqu.process.step import Walk

OUTCOME = "outcome."


def stranded(onto: Onto, state: State) -> list[Finding]:
    """Everything that can't be moved, each once; [] where `moves` has an answer, but for timers without a moment."""
    found = mapping_findings(onto)
    if found:
        return found
    found = places.stranded_tokens(onto, state)
    if not found:
        found = carrying.carried(onto, state)[1]
    for task in state.tasks.values():
        to = onto.node(task.node)
        if to is not None and task.lent and to.post != onto.old.nodes[task.node].post:
            found.append(onto.finding(task.node, "lent"))
    for signing in state.signings.values():
        to = onto.new.nodes.get(signing.node)
        same = to is not None and onto.to(signing.node) == signing.node
        if to is None or not same or _signs(to) != _signs(onto.old.nodes[signing.node]):
            found.append(onto.finding(signing.node, "signing"))
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Moment:
    """The number and instant of a move; `arm`: when a timer of the new plan fires."""

    seq: int
    at: Instant
    arm: Arm


def moves(onto: Onto, state: State, variables: Mapping[str, Json], moment: Moment) -> Moving:
    """
    Where everything goes, and what takes it back; `variables` are all that the new plan decides on.

    Raises NotReplannable with the findings of `stranded`, or with the timers that have no moment.
    """
    if found := stranded(onto, state):
        raise NotReplannable(found)
    known = {**variables, **_renamed(onto, state)}
    then = Moves(
        onto.new.digest,
        _tokens(onto, state),
        tuple(
            (number, onto.to(task.node), _post(onto, task.node, task.post))
            for number, task in sorted(state.tasks.items())
        ),
        _joins(onto, state),
        known,
        tuple((number, onto.to(frame.node)) for number, frame in sorted(state.frames.items())),
        gone=tuple(sorted(name for name in _local_outcomes(onto, state) if name not in known)),
    )
    waits = carrying.waiting(
        onto,
        placed(state, then),
        carrying.carried(onto, state)[0],
        moment.arm,
        moment.seq,
        moment.at,
    )
    if waits.refused:
        raise NotReplannable(list(waits.refused))
    then = replace(then, waits=waits.rows)
    return Moving(then, _as_it_is(onto, state, then), (*_running(onto, state), *waits.notes))


def _tokens(onto: Onto, state: State) -> tuple[tuple[int, str, str], ...]:
    found: list[tuple[int, str, str]] = []
    flows = places.parked(onto, state)
    for number, token in sorted(state.tokens.items()):
        if token.node not in onto.old.joins:
            found.append((number, onto.to(token.node), ""))
        elif (flow := flows[number]) is not None:
            found.append((number, flow.target, flow.id))
    return tuple(found)


def _joins(onto: Onto, state: State) -> tuple[tuple[str, str], ...]:
    names: dict[str, str] = {}
    for _number, token, here, there in places.lying(onto, state):
        for (split, _first), (to, _to_first) in zip(here, there, strict=True):
            if split in onto.old.join_of:
                key = at_join(onto.old.join_of[split], token.frame)
                names[key] = at_join(onto.new.join_of[to], token.frame)
    return tuple((join, names.get(join, join)) for join in sorted(state.gatherings))


def _local_outcomes(onto: Onto, state: State) -> dict[str, str]:
    """Outcomes that only one of several instances knows: as they are called now, and as they will be."""
    found: dict[str, str] = {}
    for key in state.variables:
        frame, name = of_frame(key)
        step = name.removeprefix(OUTCOME)
        if frame and name != step and step in onto.old.nodes:
            found[key] = local(f"{OUTCOME}{onto.to(step) or step}", frame)
    return {key: to for key, to in found.items() if key != to}


def _renamed(onto: Onto, state: State) -> dict[str, Json]:
    return {to: state.variables[key] for key, to in _local_outcomes(onto, state).items()}


def _running(onto: Onto, state: State) -> list[str]:
    """What people are told of sub-processes and several instances that go over as they stand."""
    found: list[str] = []
    for _number, frame in sorted(state.frames.items()):
        name = label(onto.old, frame.node)
        if frame.total:
            found.append(f"“{name}”一共要办{frame.total}次，已经办完{frame.done}次，接着办。")
        elif frame.parent not in state.frames or not state.frames[frame.parent].total:
            found.append(f"“{name}”正在进行，里面正在办的环节一起迁移。")
    return list(dict.fromkeys(found))


def _as_it_is(onto: Onto, state: State, then: Moves) -> Moves:
    return Moves(
        onto.old.digest,
        tuple((number, token.node, token.flow) for number, token in sorted(state.tokens.items())),
        tuple((number, task.node, task.post) for number, task in sorted(state.tasks.items())),
        tuple((to, join) for join, to in then.joins),
        dict(state.variables),
        tuple((number, frame.node) for number, frame in sorted(state.frames.items())),
        tuple(carrying.row_of(number, wait) for number, wait in sorted(state.waits.items())),
        tuple(sorted(name for name in then.variables if name not in state.variables)),
    )


def back(event: Replan, seq: int, at: Instant) -> Replan:
    """What takes a move back, while nothing has happened since."""
    return Replan(seq, at, event.was, event.moves)


def placed(state: State, to: Moves) -> State:
    """Every token, task, join, frame and wait as the move says; nothing opens, nothing goes."""
    names = dict(to.joins)
    variables = state.variables.update(to.variables)
    for name in to.gone:
        if name in variables:
            variables = variables.delete(name)
    waits = state.waits
    if to.waits is not None:
        waits = Map({row[0]: _wait(row) for row in to.waits})
    return replace(
        state,
        tokens=state.tokens.update(
            {number: replace(state.tokens[number], node=node, flow=flow) for number, node, flow in to.tokens}
        ),
        tasks=state.tasks.update(
            {number: replace(state.tasks[number], node=node, post=post) for number, node, post in to.tasks}
        ),
        gatherings=Map({names.get(join, join): held for join, held in state.gatherings.items()}),
        frames=state.frames.update(
            {number: replace(state.frames[number], node=node) for number, node in to.frames}
        ),
        variables=variables,
        waits=waits,
    )


def _wait(row: WaitRow) -> Wait:
    _number, node, token, frame, due, left = row
    return Wait(node, token, frame, datetime.fromisoformat(due) if due else None, left)


def apply(walk: "Walk", event: Replan) -> None:
    """The instance stands on the other plan."""
    after = placed(walk.before, event.moves)
    walk.tokens, walk.tasks, walk.gatherings = after.tokens, after.tasks, after.gatherings
    walk.frames, walk.waits, walk.variables = after.frames, after.waits, after.variables
    walk.effects.append(Replanned(event.was.plan, event.moves.plan))


def _post(onto: Onto, node: str, post: str) -> str:
    """What was passed on (转办) stays with whom it was passed to."""
    return onto.new.nodes[onto.to(node)].post if post == onto.old.nodes[node].post else post


def _signs(node: Node) -> tuple[object, ...]:
    return node.sign, node.post, node.signers, node.votes
