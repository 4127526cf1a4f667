"""What keeps events, sub-processes and several instances from being published, besides their shape. Pure."""

from collections.abc import Iterator

from mingqu.process import regions
from mingqu.process.plan import ACTIVITIES, AWAITED, Kind, Node, Plan

Found = tuple[Node, str]
"""An element and the code of what is wrong with it."""

SENTENCES = {
    "scope_start": "子流程“{name}”里面要有且只有一个开始。",
    "start_event": "“{name}”是子流程的开始，不能等消息、信号或者时间；要等的请用事件子流程。",
    "no_start_event": "事件子流程“{name}”没有写明由什么事情启动。",
    "sub_not_alone": "事件子流程“{name}”由事件启动，前后都不能有路线。",
    "wrong_event": "“{name}”这个位置不能用这种事件。",
    "no_ref": "“{name}”没有写明是哪个消息、信号、差错或者上报。",
    "no_timer": "“{name}”没有写明时间。",
    "wrong_host": "“{name}”要附在同一流程里的一个环节或者子流程上，前面不能有路线。",
    "one_way_out": "“{name}”之后要有且只有一条路线。",
    "beside_mixes": "“{name}”不打断所附的环节，引出的路线要单独结束，不能回到主线。",
    "events_ways": "“{name}”等几件事中先发生的一件，后面至少要有两个只从这里通到的等待事件或者接收任务。",
    "no_count": "“{name}”要办理几次没有写明。",
    "until_alone": "“{name}”里面不用人办理就能完成，不能写提前完成的条件。",
    "uncaught": "“{name}”抛出的差错没有地方处理。",
    "scopes_cross": "“{name}”后面的路线通到了另一个流程或者子流程里面。",
}

_MAY = {
    Kind.CATCH: AWAITED,
    Kind.THROW: frozenset({"", "message", "signal", "escalation"}),
    Kind.END: frozenset({"", "message", "signal", "error", "escalation"}),
    Kind.BOUNDARY: frozenset({*AWAITED, "error", "escalation"}),
    Kind.START: frozenset({"", *AWAITED, "error", "escalation"}),
    Kind.SEND: frozenset({"message"}),
    Kind.RECEIVE: frozenset({"message"}),
}
_HANDLES = frozenset({Kind.BOUNDARY, Kind.START})


def findings(plan: Plan) -> Iterator[Found]:
    """Nothing for a plan of tasks and gateways. Where there is something, the shape is not looked at."""
    if plan.plain:
        return
    for node in plan.nodes.values():
        yield from _event(node)
        yield from _ways(plan, node)
        if node.kind in (Kind.SUB, Kind.CALL, Kind.EVENT_SUB):
            yield from _scope(plan, node)
        if node.kind is Kind.BOUNDARY:
            yield from _boundary(plan, node)
        if node.kind is Kind.EVENTS:
            yield from _first_of(plan, node)
        if node.loop and not node.count:
            yield node, "no_count"


def of_regions(plan: Plan) -> Iterator[Found]:
    """What needs the parts of the plan: asked only where `findings` found nothing."""
    for name in regions.mixed(plan):
        yield plan.nodes[name], "beside_mixes"
    for node in plan.nodes.values():
        if node.occasion == "error" and node.kind is Kind.END and not _caught(plan, node):
            yield node, "uncaught"
        if node.loop and node.until and _alone(plan, node):
            yield node, "until_alone"


def _event(node: Node) -> Iterator[Found]:
    if node.occasion not in _MAY.get(node.kind, frozenset({""})):
        yield node, "wrong_event"
    elif node.occasion == "timer" and not node.timer.strip() and (node.scope or node.kind is not Kind.START):
        yield node, "no_timer"
    elif node.occasion in ("message", "signal") and not node.ref.strip():
        yield node, "no_ref"
    elif node.occasion == "error" and not node.interrupts:
        yield node, "wrong_event"


def _ways(plan: Plan, node: Node) -> Iterator[Found]:
    if any(plan.nodes[flow.target].scope != node.scope for flow in plan.out[node.id]):
        yield node, "scopes_cross"
    one = ACTIVITIES - {Kind.USER} | {Kind.CATCH, Kind.THROW, Kind.BOUNDARY}
    if node.kind in one and len(plan.out[node.id]) != 1:
        yield node, "one_way_out"


def _scope(plan: Plan, node: Node) -> Iterator[Found]:
    starts = [n for n in plan.nodes.values() if n.kind is Kind.START and n.scope == node.id]
    if len(starts) != 1:
        yield node, "scope_start"
        return
    by_event = node.kind is Kind.EVENT_SUB
    if bool(starts[0].occasion) != by_event:
        yield (node, "no_start_event") if by_event else (starts[0], "start_event")
    if by_event and (plan.out[node.id] or plan.into[node.id] or node.loop or node.id in plan.boundaries):
        yield node, "sub_not_alone"


def _boundary(plan: Plan, node: Node) -> Iterator[Found]:
    host = plan.nodes.get(node.attached)
    if host is None or host.kind not in ACTIVITIES or host.scope != node.scope or plan.into[node.id]:
        yield node, "wrong_host"


def _first_of(plan: Plan, node: Node) -> Iterator[Found]:
    targets = [plan.nodes[flow.target] for flow in plan.out[node.id]]
    alone = all(
        target.kind in (Kind.CATCH, Kind.RECEIVE)
        and not target.loop
        and target.id not in plan.boundaries
        and len(plan.into[target.id]) == 1
        for target in targets
    )
    if len(targets) < 2 or not alone:
        yield node, "events_ways"


def _caught(plan: Plan, thrown: Node) -> bool:
    for name in plan.catchers(thrown.id):
        handler = plan.nodes[name]
        if handler.scope == thrown.scope and handler.kind is Kind.START:
            continue  # the handler itself throws it: it goes further out
        if handler.kind in _HANDLES and handler.ref in ("", thrown.ref):
            return True
    return False


def _alone(plan: Plan, node: Node) -> bool:
    """Whether several instances may be over in one event: then no condition can be asked in between."""
    if node.kind in (Kind.SUB, Kind.CALL):
        return regions.passed_at_once(plan, node.id)
    return node.kind in (Kind.SEND, Kind.MANUAL)
