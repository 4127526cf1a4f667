"""
The ways through a plan as people ask for them: what everybody goes through, what these answers come to, what is done
side by side, what leads to a step and back to one. Of a plan as it is drawn (`picture`), with all its sub-processes.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from mingqu.decisions import services as decisions
from mingqu.process.conditions import GIVEN, kept, nested
from mingqu.process.picture import picture
from mingqu.process.plan import ENDS, FORKS, Flow, Kind, Node, Plan, make_plan
from mingqu.process.types import Json

Named = tuple[str, str]
"""Id and name of a box."""
CHOICES = frozenset({Kind.EXCLUSIVE, Kind.INCLUSIVE})


@lru_cache(maxsize=256)
def framed(plan: Plan, before: tuple[Named, ...], after: Named, last: str, over: str) -> Plan:
    """
    The plan as it is drawn, with boxes before its first element and one behind the step `last`. Ends that don't come
    after `last` are boxes of their own, called as they are or `over`.
    """
    flat = picture(plan)
    ends = [n for n in flat.nodes.values() if n.kind in ENDS]
    behind = flat.after.get(last, frozenset())
    closing = [n for n in ends if n.id in behind] or ends
    closed = {n.id for n in closing}
    nodes = [flat.start, *(Node(name, Kind.USER, words) for name, words in before)]
    for node in flat.nodes.values():
        if node.kind in ENDS and node.id not in closed:
            nodes.append(replace(node, kind=Kind.USER, name=node.name or over))
        elif node.kind not in ENDS and node.id != flat.start.id:
            nodes.append(node)
    end = replace(closing[0], kind=Kind.END)
    nodes += [Node(after[0], Kind.USER, after[1]), end]
    chain = [flat.start.id, *(name for name, _ in before)]
    flows = [Flow(f"{a}>{b}", a, b) for a, b in pairwise(chain)]
    for flow in flat.flows.values():
        source = chain[-1] if flow.source == flat.start.id else flow.source
        target = after[0] if flow.target in closed else flow.target
        flows.append(replace(flow, source=source, target=target))
    return make_plan(nodes, [*flows, Flow(f"{after[0]}>{end.id}", after[0], end.id)])


@lru_cache(maxsize=256)
def certain(plan: Plan) -> frozenset[str]:
    """What every run that comes to an end goes through."""
    flat = picture(plan)
    passed = dict.fromkeys(flat.nodes, frozenset(flat.nodes))
    changed = True
    while changed:
        changed = False
        for name, node in flat.nodes.items():
            onward = [passed[flow.target] for flow in flat.out[name]]
            if not onward:
                found: frozenset[str] = frozenset()
            elif node.kind in CHOICES:
                always = [passed[flow.target] for flow in flat.out[name] if _always(node, flow)]
                found = frozenset.intersection(*onward).union(*always)
            else:
                found = frozenset.union(*onward)
            if passed[name] != found | {name}:
                passed[name] = found | {name}
                changed = True
    return passed[flat.start.id]


def _always(node: Node, flow: Flow) -> bool:
    """Whether an inclusive split takes this flow whatever the others say."""
    return node.kind is Kind.INCLUSIVE and flow.condition is None and flow.id != node.default


def possible(plan: Plan, data: Mapping[str, Json]) -> frozenset[str]:
    """What may still come with these data; a condition on what they don't say, or on the day, may go either way."""
    flat, known = picture(plan), kept(plan, data)
    names = nested(known)
    found, waiting = {flat.start.id}, [flat.start.id]
    while waiting:
        for flow in _open_ways(plan, flat, waiting.pop(), known, names):
            if flow.target not in found:
                found.add(flow.target)
                waiting.append(flow.target)
    return frozenset(found)


def _open_ways(
    plan: Plan, flat: Plan, name: str, known: Mapping[str, Json], names: Mapping[str, Json]
) -> tuple[Flow, ...]:
    node, flows = plan.nodes.get(name), flat.out[name]
    if node is None or node.kind not in CHOICES or len(flows) < 2:
        return flows
    ways: list[Flow] = []
    sure = False
    for flow in flows:
        true = None if flow.id == node.default else _truth(flow, known, names)
        if flow.id == node.default or true is False:
            continue
        ways.append(flow)
        sure |= true is True
        if sure and node.kind is Kind.EXCLUSIVE:
            break
    return tuple(ways) if sure else (*ways, *(flow for flow in flows if flow.id == node.default))


def _truth(flow: Flow, known: Mapping[str, Json], names: Mapping[str, Json]) -> bool | None:
    """None: not known yet."""
    if flow.condition is None:
        return True
    read = all(any(f"{name}.".startswith(f"{one}.") for one in known) for name in flow.reads)
    if not read or GIVEN & decisions.names_used(flow.condition):
        return None
    return decisions.evaluate(flow.condition, names) is True


@lru_cache(maxsize=256)
def side_by_side(plan: Plan) -> frozenset[str]:
    """Elements that are done while others are: in a block of which more than one branch has something to do."""
    flat = picture(plan)
    busy: dict[str, set[str]] = {}
    for name, path in flat.paths.items():
        if flat.nodes[name].kind is Kind.USER:
            for split, branch in path:
                busy.setdefault(split, set()).add(branch)
    forks = {split for split, branches in busy.items() if len(branches) > 1}
    forks = {split for split in forks if flat.nodes[split].kind in FORKS}
    return frozenset(name for name, path in flat.paths.items() if any(split in forks for split, _ in path))


def conditions_to(plan: Plan, name: str) -> tuple[str, ...]:
    """
    The conditions right before an element, outermost first; () where several ways lead to it, "" for one that reads
    how a step of its own called process came out: it calls the step by another name than the plan does.
    """
    flat = picture(plan)
    found: list[str] = []
    seen: set[str] = set()
    while name not in seen and len(into := flat.into.get(name, ())) == 1:
        seen.add(name)
        found += [_as_written(into[0])] if into[0].condition else []
        name = into[0].source
        if flat.nodes[name].kind is Kind.USER:
            break
    return tuple(reversed(found))


def _as_written(flow: Flow) -> str:
    text = flow.condition or ""
    return text if all(name in text for name in flow.reads) else ""


def nearest_steps(plan: Plan, name: str, *, onward: bool) -> tuple[str, ...]:
    """The boxes that an element leads to, or that lead to it, across gateways; itself where it is one."""
    flat = picture(plan)
    found: dict[str, None] = {}
    seen, waiting = {name}, [name]
    while waiting:
        here = waiting.pop(0)
        if flat.nodes[here].kind is Kind.USER:
            found[here] = None
            continue
        near = [f.target for f in flat.out[here]] if onward else [f.source for f in flat.into[here]]
        waiting += [one for one in near if one not in seen]
        seen.update(near)
    return tuple(found)
