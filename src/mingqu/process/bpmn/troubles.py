"""Ids given twice and references that lead nowhere. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from mingqu.process.bpmn import model as m
from mingqu.process.bpmn.tree import walk
from mingqu.process.types import Finding

SENTENCES = {
    "id_twice": "编号“{id}”在文件里用了{count}次，分不清指的是哪一个。",
    "no_id": "有一个“{kind}”没有编号，无法指明它。",
    "dangling": "“{name}”的{role}“{target}”在文件里不存在。",
    "flow_leaves": "路线“{name}”从一个流程（或子流程）连到了另一个里面。",
}

ROLES = {
    "sourceRef": "起点",
    "targetRef": "终点",
    "default": "其余情况的路线",
    "attachedToRef": "所附的环节",
    "processRef": "流程",
    "flowNodeRef": "所含环节",
}


def with_troubles(file: m.BpmnFile) -> m.BpmnFile:
    ids = Counter(
        found for e in walk(file.document.root) if e.space == m.BPMN and (found := e.get("id")) is not None
    )
    return replace(file, troubles=(*_twice(ids), *_leading_nowhere(file, frozenset(ids))))


def _twice(ids: Counter[str]) -> Iterator[Finding]:
    for name, count in ids.items():
        if count > 1:
            yield Finding(name, "id_twice", SENTENCES["id_twice"].format(id=name, count=count))


def _leading_nowhere(file: m.BpmnFile, ids: frozenset[str]) -> Iterator[Finding]:
    for process in file.processes:
        for scope in m.all_scopes(process.scope):
            yield from _in_scope(scope, ids)
    for collaboration in file.collaborations:
        for participant in collaboration.participants:
            if participant.process and ":" not in participant.process and participant.process not in ids:
                yield dangling(participant.id, participant.name, "processRef", participant.process)
        for message in collaboration.messages:
            for role, target in (("sourceRef", message.start), ("targetRef", message.end)):
                if target not in ids:
                    yield dangling(message.id, message.name, role, target)


def _in_scope(scope: m.Scope, ids: frozenset[str]) -> Iterator[Finding]:
    here = {node.id for node in scope.nodes}
    flows = {flow.id for flow in scope.flows}
    for node in scope.nodes:
        if not node.id:
            yield Finding("", "no_id", SENTENCES["no_id"].format(kind=node.kind))
        if node.default and node.default not in flows:
            yield dangling(node.id, node.name, "default", node.default)
        if node.attached and node.attached not in here:
            yield dangling(node.id, node.name, "attachedToRef", node.attached)
    for flow in scope.flows:
        if not flow.id:
            yield Finding("", "no_id", SENTENCES["no_id"].format(kind="sequenceFlow"))
        for role, target in (("sourceRef", flow.start), ("targetRef", flow.end)):
            if target in here:
                continue
            if target in ids:
                sentence = SENTENCES["flow_leaves"].format(name=flow.name or flow.id)
                yield Finding(flow.id, "flow_leaves", sentence)
            else:
                yield dangling(flow.id, flow.name, role, target)


def dangling(element: str, name: str, role: str, target: str) -> Finding:
    sentence = SENTENCES["dangling"].format(name=name or element, role=ROLES[role], target=target)
    return Finding(element, "dangling", sentence)


def inside(file: m.BpmnFile, process: m.Process) -> tuple[Finding, ...]:
    """The troubles that lie in this process."""
    ids = {e.get("id") for e in walk(process.source)}
    for scope in m.all_scopes(process.scope):
        if not all(node.id for node in scope.nodes) or not all(flow.id for flow in scope.flows):
            ids.add("")
    return tuple(found for found in file.troubles if found.element in ids)
