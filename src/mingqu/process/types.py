"""Words other rooms share with the engine: step table rows, findings, and what an event led to."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from mingqu.kernel.types import Instant

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of these."""


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A service or business-rule task: `ref` names what is to be done, `rule` says it is a decision."""

    instance_id: UUID
    step: str
    name: str
    ref: str
    rule: bool


class WorkFailed(Exception):
    """Raised by an owner's handler: a service or rule task came to an error that its plan may catch."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class StepRow:
    """
    One row of a step table (环节表).

    Consecutive rows with the same `parallel` letter (并行组) are done at the same time. `when` is a FEEL
    condition: the step is left out where it is not true. `post` is the code of a post or pool (岗位).
    `limit` counts in working days. `people` is how many officers the step needs. `sign`: `post` and `signers` sign
    it together: all (会签), any (或签), votes (票签, so many must agree), turn (依次); "" for one post alone.
    """

    id: str
    name: str
    post: str
    limit: int | None = None
    when: str | None = None
    parallel: str | None = None
    people: int = 1
    sign: str = ""
    signers: tuple[str, ...] = ()
    votes: int = 0


@dataclass(frozen=True, slots=True)
class RuleStep:
    """A business-rule task of a step table (自动判定): conditions of its rows read `outcome.<id>`."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a plan can't be published: the element, a stable code, and a sentence for the official."""

    element: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task that has just opened, waiting for a holder of `post`."""

    task_id: UUID
    step: str
    name: str
    post: str
    limit: int | None
    due_on: date | None


Ending = Literal["ended", "terminated"]


@dataclass(frozen=True, slots=True)
class Effects:
    """
    What an event led to, for the owner to act on in the same transaction.

    `dropped`: tasks taken away from their holders by a return or an end. `ended`: how the instance came to
    an end ("ended": by its own path; "terminated": withdrawn from outside), None while it runs.
    `end`: id of the end it came to. `moved`: a token went on; a signature that settles nothing moves none.
    `sent`: names of messages that go out.
    """

    instance_id: UUID
    opened: tuple[NewTask, ...] = ()
    dropped: tuple[UUID, ...] = ()
    ended: Ending | None = None
    end: str | None = None
    moved: bool = False
    sent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A human step of a running or finished instance, as lists show it."""

    root_id: UUID
    task_id: UUID
    step: str
    name: str
    post: str
    people: int
    status: str
    opened_at: Instant
    due_on: date | None = None
    claimed_by: UUID | None = None
    closed_at: Instant | None = None
    closed_by: UUID | None = None
    outcome: str = ""
    lent: str = ""
    held: bool = False
    claimed_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class SigningRow:
    """One opening of a step that several posts sign, as pages show it: who signed and how, who is asked later."""

    step: str
    mode: str
    votes: int
    waiting: tuple[str, ...]
    signed: tuple[tuple[str, str], ...]
    added: tuple[str, ...]
    token_id: UUID
    open: bool


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A business-rule task that was done: at which element, what came of it ("" nothing), when."""

    node: str
    outcome: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Awaited:
    """
    A message that an instance waits for: at which element, what the drawing calls the element and the message;
    `sender`: the system that may bring it, "" people alone.
    """

    wait_id: UUID
    node: str
    name: str
    ref: str
    sender: str = ""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One event of an instance: who did what to which step, when. `data` is readable only through here."""

    seq: int
    kind: str
    step: str
    outcome: str
    at: Instant
    by_id: UUID
    by_post: UUID | None
    reason: str = ""


StepState = Literal["done", "now", "waiting", "skipped"]


@dataclass(frozen=True, slots=True)
class Progress:
    """
    Where an instance stands, for its picture.

    `steps`: state of each step. `passed`: flows a token has taken since the last return. `joins`: for each
    open join how many branches it expects and how many have come ("asked 3, given 2").
    """

    plan_digest: str
    steps: dict[str, StepState] = field(default_factory=dict)
    passed: frozenset[str] = frozenset()
    joins: dict[str, tuple[int, int]] = field(default_factory=dict)
    ended: Ending | None = None
