"""
Which split belongs to which join, and which nodes lie between them. Pure.

A block is a parallel or inclusive split, the join where all its branches meet, and what lies between. The
join is the split's nearest post-dominator: the first node every way onward must pass. Ways that
come only to a terminate end are left out, since they end everything.

Where of a split's ways only one goes on and the others come to a terminate end, the split has no join, and its block
reaches to the end of the process. Inside another block that can't be: the way that goes on would leave that block by
its join while the others are still worked on in it, and a return (内部退回) from behind the join would open them twice.
It is refused by its own code, `ends_beside`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from mingqu.process.plan import ENDS, Kind, Path, Plan, is_join, is_split, reachable


@dataclass(frozen=True, slots=True)
class Blocks:
    """`problems`: (element, code) for each split that has no proper block."""

    join_of: Mapping[str, str]
    paths: Mapping[str, Path]
    problems: tuple[tuple[str, str], ...]


Branches = dict[str, frozenset[str]]
"""First flow of a branch -> the nodes of the branch."""


def find_blocks(plan: Plan) -> Blocks:
    nearest = nearest_post_dominators(plan)
    join_of: dict[str, str] = {}
    blocks: dict[str, Branches] = {}
    problems: list[tuple[str, str]] = []
    splits = [node for node in plan.nodes.values() if is_split(plan, node)]
    wanted = Counter(nearest.get(split.id) for split in splits)
    for node in splits:
        join = nearest.get(node.id)
        alone = sum(flow.target in nearest for flow in plan.out[node.id]) < 2
        if join is not None and (plan.nodes[join].kind in ENDS or alone):
            join = None  # each branch ends by itself, though at one end, or the others end everything
        branches = _branches(plan, node.id, join)
        problem = _problem(plan, node.id, join, branches)
        if problem in (None, "branch_entered") and join is not None and wanted[join] > 1:
            problem = "shared_join"
        if problem == "branch_entered" and alone:
            problem = "ends_beside"
        if problem is not None:
            problems.append((node.id, problem))
            continue
        blocks[node.id] = branches
        if join is not None:
            join_of[node.id] = join
    return Blocks(join_of, _paths(plan, blocks), tuple(problems))


def _branches(plan: Plan, split: str, join: str | None) -> Branches:
    branches: Branches = {}
    for flow in plan.out[split]:
        nodes = set() if flow.target == join else {flow.target} | reachable(plan, flow.target, stop=join)
        branches[flow.id] = frozenset(nodes - {join})
    return branches


def _problem(plan: Plan, split: str, join: str | None, branches: Branches) -> str | None:
    """Why these branches are no block, or None."""
    if join is not None:
        if not is_join(plan, plan.nodes[join]):
            return "missing_join"
        if (plan.nodes[split].kind, plan.nodes[join].kind) == (Kind.INCLUSIVE, Kind.PARALLEL):
            return "join_waits_for_all"
    inside: set[str] = set().union(*branches.values())
    if split in inside or plan.start.id in inside:
        return "branch_leaves"
    inside = set()
    for nodes in branches.values():
        between = {name for name in nodes if plan.nodes[name].kind not in ENDS}
        if inside & between:
            return "branches_mix"
        inside |= between
    entries = [flow for name in inside for flow in plan.into[name]]
    entries += plan.into[join] if join is not None else ()
    if any(flow.source != split and flow.source not in inside for flow in entries):
        return "branch_entered"
    return None


def _paths(plan: Plan, blocks: Mapping[str, Branches]) -> dict[str, Path]:
    size = {split: sum(map(len, branches.values())) for split, branches in blocks.items()}
    outermost_first = sorted(blocks, key=lambda split: -size[split])
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in plan.nodes}
    for split in outermost_first:
        for flow, nodes in blocks[split].items():
            for name in nodes:
                found[name].append((split, flow))
    return {name: tuple(path) for name, path in found.items()}


def nearest_post_dominators(plan: Plan) -> dict[str, str | None]:
    """
    For each node the nearest node that every way to an end passes; None: the ways end apart.

    Sets of nodes are integers, one bit a node: fast enough for plans of some thousand nodes.
    """
    names = _on_the_way_to_an_end(plan)
    bit = {name: 1 << place for place, name in enumerate(names)}
    everything = (1 << len(names)) - 1
    passed = dict.fromkeys(names, everything)
    changed = True
    while changed:
        changed = False
        for name in reversed(names):
            following = [passed[f.target] for f in plan.out[name] if f.target in bit]
            common = everything if following else 0
            for other in following:
                common &= other
            if passed[name] != common | bit[name]:
                passed[name] = common | bit[name]
                changed = True
    nearest: dict[str, str | None] = {}
    for name in names:
        others = passed[name] & ~bit[name]
        want = others.bit_count()
        nearest[name] = next((o for o in names if bit[o] & others and passed[o].bit_count() == want), None)
    return nearest


def _on_the_way_to_an_end(plan: Plan) -> list[str]:
    """Nodes from which a plain end can be reached; if there is none, a terminate end. Breadth first."""
    plain = {n.id for n in plan.nodes.values() if n.kind is Kind.END}
    ends = plain or {n.id for n in plan.nodes.values() if n.kind in ENDS}
    useful = set(ends)
    waiting = list(ends)
    while waiting:
        for flow in plan.into[waiting.pop()]:
            if flow.source not in useful:
                useful.add(flow.source)
                waiting.append(flow.source)
    order, seen = [plan.start.id], {plan.start.id}
    for name in order:
        for flow in plan.out[name]:
            if flow.target not in seen:
                seen.add(flow.target)
                order.append(flow.target)
    return [name for name in order if name in useful] + sorted(useful - seen)
