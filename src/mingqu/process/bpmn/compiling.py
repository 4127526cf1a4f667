"""
From a BPMN process to a plan, or to the reasons why it is none. Pure.

A process that holds only what is executed becomes a plan, node by node and flow by flow, and the plan's own
checks judge it. In one that holds more, whatever is not executed is stood in for by a step that simply
takes time, and only what is true of any such drawing is said: what nothing leads to, and what leads nowhere.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from mingqu.kernel.errors import DomainError
from mingqu.process import checks
from mingqu.process.bpmn import model as m
from mingqu.process.bpmn.elements import Calls, Making, condition_of, nothing_called, whole_number
from mingqu.process.bpmn.outside import Outside, feel, outside
from mingqu.process.bpmn.standing_in import stood_in
from mingqu.process.bpmn.troubles import inside
from mingqu.process.errors import BpmnRefused, PlanRefused
from mingqu.process.plan import Plan
from mingqu.process.steptable import ReadsOf
from mingqu.process.types import Finding

MAX_NODES: Final = 2_000
FLOWS_EACH: Final = 5

SENTENCES: Final = {
    "bad_condition": "路线“{name}”的条件看不懂：{reason}",
    "bad_limit": checks.SENTENCES["bad_limit"],
    "bad_people": checks.SENTENCES["bad_people"],
    "bad_votes": checks.SENTENCES["bad_votes"],
    "call_cycle": "“{name}”调用的流程又调用回来，永远办不完：{way}。",
    "too_many_nodes": "流程有{count}个环节和网关、{flows}条路线，太多了，请拆成几段（环节和网关最多{limit}个）。",
    "no_process": "流程“{name}”不在文件里",
}
_TRUE_OF_ANY_DRAWING: Final = frozenset({"unreachable", "dead_end"})


@dataclass(frozen=True, slots=True)
class Examination:
    """
    `plan` if the process holds only what is executed, whatever its findings; `outside` what is not executed;
    `findings` what keeps it from being published besides.
    """

    plan: Plan | None
    outside: tuple[Outside, ...]
    findings: tuple[Finding, ...]

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """Everything that keeps it from being published."""
        blocking = (thing for thing in self.outside if thing.blocks)
        return (*self.findings, *(Finding(t.element, "not_executed", t.sentence) for t in blocking))


def compile(
    file: m.BpmnFile,
    process_id: str,
    reads_of: ReadsOf,
    *,
    posts: Collection[str] | None = None,
    names: Collection[str] | None = None,
    calls: Calls = nothing_called,
) -> Plan:
    """
    The plan of a process, ready to be published.

    `posts` are the codes that exist, `names` what conditions may read; None: not checked. `calls` finds the plan of a
    call activity that no process of the file answers. Raises
    PlanRefused with every finding, BpmnRefused if the file has no such process.
    """
    seen = examine(file, process_id, reads_of, posts=posts, names=names, calls=calls)
    if seen.plan is None or seen.refusals:
        raise PlanRefused(seen.refusals)
    return seen.plan


def examine(
    file: m.BpmnFile,
    process_id: str,
    reads_of: ReadsOf,
    *,
    posts: Collection[str] | None = None,
    names: Collection[str] | None = None,
    calls: Calls = nothing_called,
) -> Examination:
    """Everything there is to say about a process, for whoever imports it. Raises BpmnRefused like compile."""
    process = file.process(process_id)
    if process is None:
        raise BpmnRefused(reason=SENTENCES["no_process"].format(name=process_id))
    parts = [process, *_called_by(file, process)]
    beyond = _beyond(file, parts)
    count = sum(1 for _ in m.all_nodes(process.scope))
    flows = sum(len(scope.flows) for scope in m.all_scopes(process.scope))
    if count > MAX_NODES or flows > FLOWS_EACH * MAX_NODES:
        sentence = SENTENCES["too_many_nodes"].format(count=count, flows=flows, limit=MAX_NODES)
        return Examination(None, beyond, (Finding(process.id, "too_many_nodes", sentence),))
    found = [*(trouble for part in parts for trouble in inside(file, part)), *_calls(file, process)]
    if found:
        return Examination(None, beyond, tuple(found))
    own, readable = _texts(parts, reads_of)
    found += own
    if any(thing.blocks for thing in beyond):
        for scope in _scopes(parts):
            found += _drawing(scope)
        return Examination(None, beyond, tuple(dict.fromkeys(found)))
    made = Making(file, readable, reads_of, calls)
    try:
        plan = made.plan(process)
    except PlanRefused as refused:
        return Examination(None, beyond, tuple(dict.fromkeys([*found, *refused.findings])))
    found += made.found
    found += checks.findings(plan, posts, names)
    return Examination(plan, beyond, tuple(dict.fromkeys(found)))


def _called_by(file: m.BpmnFile, process: m.Process) -> list[m.Process]:
    """The processes of the file that it calls, and that these call, each once."""
    found: dict[str, m.Process] = {}
    waiting = [process]
    while waiting:
        for node in m.all_nodes(waiting.pop().scope):
            other = file.process(node.called) if node.called else None
            if other is not None and other.id not in {process.id, *found}:
                found[other.id] = other
                waiting.append(other)
    return list(found.values())


def _beyond(file: m.BpmnFile, parts: list[m.Process]) -> tuple[Outside, ...]:
    """What is not executed of a process and of what it calls: that runs in it, so it has to be executed, too."""
    found = [thing for part in parts for thing in outside(file, part)]
    return tuple(sorted(found, key=lambda thing: not thing.blocks))


def _scopes(parts: list[m.Process]) -> Iterator[m.Scope]:
    for part in parts:
        yield from m.all_scopes(part.scope)


def _texts(parts: list[m.Process], reads_of: ReadsOf) -> tuple[list[Finding], dict[str, tuple[str, ...]]]:
    """What can't be read of limits, people and conditions; the names each readable condition reads."""
    found: list[Finding] = []
    reads: dict[str, tuple[str, ...]] = {}
    for node in (node for part in parts for node in m.all_nodes(part.scope)):
        for code, written in (
            ("bad_limit", node.limit),
            ("bad_people", node.people),
            ("bad_votes", node.votes),
        ):
            if written is not None and whole_number(written) is None:
                sentence = SENTENCES[code].format(name=node.name or node.id)
                found.append(Finding(node.id, code, sentence))
    for scope in _scopes(parts):
        for flow in scope.flows:
            if flow.condition is None or not feel(flow.condition.language):
                continue
            try:
                reads[flow.id] = tuple(sorted(set(reads_of(condition_of(flow.condition)))))
            except DomainError as refused:
                sentence = SENTENCES["bad_condition"].format(
                    name=flow.name or flow.id, reason=refused.message
                )
                found.append(Finding(flow.id, "bad_condition", sentence))
    return found, reads


