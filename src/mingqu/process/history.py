"""Events and effects as they are stored, and back. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from mingqu.kernel.types import Instant
from mingqu.process.state import (
    Complete,
    Effect,
    Ended,
    Event,
    JoinClosed,
    Moved,
    ReturnTo,
    Start,
    TaskDropped,
    TaskOpened,
    Terminate,
)

KINDS: dict[type, str] = {
    Start: "start",
    Complete: "complete",
    Terminate: "terminate",
    ReturnTo: "return",
}


def kind_of(event: Event) -> str:
    return KINDS[type(event)]


def event_json(event: Event) -> dict[str, Any]:
    """What a replay needs besides number, kind and instant, which are columns."""
    if isinstance(event, Start):
        return {"data": dict(event.data), "decisions": dict(event.decisions)}
    if isinstance(event, Complete):
        given = {"task": event.task, "outcome": event.outcome}
        return given | {"data": dict(event.data), "decisions": dict(event.decisions)}
    if isinstance(event, ReturnTo):
        return {"task": event.task, "node": event.node, "reason": event.reason}
    return {"reason": event.reason}


def event_from(seq: int, kind: str, at: Instant, given: Mapping[str, Any]) -> Event:
    if kind == "start":
        return Start(seq, at, given["data"], given["decisions"])
    if kind == "complete":
        return Complete(seq, at, given["task"], given["outcome"], given["data"], given["decisions"])
    if kind == "return":
        return ReturnTo(seq, at, given["task"], given["node"], given["reason"])
    if kind == "terminate":
        return Terminate(seq, at, given["reason"])
    raise ValueError(f"event {kind}")


def effects_json(effects: Sequence[Effect]) -> dict[str, Any]:
    """What came of it, by element: for reading and for the picture; a replay works it out again."""
    found: dict[str, Any] = {}
    for effect in effects:
        if isinstance(effect, TaskOpened):
            found.setdefault("opened", []).append(effect.node)
        elif isinstance(effect, TaskDropped):
            found.setdefault("dropped", []).append(effect.node)
        elif isinstance(effect, JoinClosed):
            found.setdefault("joined", []).append(effect.join)
        elif isinstance(effect, Moved):
            found["moved"] = list(effect.flows)
        elif isinstance(effect, Ended):
            found["ended"] = [effect.status.value, effect.node]
    return found
