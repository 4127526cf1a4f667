"""
Where an instance stands, and what can happen to it. Pure and immutable.

Numbers of tokens, tasks and gatherings are unique within an instance: (number of the event that made
them, place among what it made). The store makes row ids from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from immutables import Map

from mingqu.kernel.types import Instant
from mingqu.process.keys import of_frame
from mingqu.process.replan import Replan, Replanned
from mingqu.process.types import Json

PLACES = 20
"""Bits for the place: one event can make a million things."""


class Status(StrEnum):
    NEW = "new"
    ACTIVE = "active"
    ENDED = "ended"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class Token:
    """
    A place where the process stands: an activity or event that waits, or a join at which it is parked. `flow` brought
    it; `frame` is the run of a sub-process, or the several instances, it lies in; 0: the process itself.
    """

    node: str
    flow: str = ""
    frame: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """
    One run of a sub-process, or the several instances of an activity (`total` > 0, `done` of them finished).

    `token` waits at the activity, in the frame `parent`; `live` counts the tokens directly in this one.
    """

    node: str
    parent: int
    token: int
    live: int = 0
    total: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """
    What is awaited: the event at `node`, for the token that waits there or at the activity it is attached to; 0: for
    the whole frame, which an event sub-process watches. `due`, `left`: when a timer fires, how often after that.
    """

    node: str
    token: int
    frame: int = 0
    due: Instant | None = None
    left: int = 0


@dataclass(frozen=True, slots=True)
class OpenTask:
    """
    `post`: whom it waits for now. `lent`: the post that delegated it (委派) and gets it back. `held`: it stands
    still (挂起).
    """

    node: str
    token: int
    post: str = ""
    lent: str = ""
    held: bool = False


@dataclass(frozen=True, slots=True)
class Gathering:
    """One opening of a block: `arrived` of `expected` branches are parked at the join."""

    number: int
    expected: int
    arrived: int = 0


@dataclass(frozen=True, slots=True)
class Signing:
    """
    One opening of a step that several posts sign (会签 或签 票签 依次): who is yet to be asked, who has signed and how.

    `added`: posts that 加签 brought in, the only ones that 减签 takes out again.
    """

    number: int
    node: str
    mode: str
    votes: int = 0
    waiting: tuple[str, ...] = ()
    signed: tuple[tuple[str, str], ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """
    The state of an instance, or the part of it that one event can touch.

    `live` counts all tokens, also those not loaded. `gatherings` go by their join, `signings` by their token.
    `done`: steps completed at least once. Joins and variables of a frame bear its number (`at_join`, `local`).
    """

    status: Status = Status.NEW
    live: int = 0
    tokens: Map[int, Token] = field(default_factory=Map)
    tasks: Map[int, OpenTask] = field(default_factory=Map)
    gatherings: Map[str, Gathering] = field(default_factory=Map)
    variables: Map[str, Json] = field(default_factory=Map)
    done: Map[str, bool] = field(default_factory=Map)
    end: str | None = None
    signings: Map[int, Signing] = field(default_factory=Map)  # by token
    frames: Map[int, Frame] = field(default_factory=Map)
    waits: Map[int, Wait] = field(default_factory=Map)


EMPTY = State()


Decisions = Mapping[str, Any]
"""
What was found when the event happened. Flow id -> whether its condition was true (None: FEEL null); `counted`, `fires`
and `settled` of a node -> how many instances, when its timer fires and how often again, whether enough have finished.
"""


@dataclass(frozen=True, slots=True)
class Start:
    seq: int
    at: Instant
    data: Mapping[str, Json]
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class Complete:
    seq: int
    at: Instant
    task: int
    outcome: str
    data: Mapping[str, Json]
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class Terminate:
    """Ended from outside: withdrawn by the applicant, or stopped by the organ."""

    seq: int
    at: Instant
    reason: str


@dataclass(frozen=True, slots=True)
class ReturnTo:
    """内部退回: back inside the organ to a step done before."""

    seq: int
    at: Instant
    task: int
    node: str
    reason: str
    decisions: Decisions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PassOn:
    """转办 (for good) or 委派 (`back`: it returns to the post when it is done)."""

    seq: int
    at: Instant
    task: int
    post: str
    back: bool


@dataclass(frozen=True, slots=True)
class ChangeSigners:
    """加签 (`add`: one more post is asked in this step) or 减签 (a post that was added and has not signed)."""

    seq: int
    at: Instant
    task: int
    post: str
    add: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """挂起 and 恢复 of a branch: nobody goes on with the task until it is resumed."""

    seq: int
    at: Instant
    task: int
    held: bool


@dataclass(frozen=True, slots=True)
class TakeBack:
    """
    撤回: what was completed last on `token` is taken back, while nobody has acted on it.

    `by`: number of the event that completed it, `opened`: how many tasks that opened. `before`: the signing as it stood
    before that signature, where the step was one of several signatures. All of it is as the rows say it.
    """

    seq: int
    at: Instant
    node: str
    post: str
    token: int
    by: int
    opened: int
    before: Signing | None


@dataclass(frozen=True, slots=True)
class Trigger:
    """What was awaited has come: a message, a signal, or the moment of a timer."""

    seq: int
    at: Instant
    wait: int
    data: Mapping[str, Json]
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class PutOff:
    """The clock that a timer reads says another moment now: it fires then. `due`: ISO text, UTC."""

    seq: int
    at: Instant
    wait: int
    due: str


@dataclass(frozen=True, slots=True)
class Work:
    """The owner's handler has done what a service or business-rule task is for."""

    seq: int
    at: Instant
    token: int
    outcome: str
    data: Mapping[str, Json]
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class Fail:
    """It could not be done for a reason the drawing knows: an error with this code is thrown at the task."""

    seq: int
    at: Instant
    token: int
    code: str
    decisions: Decisions


