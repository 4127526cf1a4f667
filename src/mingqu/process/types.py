"""Words other rooms share with the engine: step table rows, findings, and what an event led to."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from mingqu.kernel.types import Instant

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of these."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """
    One row of a step table (环节表).

    Consecutive rows with the same `parallel` letter (并行组) are done at the same time. `when` is a FEEL
    condition: the step is left out where it is not true. `post` is the code of a post or pool (岗位).
    `limit` counts in working days. `people` is how many officers the step needs.
    """

    id: str
    name: str
    post: str
    limit: int | None = None
    when: str | None = None
    parallel: str | None = None
    people: int = 1


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
    `end`: id of the end it came to.
    """

    instance_id: UUID
    opened: tuple[NewTask, ...] = ()
    dropped: tuple[UUID, ...] = ()
    ended: Ending | None = None
    end: str | None = None


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
