"""
From one plan to another while an instance runs. Pure.

What can be moved is what means the same there: a step that waits goes to a step, in a block of as many branches, in
another branch each; what is parked stays parked. Anything else is refused, with the element and why
(docs/process-transitions.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from mingqu.kernel.types import Instant
from mingqu.process.errors import NotReplannable
from mingqu.process.plan import Kind, Node, Plan
from mingqu.process.replan import Moves, Replan, Replanned
from mingqu.process.state import State
from mingqu.process.types import Finding, Json

if TYPE_CHECKING:
    from mingqu.process.step import Walk

SENTENCES = {
    "gone": "正在办的环节“{name}”在新流程里没有对应的环节。",
    "other_kind": "“{name}”对应的“{to}”不是由人办理的环节。",
    "branches": "“{name}”在并行的一组里，新流程的这一组分支不同，有的分支不会打开，或者会多出来。",
    "signing": "“{name}”正在会签，新流程里这个环节的签署办法不同。",
    "lent": "“{name}”正在委派，等交回以后再迁移。",
    "events": "“{name}”正在等待定时、消息，或者同时办几次，不能迁移。",
    "twice": "两个环节都对应到“{to}”。",
    "kept_name": "环节“{name}”标为不再有，但是新流程里有同一个编号的环节。",
}
"""Why an instance stays on its plan. `name` is what the step is called on the old one."""

Refuse = Callable[..., None]


def mapping_findings(old: Plan, new: Plan, steps: Mapping[str, str]) -> list[Finding]:
    """What is wrong with the table itself, whatever instance it is for."""
    found: list[Finding] = []
    taken: dict[str, str] = {}
    for node in old.nodes.values():
        if node.kind is not Kind.USER:
            continue
        to = steps.get(node.id, node.id)
        if not to and node.id in new.nodes:
            found.append(_finding(node.id, "kept_name", name=node.name))
        if to and to in new.nodes:
            if to in taken:
                found.append(_finding(node.id, "twice", to=new.nodes[to].name))
            taken[to] = node.id
    return found


def stranded(old: Plan, new: Plan, state: State, steps: Mapping[str, str]) -> list[Finding]:
    """Everything that can't be moved, each once; [] where `moves` has an answer."""
    found = mapping_findings(old, new, steps)
    if found:
        return found
    if state.frames or state.waits or new.event_subs.get(""):
        first = next(iter(state.tokens.values()))
        return [_finding(first.node, "events", name=_name(old, first.node))]
    found += _stranded_tokens(old, new, state, steps) or _blocks(old, new, state, steps)
    for task in state.tasks.values():
        to = new.nodes.get(_to(task.node, steps))
        if to is not None and task.lent and to.post != old.nodes[task.node].post:
            found.append(_finding(task.node, "lent", name=_name(old, task.node)))
    for signing in state.signings.values():
        to = new.nodes.get(signing.node)
        same = to is not None and _to(signing.node, steps) == signing.node
        if to is None or not same or _signs(to) != _signs(old.nodes[signing.node]):
            found.append(_finding(signing.node, "signing", name=_name(old, signing.node)))
    return list(dict.fromkeys(found))


def _stranded_tokens(old: Plan, new: Plan, state: State, steps: Mapping[str, str]) -> list[Finding]:
    found: list[Finding] = []
    for token in state.tokens.values():
        if token.node in old.joins:
            continue
        name, to = _name(old, token.node), new.nodes.get(_to(token.node, steps))
        if to is None:
            found.append(_finding(token.node, "gone", name=name))
        elif to.kind is not Kind.USER or old.nodes[token.node].kind is not Kind.USER:
            found.append(_finding(token.node, "other_kind", name=name, to=to.name))
        elif to.scope or to.id in new.busy or token.frame:
            found.append(_finding(token.node, "events", name=name))
        elif bool(to.sign) != bool(old.nodes[token.node].sign):
            found.append(_finding(token.node, "signing", name=name))
    return found


def _blocks(old: Plan, new: Plan, state: State, steps: Mapping[str, str]) -> list[Finding]:
    """Tokens lie in blocks of the same shape, each in a branch of its own; so do those parked at their joins."""
    branches: dict[tuple[str, str], str] = {}
    for token in state.tokens.values():
        here, there = _paths(old, new, token.node, token.flow, steps)
        if there is None or len(here) != len(there):
            return [_finding(token.node, "branches", name=_name(old, token.node))]
        for (split, first), (to, to_first) in zip(here, there, strict=True):
            was, now = old.nodes[split], new.nodes[to]
            as_many = len(old.out[split]) == len(new.out[to])
            known = branches.setdefault((split, first), to_first)
            if was.kind is not now.kind or not as_many or known != to_first:
                return [_finding(token.node, "branches", name=_name(old, token.node))]
    ways: dict[tuple[str, str], set[str]] = {}
    for (split, first), to_first in branches.items():
        ways.setdefault((split, to_first), set()).add(first)
    crowded = next((key for key, firsts in ways.items() if len(firsts) > 1), None)
    if crowded is not None:
        return [_finding(crowded[0], "branches", name=_name(old, crowded[0]))]
    return []


