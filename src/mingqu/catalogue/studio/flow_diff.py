"""
What two flows differ in, element by element: what came, went, changed, and which ways between them. Pure. Elements are
known by their codes, ways by what they lead from and to; positions of a drawing say nothing and are no difference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mingqu.process.services import Plan
from mingqu.ui.types import BoxState

CAME, WENT, CHANGED = "新增", "删除", "修改"
OTHERWISE = "其他情形"
START, END = "开始", "结束"
KINDS = {
    "user": "环节", "parallel": "同时办理的网关", "exclusive": "选一条路的网关", "inclusive": "选几条路的网关",
    "sub": "子流程", "call": "调用的流程", "event_sub": "事件子流程", "events": "等几件事的网关", "catch": "等待",
    "throw": "发出", "boundary": "边界事件", "manual": "手工任务", "service": "自动任务", "rule": "规则任务",
    "send": "发送任务", "receive": "接收任务", "start": START, "end": END, "terminate": "终止",
}  # fmt: skip
FIELDS = {
    "kind": "种类", "name": "名称", "post": "岗位", "limit": "时限（工作日）", "people": "人数", "sign": "签署办法",
    "signers": "一起签署的岗位", "votes": "同意票数", "scope": "所在的子流程", "occasion": "等什么",
    "ref": "名称或者代码", "attached": "附在哪个环节上", "interrupts": "是否打断", "timer": "时间",
    "loop": "办好几遍的办法", "count": "办几遍", "until": "办到什么时候为止", "called": "调用的版本",
}  # fmt: skip
SIGNED = {"": "一个岗位", "all": "会签", "any": "或签", "votes": "票签", "turn": "依次签署"}
ENDS = frozenset({"start", "end", "terminate"})


@dataclass(frozen=True)
class Changes:
    """`lines`: how, and what in words. The rest: the colour of each element and way in the picture before and after."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    before: dict[str, BoxState] = field(default_factory=dict)
    after: dict[str, BoxState] = field(default_factory=dict)
    ways_before: dict[str, BoxState] = field(default_factory=dict)
    ways_after: dict[str, BoxState] = field(default_factory=dict)


def changes(old: Plan, new: Plan, posts: Mapping[str, str]) -> Changes:
    """Empty for two flows that are the same; `posts`: what their codes mean."""
    found = Changes()
    for name, node in new.nodes.items():
        if name not in old.nodes and node.kind.value not in ENDS:
            found.after[name] = "added"
            found.lines.append((CAME, _with_neighbours(new, name)))
    for name, node in old.nodes.items():
        if name not in new.nodes and node.kind.value not in ENDS:
            found.before[name] = "removed"
            found.lines.append((WENT, _with_neighbours(old, name)))
    for name in old.nodes:
        if name in new.nodes and (said := list(_fields(old, new, name, posts))):
            found.before[name] = found.after[name] = "changed"
            found.lines.extend((CHANGED, f"{_called(new, name)}的{words}") for words in said)
    _ways(old, new, found)
    return found


def _fields(old: Plan, new: Plan, name: str, posts: Mapping[str, str]) -> Iterator[str]:
    before, after = old.nodes[name], new.nodes[name]
    for one, words in FIELDS.items():
        was, now = getattr(before, one), getattr(after, one)
        if was != now and not (one == "name" and before.kind.value in ENDS):
            yield f"{words}：{_value(one, was, posts)}→{_value(one, now, posts)}"


def _value(one: str, value: Any, posts: Mapping[str, str]) -> str:
    if one == "kind":
        return KINDS[value.value]
    if one == "sign":
        return SIGNED.get(value, str(value))
    if one == "post":
        return posts.get(value, value) or "（空）"
    if isinstance(value, tuple):
        return "、".join(posts.get(each, each) for each in value) or "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "（空）" if value in (None, "") else str(value)


def _ways(old: Plan, new: Plan, found: Changes) -> None:
    before, after = _by_ends(old), _by_ends(new)
    for ends, flows in after.items():
        for name in flows[len(before.get(ends, ())) :]:
            found.ways_after[name] = "added"
            if not _lies_at(found.after, new, name, "added"):
                found.lines.append((CAME, _way(new, name)))
    for ends, flows in before.items():
        for name in flows[len(after.get(ends, ())) :]:
            found.ways_before[name] = "removed"
            if not _lies_at(found.before, old, name, "removed"):
                found.lines.append((WENT, _way(old, name)))
        for was, now in zip(flows, after.get(ends, ()), strict=False):
            first, then = _condition(old, was), _condition(new, now)
            if first != then:
                found.ways_before[was] = found.ways_after[now] = "changed"
                told = f"{_way(new, now, bare=True)}的条件：{first or '（空）'}→{then or '（空）'}"
                found.lines.append((CHANGED, told))


def _by_ends(plan: Plan) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for flow in plan.flows.values():
        found.setdefault((_end(plan, flow.source), _end(plan, flow.target)), []).append(flow.id)
    return found


def _end(plan: Plan, name: str) -> str:
    """The start and the ends of a flow are the same whatever they are called; those of a sub-process are its own."""
    node = plan.nodes[name]
    return f"\0{node.kind.value}\0{node.scope}" if node.kind.value in ENDS else name


def _lies_at(states: Mapping[str, BoxState], plan: Plan, flow: str, state: BoxState) -> bool:
    """Whether one of its ends came or went with it: then that says it."""
    ends = plan.flows[flow]
    return state in (states.get(ends.source), states.get(ends.target))


def _condition(plan: Plan, name: str) -> str:
    flow = plan.flows[name]
    return flow.condition or (OTHERWISE if plan.nodes[flow.source].default == name else "")


def _way(plan: Plan, name: str, *, bare: bool = False) -> str:
    flow, condition = plan.flows[name], _condition(plan, name)
    when = f"（条件：{condition}）" if condition and not bare else ""
    return f"从{_called(plan, flow.source)}到{_called(plan, flow.target)}的路{when}"


def _with_neighbours(plan: Plan, name: str) -> str:
    before = "、".join(_called(plan, flow.source) for flow in plan.into[name])
    after = "、".join(_called(plan, flow.target) for flow in plan.out[name])
    where = "，".join(filter(None, (before and f"在{before}之后", after and f"在{after}之前")))
    when = "、".join(filter(None, (_condition(plan, flow.id) for flow in plan.into[name])))
    return "，".join(filter(None, (_called(plan, name), where, when and f"条件：{when}")))


def _called(plan: Plan, name: str) -> str:
    node = plan.nodes[name]
    kind = KINDS[node.kind.value]
    if node.kind.value in ENDS:
        return f"“{node.name or kind}”"
    return f"{kind}“{node.name}”" if node.name else f"{kind}（{name}）"
