"""
From the elements of a BPMN process to nodes and flows. Pure.

A sub-process's nodes lie in its scope. What a call activity calls is copied into it, so that a plan stands alone: the
call keeps the other's key and digest, and its elements bear the call's id before their own.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from mingqu.kernel.errors import DomainError
from mingqu.process import timing
from mingqu.process.bpmn import model as m
from mingqu.process.bpmn.outside import kind_of, occasion_of
from mingqu.process.deciding import COUNTS
from mingqu.process.errors import PlanRefused
from mingqu.process.plan import Flow, Kind, Node, Plan, make_plan
from mingqu.process.steptable import ReadsOf
from mingqu.process.types import Finding

Calls = Callable[[str], Plan | None]
"""The plan published under a key, or None."""

MOST: Final = 2_000
"""Nodes of a plan, what it calls included."""
SENTENCES: Final = {
    "call_cycle": "“{name}”调用的流程又调用回来，永远办不完：{way}。",
    "unknown_call": "“{name}”调用的流程“{key}”不存在，或者还没有发布。",
    "calls_too_much": "“{name}”调用的流程加在一起有太多环节（最多{most}个），请拆成几段。",
    "bad_expression": "“{name}”的次数、完成条件或者时间看不懂：{reason}",
}
_CODES: Final = {"error": "errorCode", "escalation": "escalationCode"}


def nothing_called(_: str) -> None:
    return None


def condition_of(expression: m.Expression) -> str:
    """The FEEL text. Some tools mark FEEL by a leading equals sign, with which no FEEL expression begins."""
    text = expression.text
    return text.lstrip()[1:] if text.lstrip().startswith("=") else text


def whole_number(text: str) -> int | None:
    text = text.strip()
    return int(text) if len(text) <= 9 and text.removeprefix("-").isdecimal() else None


class Making:
    """
    The plan of one process of a file; `reads`: the names of each condition of the file, by flow; `found`: what can't be
    read of its expressions.
    """

    def __init__(
        self,
        file: m.BpmnFile,
        reads: dict[str, tuple[str, ...]],
        reads_of: ReadsOf,
        calls: Calls,
        within: tuple[str, ...] = (),
    ) -> None:
        self.within = within
        self.file, self.reads, self.reads_of, self.calls = file, reads, reads_of, calls
        self.found: list[Finding] = []
        self.nodes: list[Node] = []
        self.flows: list[Flow] = []
        self.roots = {root.id: root for root in file.roots}

    def plan(self, process: m.Process) -> Plan:
        """Raises PlanRefused where a called plan is missing or all of them are too large."""
        self._scope(process.scope, "")
        return make_plan(self.nodes, self.flows)

    def _scope(self, scope: m.Scope, around: str) -> None:
        for found in scope.nodes:
            node = self._node(found, around)
            if node.kind is Kind.CALL:
                called = self._called(found)
                node = replace(node, called=f"{found.called}@{called.digest}")
            self.nodes.append(node)
            if node.kind is Kind.CALL:
                self._copy(called, node)
            elif found.inside is not None:
                self._scope(found.inside, found.id)
        for flow in scope.flows:
            text = None if flow.condition is None else condition_of(flow.condition)
            self.flows.append(Flow(flow.id, flow.start, flow.end, text, self.reads.get(flow.id, ())))

    def _node(self, node: m.FlowNode, around: str) -> Node:
        limit = None if node.limit is None else whole_number(node.limit)
        people = 1 if node.people is None else whole_number(node.people)
        occasion, loop = occasion_of(node), node.loop
        texts = {
            "timer": _text(node.events[0].expression) if occasion == "timer" else "",
            "count": _text(loop.cardinality) if loop else "",
            "until": _text(loop.completion) if loop else "",
        }
        return Node(
            node.id,
            kind_of(node),
            node.name,
            node.post or "",
            limit,
            1 if people is None else people,
            node.default or None,
            node.sign or "",
            tuple((node.signers or "").split()),
            (whole_number(node.votes) or 0) if node.votes is not None else 0,
            scope=around,
            occasion=occasion,
            ref=self._ref(node, occasion),
            attached=node.attached,
            interrupts=node.interrupting,
            loop="" if loop is None else ("sequential" if loop.sequential else "parallel"),
            sender=(node.source.get("sender", m.MINGQU) or "").strip(),
            reads=tuple(sorted(self._names(node, texts))),
            **texts,
        )

    def _ref(self, node: m.FlowNode, occasion: str) -> str:
        """Which message, signal or code: its name, since ids differ from file to file."""
        if node.kind in ("serviceTask", "businessRuleTask"):
            return (node.source.get("work", m.MINGQU) or "").strip()
        if node.kind in ("sendTask", "receiveTask"):
            refers = (node.source.get("messageRef") or "").rpartition(":")[2]
        else:
            refers = node.events[0].refers if node.events and occasion != "timer" else ""
        root = self.roots.get(refers)
        if root is None:
            return refers
        return (root.source.get(_CODES.get(occasion, "")) or root.name or root.id).strip()

    def _names(self, node: m.FlowNode, texts: dict[str, str]) -> Iterator[str]:
        for field, text in texts.items():
            try:
                feel = timing.readable(text) if field == "timer" and text else text
                if feel:
                    yield from set(self.reads_of(feel)) - COUNTS
            except DomainError as refused:
                sentence = SENTENCES["bad_expression"].format(
                    name=node.name or node.id, reason=refused.message
                )
                self.found.append(Finding(node.id, "bad_expression", sentence))

    def _called(self, node: m.FlowNode) -> Plan:
        process = self.file.process(node.called)
        if process is not None:
            if process.id in self.within:
                way = " → ".join((*self.within, process.id))
                sentence = SENTENCES["call_cycle"].format(name=node.name or node.id, way=way)
                raise PlanRefused([Finding(node.id, "call_cycle", sentence)])
            deeper = (*self.within, process.id)
            inner = Making(self.file, self.reads, self.reads_of, self.calls, deeper)
            plan = inner.plan(process)
            self.found += inner.found
        else:
            known = self.calls(node.called)
            if known is None:
                sentence = SENTENCES["unknown_call"].format(name=node.name or node.id, key=node.called)
                raise PlanRefused([Finding(node.id, "unknown_call", sentence)])
            plan = known
        if len(self.nodes) + len(plan.nodes) > MOST:
            sentence = SENTENCES["calls_too_much"].format(name=node.name or node.id, most=MOST)
            raise PlanRefused([Finding(node.id, "calls_too_much", sentence)])
        return plan

    def _copy(self, plan: Plan, call: Node) -> None:
        def named(name: str) -> str:
            return f"{call.id}.{name}" if name else name

        def read(names: tuple[str, ...]) -> tuple[str, ...]:
            steps = {f"outcome.{name}": f"outcome.{named(name)}" for name in plan.nodes}
            return tuple(sorted(steps.get(name, name) for name in names))

        for node in plan.nodes.values():
            self.nodes.append(
                replace(
                    node,
                    id=named(node.id),
                    scope=named(node.scope) or call.id,
                    attached=named(node.attached),
                    default=named(node.default) if node.default else None,
                    reads=read(node.reads),
                )
            )
        for flow in plan.flows.values():
            self.flows.append(
                Flow(named(flow.id), named(flow.source), named(flow.target), flow.condition, read(flow.reads))
            )


def _text(expression: m.Expression | None) -> str:
    return "" if expression is None else condition_of(expression).strip()
