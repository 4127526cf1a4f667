"""Which element of a new plan stands for which of the old one, and what people call them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mingqu.process.plan import Kind, Node, Plan
from mingqu.process.types import Finding

MAPPED: Final = frozenset(
    {
        Kind.USER,
        Kind.SUB,
        Kind.CALL,
        Kind.EVENT_SUB,
        Kind.RECEIVE,
        Kind.CATCH,
        Kind.EVENTS,
        Kind.BOUNDARY,
    }
)
"""Where a token may rest, and what may be awaited there; the start of an event sub-process goes with it."""

SENTENCES: Final = {
    "gone": "正在办的环节“{name}”在新流程里没有对应的环节。",
    "other_kind": "“{name}”对应的“{to}”是另一种环节。",
    "branches": "“{name}”在并行的一组里，新流程的这一组分支不同，有的分支不会打开，或者会多出来。",
    "signing": "“{name}”正在会签，新流程里这个环节的签署办法不同。",
    "lent": "“{name}”正在委派，等交回以后再迁移。",
    "twice": "两个环节都对应到“{to}”。",
    "kept_name": "环节“{name}”标为不再有，但是新流程里有同一个编号的环节。",
    "scope": "“{name}”在新流程里移进或者移出了子流程。",
    "beside": "“{name}”在主流程和旁支之间换了位置，迁移以后会办两遍或者漏办。",
    "loop": "“{name}”在新流程里同时或者依次办几次的办法不同。",
    "interrupted": "“{name}”已经中断了原来的流程，办完以前不能迁移。",
    "other_event": "“{name}”在新流程里等的是另一种事。",
    "other_message": "“{name}”在等“{ref}”，新流程里等的是“{to}”；寄来的还是原来的名字。",
    "other_sender": "“{name}”在等别的系统传来，新流程里由哪个系统传来写得不同。",
    "wait_gone": "“{name}”正在等，新流程里没有对应的，也没有标明不再等。",
    "wait_elsewhere": "“{name}”正在等，新流程里它换了地方。",
    "timer": "“{name}”按新流程算不出到时的时刻。",
}
"""Why an instance stays on its plan. `name` is what the element is called on the old one."""

_KINDS: Final = {
    Kind.SUB: "子流程",
    Kind.CALL: "调用的流程",
    Kind.EVENT_SUB: "事件子流程",
    Kind.EVENTS: "等先来的事",
    Kind.RECEIVE: "等消息",
}
_OCCASIONS: Final = {
    "timer": "定时",
    "message": "消息",
    "signal": "信号",
    "error": "出错",
    "escalation": "上报",
}


@dataclass(frozen=True, slots=True)
class Onto:
    """From `old` to `new`. `steps`: element -> element, "" for one that is gone; the rest keep their ids."""

    old: Plan
    new: Plan
    steps: Mapping[str, str]

    def to(self, name: str) -> str:
        """What it is called now. What a call holds a copy of goes with the call."""
        if name in self.steps:
            return self.steps[name]
        node = self.old.nodes[name]
        if node.kind is Kind.START and node.scope:  # it goes with what it begins
            scope = self.to(node.scope)
            return self.new.starts[scope].id if scope in self.new.starts else scope and name
        for scope in self.old.scopes_around(name):
            if scope and self.old.nodes[scope].kind is Kind.CALL and name.startswith(f"{scope}."):
                call = self.to(scope)
                return f"{call}{name[len(scope) :]}" if call else ""
        return name

    def node(self, name: str) -> Node | None:
        return self.new.nodes.get(self.to(name))

    def scope(self, name: str) -> str:
        """The scope a frame or node of this scope lies in now; "" is the process itself."""
        return self.to(name) if name else ""

    def finding(self, element: str, code: str, **words: str) -> Finding:
        return Finding(element, code, SENTENCES[code].format(name=label(self.old, element), **words))


def label(plan: Plan, name: str) -> str:
    """What people call an element; events often have no name of their own."""
    node = plan.nodes[name]
    if node.name:
        return node.name
    occasion = _OCCASIONS.get(node.occasion, "")
    if node.kind is Kind.BOUNDARY:
        return f"{label(plan, node.attached)}的{occasion}"
    if node.kind is Kind.START and node.scope:
        return f"{label(plan, node.scope)}的{occasion}"
    return _KINDS.get(node.kind) or occasion or name


def mapping_findings(onto: Onto) -> list[Finding]:
    """What is wrong with the table itself, whatever instance it is for."""
    found: list[Finding] = []
    taken: set[str] = set()
    for node in onto.old.nodes.values():
        if node.kind not in MAPPED:
            continue
        to = onto.to(node.id)
        if not to and node.id in onto.new.nodes:
            found.append(onto.finding(node.id, "kept_name"))
        if to and to in onto.new.nodes:
            if to in taken:
                found.append(onto.finding(node.id, "twice", to=label(onto.new, to)))
            taken.add(to)
    return found
