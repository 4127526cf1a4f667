"""
Events on a walk: what is awaited and comes, what is thrown and who catches it. Pure.

Errors and escalations go outward from frame to frame until a boundary event or an event sub-process catches them.
Messages and signals leave the step as effects: whoever drives it brings signals to all that wait for them.
"""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from mingqu.process import activities
from mingqu.process.errors import BadTimer, NotAwaited, UncaughtError
from mingqu.process.keys import fires
from mingqu.process.plan import AWAITED, Flow, Kind, Node
from mingqu.process.state import (
    Awaits,
    Caught,
    PutOff,
    Thrown,
    Trigger,
    Wait,
)

if TYPE_CHECKING:
    from mingqu.process.step import Walk

Catcher = tuple[Node, int, int]
"""A boundary event or the start of an event sub-process; the frame it lies in; the token at the activity it is on."""


def awaits(walk: "Walk", node: Node, token: int, frame: int) -> None:
    """From now on the event at `node` may come. Raises BadTimer."""
    if node.occasion not in AWAITED:
        return
    wait = Wait(node.id, token, frame)
    if node.occasion == "timer":
        wait = _timed(walk, wait, node)
    number = walk.number()
    walk.waits = walk.waits.set(number, wait)
    walk.effects.append(Awaits(number, node.id))


def _timed(walk: "Walk", wait: Wait, node: Node) -> Wait:
    found = walk.decisions.get(fires(node.id))
    if not found:
        raise BadTimer(node=node.name or node.id)
    return replace(wait, due=datetime.fromisoformat(found["due"]), left=found["left"])


def come(walk: "Walk", token: int, node: Node, flow: Flow, frame: int) -> None:
    """A token comes to an event or an event-based gateway in its way."""
    if node.kind is Kind.CATCH:
        walk.place(token, node.id, flow.id, frame)
        awaits(walk, node, token, frame)
    elif node.kind is Kind.EVENTS:
        walk.place(token, node.id, flow.id, frame)
        for way in walk.plan.out[node.id]:
            awaits(walk, walk.plan.nodes[way.target], token, frame)
    elif throw(walk, token, node, flow, frame):
        walk.moving.append((token, walk.plan.out[node.id][0], frame))


def put_off(walk: "Walk", event: PutOff) -> None:
    """A timer that follows a clock fires at another moment. Raises NotAwaited."""
    wait = walk.waits.get(event.wait)
    if wait is None:
        raise NotAwaited()
    walk.waits = walk.waits.set(event.wait, replace(wait, due=datetime.fromisoformat(event.due)))


def trigger(walk: "Walk", event: Trigger) -> None:
    """Raises NotAwaited: it was no longer, or never, awaited."""
    wait = walk.waits.get(event.wait)
    if wait is None:
        raise NotAwaited()
    node = walk.plan.nodes[wait.node]
    walk.effects.append(Caught(event.wait, node.id))
    if node.kind is Kind.BOUNDARY:
        _again(walk, event.wait, wait, node)
        _at_boundary(walk, node, wait.token, wait.frame)
    elif node.kind is Kind.START:
        _again(walk, event.wait, wait, node)
        _begin_beside(walk, node, wait.frame)
    else:
        _caught(walk, wait, node)


def _caught(walk: "Walk", wait: Wait, node: Node) -> None:
    here = walk.plan.nodes[walk.tokens[wait.token].node]
    if here.kind is not Kind.EVENTS:
        walk.pass_from(wait.token, node, wait.frame)
        return
    activities.unwait(walk, {wait.token})
    walk.passed.append(next(flow.id for flow in walk.plan.out[here.id] if flow.target == node.id))
    walk.moving.append((wait.token, walk.plan.out[node.id][0], wait.frame))


def _again(walk: "Walk", number: int, wait: Wait, node: Node) -> None:
    """What does not interrupt may come again; a timer only as often as it says."""
    if node.occasion != "timer":
        return
    if wait.left and not node.interrupts:
        walk.waits = walk.waits.set(number, replace(_timed(walk, wait, node), left=wait.left - 1))
    else:
        walk.waits = walk.waits.delete(number)


def _at_boundary(walk: "Walk", node: Node, host: int, frame: int) -> None:
    token = host
    if node.interrupts:
        activities.break_off(walk, {host}, keep=host)
    else:
        token = walk.number()
        walk.count(frame, 1)
    walk.moving.append((token, walk.plan.out[node.id][0], frame))


def _begin_beside(walk: "Walk", start: Node, frame: int) -> None:
    """An event sub-process begins, instead of what runs in the frame or beside it."""
    if start.interrupts:
        activities.unwait(walk, set(), {frame})
        activities.empty(walk, frame)
    sub, token = walk.plan.nodes[start.scope], walk.number()
    walk.count(frame, 1)
    walk.place(token, sub.id, "", frame)
    activities.begin(walk, token, sub, frame)


# -- thrown


def throw(walk: "Walk", token: int, node: Node, flow: Flow, frame: int) -> bool:
    """What an intermediate or end event throws; whether its token lives on. Raises UncaughtError."""
    if node.occasion in AWAITED:
        walk.effects.append(Thrown(node.id, node.occasion, node.ref))
    if node.occasion not in ("error", "escalation"):
        return True
    walk.place(token, node.id, flow.id, frame)
    return _catch(walk, _catcher(walk, node, frame), node)


def fail(walk: "Walk", token: int, code: str) -> None:
    """An error is thrown at the task where `token` waits. Raises UncaughtError."""
    held = walk.tokens[token]
    thrown = replace(walk.plan.nodes[held.node], occasion="error", ref=code)
    found = None
    if not activities.is_loop_of(walk, held.frame, held.node):
        found = _boundary(walk, thrown, held.node, token, held.frame)
    _catch(walk, found or _catcher(walk, thrown, held.frame), thrown)


def _catch(walk: "Walk", found: Catcher | None, thrown: Node) -> bool:
    if found is None:
        if thrown.occasion == "error":
            raise UncaughtError(code=thrown.ref)
        return True  # an escalation that nobody hears changes nothing
    handler, frame, host = found
    walk.effects.append(Caught(0, handler.id))
    if handler.kind is Kind.START:
        _begin_beside(walk, handler, frame)
    else:
        _at_boundary(walk, handler, host, frame)
    return not handler.interrupts


def _catcher(walk: "Walk", thrown: Node, frame: int) -> Catcher | None:
    """The nearest that catches what is thrown in a frame, outward; what handles an event does not catch its own."""
    from_handler = False
    while True:
        held = walk.frames.get(frame)
        if not from_handler and (held is None or not held.total):
            for start in walk.plan.event_subs.get("" if held is None else held.node, ()):
                if _hears(start, thrown):
                    return start, frame, 0
        if held is None:
            return None
        from_handler = walk.plan.nodes[held.node].kind is Kind.EVENT_SUB
        frame = held.parent
        if not activities.is_loop_of(walk, frame, held.node):
            found = _boundary(walk, thrown, held.node, held.token, frame)
            if found is not None:
                return found


def _boundary(walk: "Walk", thrown: Node, host: str, token: int, frame: int) -> Catcher | None:
    events = walk.plan.boundaries.get(host, ())
    return next(((event, frame, token) for event in events if _hears(event, thrown)), None)


def _hears(handler: Node, thrown: Node) -> bool:
    return handler.occasion == thrown.occasion and handler.ref in ("", thrown.ref)
