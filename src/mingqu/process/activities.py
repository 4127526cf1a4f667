"""
Activities on a walk: sub-processes and calls run in frames, several instances in a frame that counts them. Pure.

docs/process-transitions.md says what each does to tokens. Nothing here moves a token itself: what sets out is put on
`walk.moving`, so that no depth of nesting or number of instances needs a deeper stack.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mingqu.process import signing
from mingqu.process.errors import BadCount
from mingqu.process.keys import counted, of_frame, settled
from mingqu.process.plan import SCOPES, WORKS, Kind, Node
from mingqu.process.state import (
    Frame,
    TaskDropped,
    Thrown,
    WorkDue,
)

if TYPE_CHECKING:
    from mingqu.process.step import Walk

MOST: Final = 10_000
"""Instances of one activity."""


def enter(walk: "Walk", token: int, node: Node, flow: str, frame: int) -> None:
    """A token comes to an activity, which begins once or several times."""
    walk.place(token, node.id, flow, frame)
    for event in walk.plan.boundaries.get(node.id, ()):
        walk.awaits(event, token, frame)
    if node.loop:
        _begin_loop(walk, token, node, frame)
    else:
        begin(walk, token, node, frame)


def begin(walk: "Walk", token: int, node: Node, frame: int) -> None:
    """One instance of an activity begins, with `token` waiting at it."""
    if node.kind is Kind.USER:
        signing.open_step(walk, token, node)
    elif node.kind in WORKS:
        walk.effects.append(WorkDue(token, node.id))
    elif node.kind is Kind.RECEIVE:
        walk.awaits(node, token, frame)
    elif node.kind in SCOPES:
        _begin_scope(walk, token, node, frame)
    else:
        if node.kind is Kind.SEND:
            walk.effects.append(Thrown(node.id, "message", node.ref))
        leave(walk, token, node, frame)


def _begin_scope(walk: "Walk", token: int, node: Node, frame: int) -> None:
    inner = walk.number()
    walk.frames = walk.frames.set(inner, Frame(node.id, frame, token))
    walk.count(inner, 1)
    for start in walk.plan.event_subs.get(node.id, ()):
        walk.awaits(start, 0, inner)
    walk.moving.append((walk.number(), walk.plan.out[walk.plan.starts[node.id].id][0], inner))


def _begin_loop(walk: "Walk", token: int, node: Node, frame: int) -> None:
    total = walk.decisions.get(counted(node.id))
    if not isinstance(total, int) or isinstance(total, bool) or not 0 <= total <= MOST:
        raise BadCount(node=node.name or node.id, most=MOST)
    if total == 0:
        leave(walk, token, node, frame)
        return
    loop = walk.number()
    walk.frames = walk.frames.set(loop, Frame(node.id, frame, token, 0, total))
    at_once = total if node.loop == "parallel" or node.kind in (Kind.SEND, Kind.MANUAL) else 1
    walk.count(loop, at_once)
    for _ in range(at_once):
        _instance(walk, loop, node)


def _instance(walk: "Walk", loop: int, node: Node) -> None:
    token = walk.number()
    walk.place(token, node.id, "", loop)
    begin(walk, token, node, loop)


def leave(walk: "Walk", token: int, node: Node, frame: int) -> None:
    """An instance of an activity is over: the next one begins, or a token goes on."""
    if node.loop and is_loop_of(walk, frame, node.id):
        _instance_over(walk, token, node, frame)
        return
    unwait(walk, {token})
    if node.kind is Kind.EVENT_SUB:
        walk.remove(token)
        walk.count(frame, -1)
        emptied(walk, frame)
    else:
        walk.moving.append((token, walk.plan.out[node.id][0], frame))


def is_loop_of(walk: "Walk", frame: int, node: str) -> bool:
    """Whether a frame holds the several instances of this activity."""
    held = walk.frames.get(frame)
    return held is not None and held.node == node and held.total > 0


def _instance_over(walk: "Walk", token: int, node: Node, loop: int) -> None:
    walk.remove(token)
    walk.count(loop, -1)
    held = walk.frames[loop]
    held = replace(held, done=held.done + 1)
    walk.frames = walk.frames.set(loop, held)
    if held.done == held.total or walk.decisions.get(settled(node.id)) is True:
        close(walk, loop)
    elif held.live == 0:
        walk.count(loop, 1)
        _instance(walk, loop, node)


def emptied(walk: "Walk", frame: int) -> None:
    """A token came to its end in a frame: if it was the last, the frame, or the whole instance, is over."""
    if not frame:
        walk.perhaps_over()
    elif walk.frames[frame].live == 0:
        close(walk, frame)


def close(walk: "Walk", frame: int) -> None:
    """A sub-process or loop is over: what is still open in it is broken off, and the activity is left."""
    held = walk.frames[frame]
    empty(walk, frame)
    unwait(walk, set(), {frame})
    walk.frames = walk.frames.delete(frame)
    forget(walk, {frame})
    leave(walk, held.token, walk.plan.nodes[held.node], held.parent)


def empty(walk: "Walk", frame: int) -> None:
    """Every token of a frame goes, with all that runs within; what the frame itself awaits stays."""
    inside = {number for number, token in walk.tokens.items() if token.frame == frame}
    break_off(walk, inside | {token for token, _, there in walk.moving if there == frame})
    with walk.gatherings.mutate() as gatherings:
        for key in [key for key in walk.gatherings if of_frame(key)[0] == frame]:
            del gatherings[key]
        walk.gatherings = gatherings.finish()


def break_off(walk: "Walk", tokens: set[int], keep: int = 0) -> None:
    """These tokens go, and the tasks, waits and frames that hang on them; `keep` loses what hangs on it and stays."""
    if not tokens:
        return
    where = {number: token.frame for number, token in walk.tokens.items()}
    where |= {token: frame for token, _, frame in walk.moving}
    tokens, frames = set(tokens), set[int]()
    while True:
        deeper = {n for n, f in walk.frames.items() if n not in frames and f.token in tokens}
        frames |= deeper
        more = {n for n, frame in where.items() if frame in deeper}
        tokens |= more
        if not deeper:
            break
    for number, task in sorted((n, t) for n, t in walk.tasks.items() if t.token in tokens):
        walk.tasks = walk.tasks.delete(number)
        walk.effects.append(TaskDropped(number, task.node))
    for token in [token for token in tokens if token in walk.signings]:
        walk.signings = walk.signings.delete(token)
    unwait(walk, tokens, frames)
    gone = tokens - {keep}
    outside: dict[int, int] = {}
    for token in gone:
        frame = where.get(token, 0)
        if frame not in frames:
            outside[frame] = outside.get(frame, 0) + 1
        else:
            walk.live -= 1
        walk.remove(token)
    for frame, count in outside.items():
        walk.count(frame, -count)
    for frame in frames:
        walk.frames = walk.frames.delete(frame)
    walk.moving[:] = [one for one in walk.moving if one[0] not in gone]
    forget(walk, frames)


def unwait(walk: "Walk", tokens: set[int], frames: set[int] = frozenset()) -> None:  # type: ignore[assignment]
    """Nothing is awaited any more for these tokens, and for these frames themselves."""
    if not walk.waits:
        return
    for number, wait in walk.waits.items():
        if wait.token in tokens or (not wait.token and wait.frame in frames):
            walk.waits = walk.waits.delete(number)


def forget(walk: "Walk", frames: set[int]) -> None:
    """What only these frames knew: their variables and joins."""
    if not frames:
        return
    for name in [key for key in walk.variables if of_frame(key)[0] in frames]:
        walk.variables = walk.variables.delete(name)
    for join in [key for key in walk.gatherings if of_frame(key)[0] in frames]:
        walk.gatherings = walk.gatherings.delete(join)
