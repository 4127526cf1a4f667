"""
A plan: what a process may do, compiled once, never changed. Pure.

A plan is nodes and flows. Everything else here is worked out from them when it is made: which block a
node lies in, and what an event at a node can touch. Two plans are the same if their digests are.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

FORMAT = 1
"""Goes into the digest. A new element or field raises it only if old plans would mean something else."""

Path = tuple[tuple[str, str], ...]
"""The blocks around a node, outermost first: (split, first flow of the branch)."""


class Kind(StrEnum):
    START = "start"
    END = "end"
    TERMINATE = "terminate"
    USER = "user"
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    INCLUSIVE = "inclusive"


RESTS = frozenset({Kind.USER})
"""Where a token rests until something comes from outside."""
ENDS = frozenset({Kind.END, Kind.TERMINATE})
FORKS = frozenset({Kind.PARALLEL, Kind.INCLUSIVE})


@dataclass(frozen=True, slots=True)
class Node:
    """
    One element. `post`, `limit` (working days) and `people` are a user task's; `default` is the flow a
    gateway takes when no condition is true.
    """

    id: str
    kind: Kind
    name: str = ""
    post: str = ""
    limit: int | None = None
    people: int = 1
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """
    From one node to the next. `condition` is FEEL text; `reads` the names it decides on.

    The engine never evaluates it: whether it is true comes with the event, under the flow's id.
    """

    id: str
    source: str
    target: str
    condition: str | None = None
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """What a token that leaves a node can come to before it rests again."""

    joins: frozenset[str] = frozenset()
    conditional: tuple[Flow, ...] = ()
    everything: bool = False  # a terminate end: all tokens


@dataclass(frozen=True)
class Plan:
    """Nodes and flows by id, in written order. `make_plan` makes one, `checks.findings` judges it."""

    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    out: Mapping[str, tuple[Flow, ...]] = field(repr=False, compare=False)
    into: Mapping[str, tuple[Flow, ...]] = field(repr=False, compare=False)

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(canonical(self)).hexdigest()

    @cached_property
    def start(self) -> Node:
        return next(node for node in self.nodes.values() if node.kind is Kind.START)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names the flow decides on: the only variables an instance keeps."""
        return frozenset(name for flow in self.flows.values() for name in flow.reads)

    @cached_property
    def joins(self) -> frozenset[str]:
        """Gateways where branches meet."""
        return frozenset(node.id for node in self.nodes.values() if is_join(self, node))

    @cached_property
    def _blocks(self) -> "Any":
        from mingqu.process.blocks import find_blocks

        return find_blocks(self)

    @property
    def join_of(self) -> Mapping[str, str]:
        """The join that closes each split."""
        joins: Mapping[str, str] = self._blocks.join_of
        return joins

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Splits without a proper block, with the reason; () in a published plan."""
        problems: tuple[tuple[str, str], ...] = self._blocks.problems
        return problems

    @property
    def paths(self) -> Mapping[str, Path]:
        """The blocks around each node."""
        paths: Mapping[str, Path] = self._blocks.paths
        return paths

    @cached_property
    def reach(self) -> Mapping[str, Reach]:
        """For each node at which a token rests, and the start."""
        places = (n for n in self.nodes.values() if n.kind in RESTS or n.kind is Kind.START)
        return {node.id: _reach(self, node.id) for node in places}

    @cached_property
    def after(self) -> Mapping[str, frozenset[str]]:
        """The nodes that can be reached from each node."""
        return {name: frozenset(reachable(self, name)) for name in self.nodes}

    def inside(self, split: str) -> frozenset[str]:
        """Every node of the block that `split` opens, its join included."""
        held = {name for name, path in self.paths.items() if any(s == split for s, _ in path)}
        return frozenset(held | ({self.join_of[split]} if split in self.join_of else set()))


def make_plan(nodes: Iterable[Node], flows: Iterable[Flow]) -> Plan:
    """
    Put a plan together. Raises ValueError for two elements of one id or a flow to nowhere: a programming
    error, since whatever reads definitions reports these with the file's own words first.
    """
    by_id: dict[str, Node] = {}
    for node in nodes:
        if node.id in by_id:
            raise ValueError(f"two nodes {node.id}")
        by_id[node.id] = node
    all_flows: dict[str, Flow] = {}
    out: dict[str, list[Flow]] = {name: [] for name in by_id}
    into: dict[str, list[Flow]] = {name: [] for name in by_id}
    for flow in flows:
        if flow.id in all_flows or flow.source not in by_id or flow.target not in by_id:
            raise ValueError(f"flow {flow.id}: same id twice, or an end that is no node")
        all_flows[flow.id] = flow
        out[flow.source].append(flow)
        into[flow.target].append(flow)
    return Plan(
        MappingProxyType(by_id),
        MappingProxyType(all_flows),
        MappingProxyType({name: tuple(found) for name, found in out.items()}),
        MappingProxyType({name: tuple(found) for name, found in into.items()}),
    )


def reachable(plan: Plan, origin: str, stop: str | None = None) -> set[str]:
    """Nodes that flows lead to from `origin`; does not go on from `stop`. `origin` only if in a circle."""
    found: set[str] = set()
    waiting = [origin]
    while waiting:
        name = waiting.pop()
        if name == stop:
            continue
        for flow in plan.out[name]:
            if flow.target not in found:
                found.add(flow.target)
                waiting.append(flow.target)
    return found


def _reach(plan: Plan, origin: str) -> Reach:
    joins: set[str] = set()
    conditional: dict[str, Flow] = {}
    everything = False
    seen: set[str] = set()
    waiting = [origin]
    while waiting:
        name = waiting.pop()
        for flow in plan.out[name]:
            if flow.condition is not None:
                conditional[flow.id] = flow
            if flow.target in seen:
                continue
            seen.add(flow.target)
            node = plan.nodes[flow.target]
            if is_join(plan, node):
                joins.add(node.id)
            everything = everything or node.kind is Kind.TERMINATE
            if node.kind not in RESTS:
                waiting.append(node.id)
    return Reach(frozenset(joins), tuple(conditional.values()), everything)


def is_join(plan: Plan, node: Node) -> bool:
    return node.kind in FORKS and len(plan.into[node.id]) > 1


def is_split(plan: Plan, node: Node) -> bool:
    return node.kind in FORKS and len(plan.out[node.id]) > 1


def to_json(plan: Plan) -> dict[str, Any]:
    """The stored form. What equals a field's default is left out, so that new fields keep old digests."""
    return {
        "format": FORMAT,
        "nodes": [_short(node, Node(node.id, node.kind)) for node in plan.nodes.values()],
        "flows": [_short(flow, Flow(flow.id, flow.source, flow.target)) for flow in plan.flows.values()],
    }


def _short(value: Node | Flow, empty: Node | Flow) -> dict[str, Any]:
    base = asdict(empty)
    keep = ("id", "kind", "source", "target")
    return {name: item for name, item in asdict(value).items() if name in keep or item != base[name]}


def from_json(data: Mapping[str, Any]) -> Plan:
    """The plan from its stored form. Raises ValueError for a format this code does not know."""
    if data["format"] != FORMAT:
        raise ValueError(f"plan format {data['format']}")
    nodes = [Node(**{**item, "kind": Kind(item["kind"])}) for item in data["nodes"]]
    flows = [Flow(**{**item, "reads": tuple(item.get("reads", ()))}) for item in data["flows"]]
    return make_plan(nodes, flows)


def canonical(plan: Plan) -> bytes:
    return json.dumps(to_json(plan), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