def _paths(
    old: Plan, new: Plan, node: str, flow: str, steps: Mapping[str, str]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...] | None]:
    """The blocks around a token, before and after; what is parked lies where the step before it lay."""
    if node not in old.joins:
        to = _to(node, steps)
        return old.paths[node], new.paths.get(to)
    source = old.flows[flow].source
    target = _parked(old, new, node, flow, steps)
    return old.paths[source], None if target is None else new.paths[new.flows[target].source]


def _parked(old: Plan, new: Plan, join: str, flow: str, steps: Mapping[str, str]) -> str | None:
    """The flow that brings what is parked to the join, on the new plan."""
    source = _to(old.flows[flow].source, steps)
    for found in new.out.get(source, ()):
        if found.target in new.joins:
            return found.id
    return None


def moves(
    old: Plan, new: Plan, state: State, steps: Mapping[str, str], variables: Mapping[str, Json]
) -> tuple[Moves, Moves]:
    """
    Where everything goes, and what takes it back; `variables` are all that the new plan decides on.

    Raises NotReplannable with the findings of `stranded`.
    """
    if found := stranded(old, new, state, steps):
        raise NotReplannable(found)
    tokens: list[tuple[int, str, str]] = []
    joins: dict[str, str] = {}
    for number, token in sorted(state.tokens.items()):
        if token.node not in old.joins:
            tokens.append((number, _to(token.node, steps), ""))
        elif (flow := _parked(old, new, token.node, token.flow, steps)) is not None:
            tokens.append((number, new.flows[flow].target, flow))
        here, there = _paths(old, new, token.node, token.flow, steps)
        for (split, _first), (to, _to_first) in zip(here, there or (), strict=True):
            joins[old.join_of[split]] = new.join_of[to]
    tasks = [
        (number, _to(task.node, steps), _post(old, new, task.node, task.post, steps))
        for number, task in sorted(state.tasks.items())
    ]
    known = [(join, joins.get(join, join)) for join in sorted(state.gatherings)]
    then = Moves(new.digest, tuple(tokens), tuple(tasks), tuple(known), variables)
    return then, _as_it_is(old, state, known)


def _as_it_is(old: Plan, state: State, joins: list[tuple[str, str]]) -> Moves:
    return Moves(
        old.digest,
        tuple((number, token.node, token.flow) for number, token in sorted(state.tokens.items())),
        tuple((number, task.node, task.post) for number, task in sorted(state.tasks.items())),
        tuple((then, now) for now, then in joins),
        dict(state.variables),
    )


def back(event: Replan, seq: int, at: Instant) -> Replan:
    """What takes a move back, while nothing has happened since."""
    return Replan(seq, at, event.was, event.moves)


def apply(walk: "Walk", event: Replan) -> None:
    """Every token, task and join stands on the other plan; nothing opens, nothing goes."""
    to = event.moves
    for number, node, flow in to.tokens:
        walk.place(number, node, flow)
    for number, node, post in to.tasks:
        walk.tasks = walk.tasks.set(number, replace(walk.tasks[number], node=node, post=post))
    names = dict(to.joins)
    walk.gatherings = type(walk.gatherings)(
        {names.get(join, join): held for join, held in walk.gatherings.items()}
    )
    walk.variables = walk.variables.update(to.variables)
    walk.effects.append(Replanned(event.was.plan, to.plan))


def _to(node: str, steps: Mapping[str, str]) -> str:
    return steps.get(node, node)


def _post(old: Plan, new: Plan, node: str, post: str, steps: Mapping[str, str]) -> str:
    """What was passed on (转办) stays with whom it was passed to."""
    return new.nodes[_to(node, steps)].post if post == old.nodes[node].post else post


def _signs(node: Node) -> tuple[object, ...]:
    return node.sign, node.post, node.signers, node.votes


def _name(plan: Plan, node: str) -> str:
    return plan.nodes[node].name or node


def _finding(element: str, code: str, **words: str) -> Finding:
    return Finding(element, code, SENTENCES[code].format(**words))