ByPeople = PassOn | ChangeSigners | Hold | TakeBack
Event = Start | Complete | Terminate | ReturnTo | ByPeople | Trigger | PutOff | Work | Fail | Replan


@dataclass(frozen=True, slots=True)
class TaskOpened:
    task: int
    node: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class TaskDropped:
    """Taken away by a return elsewhere or by the end of the instance."""

    task: int
    node: str


@dataclass(frozen=True, slots=True)
class JoinClosed:
    """The last branch came: one token goes on from `join`."""

    number: int
    join: str
    frame: int = 0


@dataclass(frozen=True, slots=True)
class Awaits:
    """A message, a signal or a moment is awaited from now on."""

    wait: int
    node: str


@dataclass(frozen=True, slots=True)
class Caught:
    """An event happened to the process: its node. `wait`: what had awaited it; 0: an error or escalation."""

    wait: int
    node: str


@dataclass(frozen=True, slots=True)
class WorkDue:
    """The owner's handler is to do this, in the same transaction."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message goes out, or a signal to whoever waits for it."""

    node: str
    occasion: str
    ref: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The flows tokens took, in order."""

    flows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    status: Status
    node: str | None


Effect = (
    TaskOpened | TaskDropped | JoinClosed | Moved | Ended | Awaits | Caught | WorkDue | Thrown | Replanned
)


def shape(state: State) -> dict[str, Any]:
    """The state without its numbers: equal for two orders of the same completions."""
    return {
        "status": state.status.value,
        "live": state.live,
        "tokens": sorted((token.node, token.flow) for token in state.tokens.values()),
        "frames": sorted((f.node, f.live, f.total, f.done) for f in state.frames.values()),
        "waits": sorted((w.node, str(w.due), w.left) for w in state.waits.values()),
        "tasks": sorted(task.node for task in state.tasks.values()),
        "asked": sorted((t.node, t.post, t.lent, t.held) for t in state.tasks.values()),
        "signings": sorted((s.node, s.mode, s.waiting, s.signed) for s in state.signings.values()),
        "joins": _joins(state),
        "variables": dict(state.variables) if not state.frames else _variables(state),
        "done": sorted(state.done),
        "end": state.end,
    }


def _joins(state: State) -> dict[str, Any]:
    """Open joins; one that is open in several frames with all its openings."""
    found: dict[str, list[tuple[int, int]]] = {}
    for key, one in state.gatherings.items():
        found.setdefault(of_frame(key)[1], []).append((one.expected, one.arrived))
    return {join: counts[0] if len(counts) == 1 else sorted(counts) for join, counts in found.items()}


def _variables(state: State) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for key, value in state.variables.items():
        frame, name = of_frame(key)
        found.setdefault(f"{name} in a frame" if frame else name, []).append(repr(value))
    return {name: sorted(values) for name, values in found.items()}