def _drawing(scope: m.Scope) -> Iterator[Finding]:
    """What is wrong with a drawing that holds more than is executed; a missing post or name is said too."""
    plan = stood_in(scope)
    if plan is None:
        return
    for found in checks.findings(plan):
        node = plan.nodes.get(found.element)
        real = next((n for n in scope.nodes if n.id == found.element), None)
        if node is None or real is None:
            continue
        person = real.kind == "userTask" and found.code in ("no_post", "no_name")
        if person or found.code in _TRUE_OF_ANY_DRAWING:
            yield found


def _calls(file: m.BpmnFile, process: m.Process) -> Iterator[Finding]:
    """Call activities from which calls lead back to the process that makes them."""
    calls = {p.id: [n for n in m.all_nodes(p.scope) if n.called] for p in file.processes}
    for node in calls[process.id]:
        way = _way_back(calls, node.called, process.id)
        if way is not None:
            words = " → ".join([process.id, *way])
            sentence = SENTENCES["call_cycle"].format(name=node.name or node.id, way=words)
            yield Finding(node.id, "call_cycle", sentence)


def _way_back(calls: dict[str, list[m.FlowNode]], first: str, home: str) -> list[str] | None:
    """The processes called one after another from `first` to `home`, both named; None if there is no such way."""
    came: dict[str, str | None] = {first: None}
    waiting = [first]
    for name in waiting:
        if name == home:
            way: list[str] = []
            place: str | None = name
            while place is not None:
                way.append(place)
                place = came[place]
            return way[::-1]
        for call in calls.get(name, ()):
            if call.called not in came:
                came[call.called] = name
                waiting.append(call.called)
    return None
