"""Rules of a bundle: pure."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Protocol

# Which commands a bundle takes in which status; parts have their own guards.
ALLOWED_IN: Mapping[str, frozenset[str]] = {
    "bundle.accept": frozenset({"received", "handling"}),
    "bundle.ask_correction": frozenset({"received", "handling"}),
    "bundle.say_points": frozenset({"received", "handling"}),
    "bundle.supplement": frozenset({"received", "handling"}),
    "bundle.record_result": frozenset({"received", "handling"}),
    "bundle.bind_subject": frozenset({"received", "handling"}),
    "bundle.choose_delivery": frozenset({"received", "handling"}),
    "bundle.withdraw": frozenset({"received", "handling"}),
    "bundle.extend": frozenset({"handling"}),
    "bundle.propose_visit": frozenset({"handling"}),
    "bundle.answer_visit": frozenset({"handling"}),
    "bundle.add_visitor": frozenset({"handling"}),
    "bundle.drop_visitor": frozenset({"handling"}),
    "bundle.write_finding": frozenset({"handling"}),
    "bundle.correct_finding": frozenset({"handling", "decided"}),
    "bundle.remove_finding": frozenset({"handling"}),
    "bundle.sign_findings": frozenset({"handling"}),
    "bundle.close_findings": frozenset({"handling"}),
    "bundle.deliver": frozenset({"decided"}),
}

FULFILLED = frozenset({"granted", "not_required"})  # what comes after may begin
FAILED = frozenset(
    {"refused", "not_accepted", "withdrawn", "terminated", "skipped"}
)  # what comes after can't
TAKEN_BACK = frozenset({"withdrawn", "terminated", "skipped"})  # nobody looks at its place any more
ENDED = FULFILLED | FAILED
BEFORE_FILING = frozenset({"waiting", "due"})
RUNNING = frozenset({"filed", "correction", "accepted"})  # a case that can still be taken back or ended
WITH_DECISION = frozenset({"granted", "refused"})
ENDS_ALL = frozenset({"refused", "not_accepted"})  # under the rule end_all


class HasPart(Protocol):
    code: str
    after: list[str]
    state: str


@dataclass(frozen=True)
class Moves:
    """What follows for the other parts: now due, now impossible, to be ended by the rule."""

    due: list[str]
    skipped: list[str]
    to_end: list[str]


def state_of_case(status: str, outcome: str) -> str:
    """The state of a part from the status of its case."""
    if status == "received":
        return "filed"
    if status in ("decided", "delivered", "archived"):
        return outcome or "terminated"
    return status


def moves(parts: Sequence[HasPart], on_refusal: str) -> Moves:
    """What the parts that wait come to, given how the others stand."""
    states = {part.code: part.state for part in parts}
    end_all = on_refusal == "end_all" and any(state in ENDS_ALL for state in states.values())
    skipped: list[str] = []
    while True:
        lost = [
            part.code
            for part in parts
            if states[part.code] == "waiting"
            and (end_all or any(states.get(before) in FAILED for before in part.after))
        ]
        if not lost:
            break
        skipped += lost
        states |= dict.fromkeys(lost, "skipped")
    due = [
        part.code
        for part in parts
        if states[part.code] == "waiting" and all(states.get(before) in FULFILLED for before in part.after)
    ]
    to_end = [part.code for part in parts if end_all and states[part.code] in RUNNING]
    return Moves(due, skipped, to_end)


def end_of(states: Iterable[str]) -> str:
    """
    The status a bundle ends in, "" while something is open: decided when there is a decision to deliver, withdrawn
    when nothing came of it, else delivered (what there was to tell has been told part by part).
    """
    found = list(states)
    if any(state not in ENDED for state in found):
        return ""
    if any(state in WITH_DECISION for state in found):
        return "decided"
    return "withdrawn" if all(state in ("withdrawn", "skipped") for state in found) else "delivered"


def levels(after: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many parts lie before each, on the longest way to it; what it waits for outside of these counts nothing."""
    found: dict[str, int] = {}
    waiting = dict(after)
    while waiting:
        ready = [code for code, before in waiting.items() if not any(one in waiting for one in before)]
        if not ready:
            raise ValueError(f"parts wait for one another: {sorted(waiting)}")
        for code in ready:
            found[code] = 1 + max((found[one] for one in waiting.pop(code) if one in found), default=-1)
    return found


@dataclass(frozen=True)
class Span:
    """From when to when; `mark`: done, runs, still (its time is not counted now), ahead (as promised)."""

    first: date
    last: date
    mark: str = "ahead"


def critical_way(spans: Mapping[str, Span], after: Mapping[str, Sequence[str]]) -> list[str]:
    """
    The parts that decide when all is done: the one that ends last, what it waited for longest, and so on back to the
    beginning. In their order.
    """
    way: list[str] = []
    here = max(spans, key=lambda code: spans[code].last, default="")
    while here:
        way.insert(0, here)
        before = [code for code in after.get(here, ()) if code in spans]
        here = max(before, key=lambda code: spans[code].last, default="")
    return way


def findings_digest(standing: Iterable[object]) -> str:
    """
    Of a set of shared findings, by their ids: the words of a finding never change, so what was signed is what stands
    as long as this is the same.
    """
    return sha256(",".join(sorted(map(str, standing))).encode()).hexdigest()


def same_subject(one: str, other: str) -> bool:
    """Whether two officers mean the same thing by what they looked at: spaces and full-width forms aside."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def who_came(signed: Mapping[str, str], digest: str) -> tuple[list[str], list[str]]:
    """Parts whose signature is under the findings as they stand, and parts without one. `signed`: part → digest."""
    came = [part for part, under in signed.items() if under == digest]
    return came, [part for part in signed if part not in came]
