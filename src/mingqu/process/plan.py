"""
A plan: what a process may do, compiled once, never changed. Pure.

A plan is nodes and flows. Everything else here is worked out from them when it is made: which block a
node lies in, and what an event at a node can touch. Two plans are the same if their digests are.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
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
    SERVICE = "service"
    RULE = "rule"
    SEND = "send"
    RECEIVE = "receive"
    MANUAL = "manual"
    SUB = "sub"
    CALL = "call"
    EVENT_SUB = "event_sub"
    EVENTS = "events"  # event-based gateway
    CATCH = "catch"
    THROW = "throw"
    BOUNDARY = "boundary"


RESTS = frozenset({Kind.USER})
"""Where a token rests until somebody acts."""
WORKS = frozenset({Kind.SERVICE, Kind.RULE})
"""Done by the owner's handler, in the transaction that comes to them."""
SCOPES = frozenset({Kind.SUB, Kind.CALL, Kind.EVENT_SUB})
"""Hold nodes of their own, which run in a frame."""
ACTIVITIES = frozenset(
    {Kind.USER, Kind.SERVICE, Kind.RULE, Kind.SEND, Kind.RECEIVE, Kind.MANUAL, Kind.SUB, Kind.CALL}
)
AWAITED = frozenset({"message", "signal", "timer"})
"""Occasions that come from outside; errors and escalations come from within."""
ENDS = frozenset({Kind.END, Kind.TERMINATE})
FORKS = frozenset({Kind.PARALLEL, Kind.INCLUSIVE})
PLAIN = frozenset(
    {Kind.START, Kind.END, Kind.TERMINATE, Kind.USER, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE}
)


