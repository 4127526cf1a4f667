"""
Where the tokens of a running instance come to lie on another plan, and which can't. Pure.

A token goes to an element of its kind, in the same scope, beside or in the main way as before, in a block of as many
branches, in another branch each; what is parked stays parked (docs/process-transitions.md).
"""

from collections.abc import Iterator, Mapping

from mingqu.process.onto import Onto, label
from mingqu.process.plan import Flow, Kind, Path, Plan
from mingqu.process.state import State, Token
from mingqu.process.types import Finding

RESTING = frozenset({Kind.USER, Kind.SUB, Kind.CALL, Kind.EVENT_SUB, Kind.RECEIVE, Kind.CATCH, Kind.EVENTS})
Lies = tuple[int, Token, Path, Path]
"""A token, the blocks around it before, and those around it then."""


def stranded_tokens(onto: Onto, state: State) -> list[Finding]:
    """Tokens whose element is gone, or another kind of thing; then those that come to lie elsewhere."""
    found = [one for token in state.tokens.values() for one in _stranded(onto, token)]
    return found or _beside(onto, state) or _blocks(onto, state)


def _stranded(onto: Onto, token: Token) -> Iterator[Finding]:
    if token.node in onto.old.joins:
        return
    node, to = onto.old.nodes[token.node], onto.node(token.node)
    if to is None:
        yield onto.finding(node.id, "gone")
    elif node.kind not in RESTING or to.kind is not node.kind:
        yield onto.finding(node.id, "other_kind", to=label(onto.new, to.id))
    elif node.loop != to.loop:
        yield onto.finding(node.id, "loop")
    elif to.scope != onto.scope(node.scope):
        yield onto.finding(node.id, "scope")
    elif bool(to.sign) != bool(node.sign):
        yield onto.finding(node.id, "signing")
    elif node.kind is Kind.EVENT_SUB and onto.old.starts[node.id].interrupts:
        yield onto.finding(node.id, "interrupted")
    elif node.kind is Kind.EVENT_SUB and (to.id not in onto.new.starts or onto.new.starts[to.id].interrupts):
        yield onto.finding(node.id, "other_event")


def of_loop(state: State, token: Token) -> bool:
    """Whether it is one of the several instances of an activity: what lies around it lies around their host."""
    frame = state.frames.get(token.frame)
    return frame is not None and frame.total > 0


def _beside(onto: Onto, state: State) -> list[Finding]:
    """Tokens of one way (the main one, or one beside an activity) stay together, and meet no others."""
    old, new = onto.old, onto.new
    went: dict[tuple[int, str], str] = {}
    came: dict[tuple[int, str], str] = {}
    where = parked(onto, state)
    for number, token in sorted(state.tokens.items()):
        if of_loop(state, token) or old.nodes[token.node].kind is Kind.EVENT_SUB:
            continue
        flow = where.get(number)
        name = onto.to(token.node) if token.node not in old.joins else flow.target if flow else ""
        was, now = old.region_of.get(token.node, ""), new.region_of.get(name, "")
        if not was or not now:
            if token.node in old.joins:
                return [onto.finding(token.node, "branches")]
            return [onto.finding(token.node, "beside")]
        one_way = went.setdefault((token.frame, was), now) == now
        alone = came.setdefault((token.frame, now), was) == was
        if not one_way or not alone or old.nodes[was].kind is not new.nodes[now].kind:
            return [onto.finding(token.node, "beside")]
    return []


def _blocks(onto: Onto, state: State) -> list[Finding]:
    """Tokens lie in blocks of the same shape, each in a branch of its own; so do those parked at their joins."""
    old, new = onto.old, onto.new
    splits: dict[tuple[int, str], str] = {}
    firsts: dict[tuple[int, str], str] = {}
    crowded: dict[tuple[int, str], str] = {}
    for number, token, here, there in lying(onto, state):
        refused = [onto.finding(state.tokens[number].node, "branches")]
        if len(here) != len(there):
            return refused
        for (split, first), (to, to_first) in zip(here, there, strict=True):
            frame = token.frame
            same = (
                old.nodes[split].kind is new.nodes[to].kind
                and len(old.out[split]) == len(new.out[to])
                and (split in old.join_of) == (to in new.join_of)
                and splits.setdefault((frame, split), to) == to
                and firsts.setdefault((frame, first), to_first) == to_first
                and crowded.setdefault((frame, to_first), first) == first
            )
            if not same:
                return refused
    return []


def lying(onto: Onto, state: State) -> Iterator[Lies]:
    """Every token that lies in its own place; what can't be placed gets a path of another length."""
    where = parked(onto, state)
    for number, token in sorted(state.tokens.items()):
        if of_loop(state, token):
            continue
        here = around(onto.old, token)
        if token.node not in onto.old.joins:
            yield number, token, here, onto.new.paths.get(onto.to(token.node), (*here, ("", "")))
            continue
        flow = where.get(number)
        there = (*here, ("", "")) if flow is None else around(onto.new, Token(flow.target, flow.id))
        if flow is not None and there and onto.new.join_of.get(there[-1][0]) != flow.target:
            there = (*here, ("", ""))  # it would wait at the join of another block
        yield number, token, here, there


def around(plan: Plan, token: Token) -> Path:
    """The blocks around a token; what is parked lies in the branch that brought it, which may hold no step at all."""
    if token.node not in plan.joins:
        return plan.paths[token.node]
    source = plan.flows[token.flow].source
    path = plan.paths[source]
    return (*path, (source, token.flow)) if plan.join_of.get(source) == token.node else path


def parked(onto: Onto, state: State) -> Mapping[int, Flow | None]:
    """
    For each parked token the flow that brings it to its join on the new plan: the one of the same id, else one from
    where it came that brings no other.
    """
    found: dict[int, Flow | None] = {}
    used: set[tuple[int, str]] = set()
    there = [(n, t) for n, t in sorted(state.tokens.items()) if t.node in onto.old.joins]
    for number, token in there:
        source, flow = onto.to(onto.old.flows[token.flow].source), onto.new.flows.get(token.flow)
        if flow is not None and flow.source == source and flow.target in onto.new.joins:
            found[number] = flow
            used.add((token.frame, flow.id))
    for number, token in there:
        if number in found:
            continue
        source = onto.to(onto.old.flows[token.flow].source)
        ways = [f for f in onto.new.out.get(source, ()) if f.target in onto.new.joins]
        found[number] = next((f for f in ways if (token.frame, f.id) not in used), None)
        if (chosen := found[number]) is not None:
            used.add((token.frame, chosen.id))
    return found
