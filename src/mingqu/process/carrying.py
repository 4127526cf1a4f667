"""
What becomes of the timers, messages and signals an instance waits for when it goes on by another plan. Pure.

What means the same stays as it is. A timer whose rule is another is reckoned by the new rule from the moment the wait
began; what only the new plan waits for is awaited from the move; what is said to be gone is awaited no more. What has
fired is never awaited again.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.types import Instant
from mingqu.process.onto import SENTENCES, Onto, label
from mingqu.process.places import of_loop
from mingqu.process.plan import AWAITED, Kind, Node
from mingqu.process.replan import WaitRow
from mingqu.process.state import PLACES, State, Wait
from mingqu.process.types import Finding

Arm = Callable[[State, Wait, int], tuple[Instant, int] | None]
"""When a timer of the new plan fires first, how often after that; begun by the event of this number, 0: the move."""


class Way(StrEnum):
    KEPT = "kept"
    AGAIN = "again"  # by another rule
    ARMED = "armed"  # only the new plan has it
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Carried:
    """`wait` names its element on the new plan, on the old one where it is dropped. `number` 0: a new one."""

    way: Way
    number: int
    wait: Wait
    was: str = ""


def carried(onto: Onto, state: State) -> tuple[list[Carried], list[Finding]]:
    """What becomes of each wait, and which keep the instance where it is."""
    found: list[Carried] = []
    refused: list[Finding] = []
    for number, wait in sorted(state.waits.items()):
        node, to = onto.old.nodes[wait.node], onto.node(wait.node)
        if to is None and not onto.to(wait.node):
            found.append(Carried(Way.DROPPED, number, wait, wait.node))
        elif to is None:
            refused.append(onto.finding(node.id, "wait_gone"))
        elif to.kind is not node.kind or to.occasion != node.occasion:
            refused.append(onto.finding(node.id, "other_event"))
        elif not _same_place(onto, state, wait, to):
            refused.append(onto.finding(node.id, "wait_elsewhere"))
        elif node.occasion != "timer" and to.ref != node.ref:
            refused.append(onto.finding(node.id, "other_message", ref=node.ref, to=to.ref))
        elif to.sender != node.sender:
            refused.append(onto.finding(node.id, "other_sender"))
        else:
            way = Way.KEPT if to.timer == node.timer else Way.AGAIN
            found.append(Carried(way, number, replace(wait, node=to.id), wait.node))
    armed = [Carried(Way.ARMED, 0, wait) for wait in _armed(onto, state)]
    return [*found, *armed], refused


def _same_place(onto: Onto, state: State, wait: Wait, to: Node) -> bool:
    """At the same activity or gateway, or watching the same frame."""
    if to.kind is Kind.BOUNDARY:
        return to.attached == onto.to(onto.old.nodes[wait.node].attached)
    if to.kind is Kind.START:
        frame = state.frames.get(wait.frame)
        scope = onto.scope(frame.node) if frame is not None else ""
        return to.id in {start.id for start in onto.new.event_subs.get(scope, ())}
    host = state.tokens[wait.token].node
    if host == wait.node:
        return to.id == onto.to(host)
    return any(flow.target == to.id for flow in onto.new.out.get(onto.to(host), ()))


def _armed(onto: Onto, state: State) -> Iterator[Wait]:
    """What the new plan waits for where the old one waited for nothing; what the old one had fires no second time."""
    old, new = onto.old, onto.new
    for number, token in sorted(state.tokens.items()):
        if token.node in old.joins or of_loop(state, token):
            continue
        node = old.nodes[token.node]
        before = [*old.boundaries.get(node.id, ())]
        then = [*new.boundaries.get(onto.to(node.id), ())]
        if node.kind is Kind.EVENTS:
            before += [old.nodes[flow.target] for flow in old.out[node.id]]
            then += [new.nodes[flow.target] for flow in new.out.get(onto.to(node.id), ())]
        yield from (Wait(event.id, number, token.frame) for event in _fresh(onto, before, then))
    frames = {0: ""} | {n: f.node for n, f in sorted(state.frames.items()) if not f.total}
    for frame, scope in frames.items():
        starts = _fresh(onto, old.event_subs.get(scope, ()), new.event_subs.get(onto.scope(scope), ()))
        yield from (Wait(start.id, 0, frame) for start in starts)


def _fresh(onto: Onto, before: Iterable[Node], then: Iterable[Node]) -> list[Node]:
    known = {onto.to(event.id) for event in before if event.occasion in AWAITED}
    return [event for event in then if event.occasion in AWAITED and event.id not in known]


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that is awaited after the move; what people are told of it; timers that have no moment."""

    rows: tuple[WaitRow, ...]
    notes: tuple[str, ...]
    refused: tuple[Finding, ...]


def waiting(onto: Onto, then: State, found: list[Carried], arm: Arm, seq: int, at: Instant) -> Waiting:
    """`then`: the state on the new plan, its waits aside; `seq`: the number of the move."""
    rows: list[WaitRow] = []
    notes: list[str] = []
    refused: list[Finding] = []
    fresh = seq << PLACES
    for one in found:
        wait, number = one.wait, one.number
        if one.way in (Way.AGAIN, Way.ARMED) and onto.new.nodes[wait.node].occasion == "timer":
            # What repeats has no one moment at which it began.
            moment = arm(then, wait, 0 if wait.left else number >> PLACES)
            if moment is None:
                words = SENTENCES["timer"].format(name=label(onto.new, wait.node))
                refused.append(Finding(wait.node, "timer", words))
                continue
            wait = replace(wait, due=moment[0], left=moment[1])
        notes.append(_note(onto, one, wait, at))
        if one.way is Way.DROPPED:
            continue
        if not number:
            fresh += 1
            number = fresh
        rows.append(row_of(number, wait))
    return Waiting(tuple(rows), tuple(notes), tuple(refused))


def row_of(number: int, wait: Wait) -> WaitRow:
    due = wait.due.isoformat() if wait.due is not None else ""
    return number, wait.node, wait.token, wait.frame, due, wait.left


def _note(onto: Onto, one: Carried, wait: Wait, at: Instant) -> str:
    if one.way is Way.DROPPED:
        return f"“{label(onto.old, one.was)}”新流程里没有，不再等。"
    name, node = label(onto.new, wait.node), onto.new.nodes[wait.node]
    if node.occasion != "timer":
        what = f"{'信号' if node.occasion == 'signal' else '消息'}“{node.ref}”"
        if one.way is Way.ARMED:
            return f"新流程的“{name}”从迁移时起等{what}。"
        return f"“{name}”照旧等{what}。"
    assert wait.due is not None
    over = wait.due <= at
    if one.way is Way.KEPT:
        return f"“{name}”已经到时，迁移以后触发一次。" if over else f"“{name}”照旧，{_when(wait.due)}到时。"
    if one.way is Way.ARMED:
        return f"新流程的“{name}”从迁移时起计，{'已经' if over else _when(wait.due)}到时。"
    before = f"“{name}”原来{_when(one.wait.due)}到时，" if one.wait.due else f"“{name}”"
    return before + ("按新流程已经到时，迁移以后触发一次。" if over else f"按新流程{_when(wait.due)}到时。")


def _when(due: Instant) -> str:
    here = due.astimezone(BEIJING)
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"