@dataclass(frozen=True, slots=True)
class Node:
    """
    One element. `post`, `limit` (working days) and `people` are a user task's; `default` is the flow a
    gateway takes when no condition is true. `sign`: how `post` and `signers` sign it together
    (signing.Mode); `votes`: how many must agree.

    `scope`: the sub-process it lies in. `occasion` ("timer", "message", "signal", "error", "escalation") and `ref`
    (which message, signal or code; "" catches any) of an event or of a send or receive task; `attached`, `interrupts`
    of a boundary event and of the start of an event sub-process. `timer`: an ISO 8601 date, duration or repetition, or
    FEEL for one. `loop` ("parallel", "sequential"), `count`, `until`: several instances of an activity. `reads`: the
    names its own expressions decide on. `called`: key and digest of the plan a call activity holds a copy of.
    `sender`: the system that may bring the message an element waits for, "" people alone.
    """

    id: str
    kind: Kind
    name: str = ""
    post: str = ""
    limit: int | None = None
    people: int = 1
    default: str | None = None
    sign: str = ""
    signers: tuple[str, ...] = ()
    votes: int = 0
    scope: str = ""
    occasion: str = ""
    ref: str = ""
    attached: str = ""
    interrupts: bool = True
    timer: str = ""
    loop: str = ""
    count: str = ""
    until: str = ""
    reads: tuple[str, ...] = ()
    called: str = ""
    sender: str = ""


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
    """
    What a token that leaves a node can come to before it rests again. `counts`: activities with several instances
    that begin; `timers`: nodes whose timer begins to run; `until`: loops of which an instance may end.
    """

    joins: frozenset[str] = frozenset()
    conditional: tuple[Flow, ...] = ()
    everything: bool = False  # a terminate end, an error: all tokens
    counts: tuple[str, ...] = ()
    timers: tuple[str, ...] = ()
    until: tuple[str, ...] = ()


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
        return next(n for n in self.nodes.values() if n.kind is Kind.START and not n.scope)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names the flow decides on: the only variables an instance keeps."""
        by_flows = {name for flow in self.flows.values() for name in flow.reads}
        return frozenset(by_flows.union(*(node.reads for node in self.nodes.values())))

    @cached_property
    def plain(self) -> bool:
        """Whether it holds only tasks of people and gateways: then no event needs frames or waits."""
        return all(node.kind in PLAIN and not node.loop for node in self.nodes.values())

    @cached_property
    def busy(self) -> frozenset[str]:
        """Activities at which more begins than a task of people."""
        return frozenset(
            node.id
            for node in self.nodes.values()
            if node.kind in ACTIVITIES
            and (node.kind is not Kind.USER or node.loop or node.id in self.boundaries)
        )

    @cached_property
    def looped(self) -> tuple[str, ...]:
        """Activities with several instances."""
        return tuple(node.id for node in self.nodes.values() if node.loop)

    @cached_property
    def starts(self) -> Mapping[str, Node]:
        """The start of each scope; "" is the process itself."""
        return {node.scope: node for node in self.nodes.values() if node.kind is Kind.START}

    @cached_property
    def boundaries(self) -> Mapping[str, tuple[Node, ...]]:
        """The boundary events of each activity that has some."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            if node.kind is Kind.BOUNDARY:
                found.setdefault(node.attached, []).append(node)
        return {name: tuple(events) for name, events in found.items()}

    @cached_property
    def event_subs(self) -> Mapping[str, tuple[Node, ...]]:
        """The starts of the event sub-processes that lie in each scope."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            if node.kind is Kind.EVENT_SUB and node.id in self.starts:
                found.setdefault(node.scope, []).append(self.starts[node.id])
        return {scope: tuple(starts) for scope, starts in found.items()}

    def revocable(self, name: str) -> bool:
        """Whether nothing but tasks of people and joins comes after a step: work done and messages sent stay done."""
        seen, waiting = {name}, [name]
        while waiting:
            here = waiting.pop()
            if here in self.busy:
                return False
            for flow in self.out[here] if here == name or self.nodes[here].kind is not Kind.USER else ():
                kind = self.nodes[flow.target].kind
                if kind not in PLAIN or (kind in ENDS and self.nodes[flow.target].scope):
                    return False
                if flow.target not in seen:
                    seen.add(flow.target)
                    waiting.append(flow.target)
        return True

    def catchers(self, name: str) -> list[str]:
        """Boundary events and starts of event sub-processes that may catch an error thrown at a task."""
        found = [event.id for event in self.boundaries.get(name, ()) if event.occasion == "error"]
        for scope in self.scopes_around(name):
            around = (*self.event_subs.get(scope, ()), *self.boundaries.get(scope, ()))
            found += [event.id for event in around if event.occasion == "error"]
        return found

    def scopes_around(self, name: str) -> Iterator[str]:
        """The scope of a node, the scope of that, and so on to the process itself."""
        scope = self.nodes[name].scope
        yield scope
        while scope:
            scope = self.nodes[scope].scope
            yield scope

    @cached_property
    def hears(self) -> bool:
        """Whether it ever waits for a message from outside."""
        hearing = ENDS | {Kind.SEND, Kind.THROW}
        return any(n.occasion == "message" and n.kind not in hearing for n in self.nodes.values())

    @cached_property
    def asks(self) -> bool:
        """Whether another system may bring what it waits for."""
        return any(node.sender for node in self.nodes.values())

    @cached_property
    def joins(self) -> frozenset[str]:
        """Gateways where branches meet."""
        return frozenset(node.id for node in self.nodes.values() if is_join(self, node))

    @cached_property
    def _blocks(self) -> "Any":
        from mingqu.process.regions import blocks_of

        return blocks_of(self)

    @cached_property
    def region_of(self) -> Mapping[str, str]:
        """
        The start (of the process or of a sub-process) or the boundary event beside which a node lies: tokens of one
        region of one frame never meet those of another.
        """
        from mingqu.process.regions import regions

        return {name: region.start for region in regions(self) for name in region.nodes}

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
        """For each node from which a token can set out again, and the starts."""
        from mingqu.process.ahead import reach_of

        return reach_of(self)

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
        targets = [flow.target for flow in plan.out[name]]
        targets += [event.id for event in plan.boundaries.get(name, ())]
        for target in targets:
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


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
    nodes = [
        Node(
            **{
                **item,
                "kind": Kind(item["kind"]),
                "signers": tuple(item.get("signers", ())),
                "reads": tuple(item.get("reads", ())),
            }
        )
        for item in data["nodes"]
    ]
    flows = [Flow(**{**item, "reads": tuple(item.get("reads", ()))}) for item in data["flows"]]
    return make_plan(nodes, flows)


def canonical(plan: Plan) -> bytes:
    return json.dumps(to_json(plan), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
