"""Events and effects as they are stored, and back. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from mingqu.kernel.types import Instant
from mingqu.process.replan import Moves, Replan, Replanned
from mingqu.process.state import (
    ChangeSigners,
    Complete,
    Effect,
    Ended,
    Event,
    Fail,
    Hold,
    JoinClosed,
    Moved,
    PassOn,
    PutOff,
    ReturnTo,
    Signing,
    Start,
    TakeBack,
    TaskDropped,
    TaskOpened,
    Terminate,
    Thrown,
    Trigger,
    Work,
)

KINDS: dict[type, str] = {
    Start: "start",
    Complete: "complete",
    Terminate: "terminate",
    ReturnTo: "return",
    PassOn: "pass_on",
    ChangeSigners: "signers",
    Hold: "hold",
    TakeBack: "take_back",
    Trigger: "trigger",
    PutOff: "put_off",
    Work: "work",
    Fail: "fail",
    Replan: "replan",
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
        decided = {"decisions": dict(event.decisions)} if event.decisions else {}
        return {"task": event.task, "node": event.node, "reason": event.reason, **decided}
    if isinstance(event, Terminate):
        return {"reason": event.reason}
    return {name: value for name, value in asdict(event).items() if name not in ("seq", "at")}


def event_from(seq: int, kind: str, at: Instant, given: Mapping[str, Any]) -> Event:
    if kind == "start":
        return Start(seq, at, given["data"], given["decisions"])
    if kind == "complete":
        return Complete(seq, at, given["task"], given["outcome"], given["data"], given["decisions"])
    if kind == "return":
        return ReturnTo(seq, at, given["task"], given["node"], given["reason"], given.get("decisions", {}))
    if kind == "terminate":
        return Terminate(seq, at, given["reason"])
    if kind == "take_back":
        before = given["before"]
        return TakeBack(seq, at, **{**given, "before": _signing(before) if before else None})
    if kind == "replan":
        return Replan(seq, at, _moves(given["moves"]), _moves(given["was"]))
    if kind in PLAIN:
        return PLAIN[kind](seq, at, **given)
    raise ValueError(f"event {kind}")


PLAIN: dict[
    str,
    type[PassOn] | type[ChangeSigners] | type[Hold] | type[Trigger] | type[PutOff] | type[Work] | type[Fail],
] = {
    "trigger": Trigger,
    "put_off": PutOff,
    "work": Work,
    "fail": Fail,
    "pass_on": PassOn,
    "signers": ChangeSigners,
    "hold": Hold,
}


def _moves(given: Mapping[str, Any]) -> Moves:
    return Moves(
        given["plan"],
        tuple((number, node, flow) for number, node, flow in given["tokens"]),
        tuple((number, node, post) for number, node, post in given["tasks"]),
        tuple((now, then) for now, then in given["joins"]),
        given["variables"],
        tuple(
            (number, node) for number, node in given.get("frames", ())
        ),  # moves of before have none of these
        None if given.get("waits") is None else tuple((*row,) for row in given["waits"]),
        tuple(given.get("gone", ())),
    )


def _signing(given: Mapping[str, Any]) -> Signing:
    """JSON has lists where the state has tuples."""
    return Signing(
        given["number"],
        given["node"],
        given["mode"],
        given["votes"],
        tuple(given["waiting"]),
        tuple((post, outcome) for post, outcome in given["signed"]),
        tuple(given["added"]),
    )


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
        elif isinstance(effect, Replanned):
            found["replanned"] = [effect.was, effect.now]
        elif isinstance(effect, Thrown) and effect.occasion == "signal":
            found.setdefault("signals", []).append(effect.ref)
        elif isinstance(effect, Ended):
            found["ended"] = [effect.status.value, effect.node]
    return found
