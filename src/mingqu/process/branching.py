"""Splits, joins and choices on a walk, and the blocks between them. Pure."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mingqu.process import activities
from mingqu.process.errors import NoWayOut
from mingqu.process.keys import at_join, of_frame
from mingqu.process.plan import Flow, Kind, Node
from mingqu.process.state import Gathering, JoinClosed

if TYPE_CHECKING:
    from mingqu.process.step import Walk


class PlanUnsound(RuntimeError):
    """A state that no published plan can come to: the checks of publication were passed by."""


def go_back(walk: "Walk", token: int, origin: str, node: str) -> None:
    """Empty and open the blocks that lie between a step and an earlier one, for a token that goes back."""
    here, there = walk.plan.paths[origin], walk.plan.paths[node]
    common = 0
    while common < min(len(here), len(there)) and here[common] == there[common]:
        common += 1
    frame = walk.tokens[token].frame
    if len(here) > common:
        empty_block(walk, here[common][0], keep=token)
    for split, _ in there[common:]:
        open_block(walk, split, 1, frame)


def choose(walk: "Walk", node: Node) -> Flow:
    """The first flow whose condition is true, else the default."""
    flows = walk.plan.out[node.id]
    for flow in flows:
        if flow.id != node.default and (flow.condition is None or walk.decisions[flow.id] is True):
            return flow
    return default(walk, node)


def default(walk: "Walk", node: Node) -> Flow:
    if node.default is None:
        raise NoWayOut(node=node.name or node.id)
    return walk.plan.flows[node.default]


def leave_gateway(walk: "Walk", token: int, node: Node, frame: int) -> None:
    """One token for each branch; they set out in written order."""
    flows: Iterable[Flow] = walk.plan.out[node.id]
    if len(walk.plan.out[node.id]) == 1:
        walk.moving.append((token, walk.plan.out[node.id][0], frame))
        return
    if node.kind is Kind.INCLUSIVE:
        flows = [
            flow
            for flow in flows
            if flow.id != node.default and (flow.condition is None or walk.decisions[flow.id] is True)
        ] or [default(walk, node)]
    branches = [(walk.number(), flow, frame) for flow in flows]
    walk.remove(token)
    walk.count(frame, len(branches) - 1)
    open_block(walk, node.id, len(branches), frame)
    branches.reverse()
    walk.moving.extend(branches)


def open_block(walk: "Walk", split: str, expected: int, frame: int = 0) -> None:
    join = walk.plan.join_of.get(split)
    if join is None:
        return
    key = at_join(join, frame)
    if key in walk.gatherings:
        raise PlanUnsound(f"{join} is open twice")
    walk.gatherings = walk.gatherings.set(key, Gathering(walk.number(), expected))


def arrive(walk: "Walk", token: int, join: Node, flow: Flow, frame: int) -> bool:
    """Park the token; True if it was the last one and the join is closed."""
    key = at_join(join.id, frame)
    open_ = walk.gatherings.get(key)
    if open_ is None:
        raise PlanUnsound(f"{join.id} is not open")
    if open_.arrived + 1 < open_.expected:
        walk.place(token, join.id, flow.id, frame)
        walk.gatherings = walk.gatherings.set(key, Gathering(open_.number, open_.expected, open_.arrived + 1))
        return False
    walk.gatherings = walk.gatherings.delete(key)
    walk.effects.append(JoinClosed(open_.number, join.id, frame))
    with walk.tokens.mutate() as tokens:
        for number in [n for n, t in walk.tokens.items() if t.node == join.id and t.frame == frame]:
            del tokens[number]
        tokens.pop(token, None)
        walk.tokens = tokens.finish()
    walk.count(frame, 1 - open_.expected)
    return True


def empty_block(walk: "Walk", split: str, keep: int) -> None:
    """Remove every token in the block but `keep`, which moves; drop its tasks and gatherings."""
    inside, frame = walk.plan.inside(split), walk.tokens[keep].frame
    gone = {n for n, t in walk.tokens.items() if t.frame == frame and t.node in inside and n != keep}
    activities.break_off(walk, gone)
    for key in list(walk.gatherings):
        there, join = of_frame(key)
        if join in inside and there == frame:
            walk.gatherings = walk.gatherings.delete(key)
