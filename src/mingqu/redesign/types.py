"""What a simulation is asked and what it found, as both are stored."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

Arrangement = Literal["as_written", "serial", "parallel"]
Source = Literal["replay", "sampled"]
VERSION = 1


@dataclass(frozen=True)
class Basis:
    """A definition: a revision by its number, or a draft by its id; `digest` is of its text."""

    digest: str
    number: int = 0
    draft_id: UUID | None = None
    version: int = 0


@dataclass(frozen=True)
class Asked:
    """
    All that a run depends on besides what was recorded; kept, so that it can be repeated.

    `cases`: how many are sent through; `per_day`: how many come on a working day (sampled). `staff` and `staff_after`:
    people by post. `minutes`: of a step whose work is not to be taken from what was recorded. `hours`: that a
    post gives to this item on a day; `weekend`: whether it works then too; `hours_of`, `weekend_of`: posts that differ.
    `seed`: of all draws.
    """

    item_code: str
    handling: str
    before: Basis
    after: Basis
    since: date
    until: date
    arrangement: Arrangement = "as_written"
    source: Source = "replay"
    cases: int = 5000
    per_day: float = 20.0
    order: str = "first"
    staff: dict[str, int] = field(default_factory=dict)
    staff_after: dict[str, int] = field(default_factory=dict)
    minutes: dict[str, float] = field(default_factory=dict)
    hours: float = 7.0
    weekend: bool = False
    hours_of: dict[str, float] = field(default_factory=dict)
    weekend_of: list[str] = field(default_factory=list)
    seed: int = 1
    title: str = ""
    version: int = VERSION


@dataclass(frozen=True)
class Spread:
    """Of many lengths in working minutes: the middle one, one that nine of ten stay below, and the mean."""

    median: float
    p90: float
    mean: float


@dataclass(frozen=True)
class StepResult:
    """`times`: how often it was done; waited + handled = total of each."""

    id: str
    name: str
    post: str
    times: int
    waited: Spread
    handled: Spread
    total: Spread


@dataclass(frozen=True)
class PostResult:
    """`load`: share of its working time that it worked."""

    code: str
    name: str
    staff: int
    load: float
    longest: int


@dataclass(frozen=True)
class Variant:
    """
    One process with its people. `days`: of a case from acceptance to decision, in working days begun. `late_promised`,
    `late_statutory`: share beyond the limit; None where the limit can't be counted in days.
    """

    key: str  # before, after, contrast
    label: str
    cases: int
    days: Spread
    per_day: float
    steps: list[StepResult]
    posts: list[PostResult]
    late_promised: float | None = None
    late_statutory: float | None = None
    promised: str = ""
    statutory: str = ""
    plan: str = ""  # digest

    @property
    def narrowest(self) -> StepResult | None:
        """Where cases lie longest."""
        return max(self.steps, key=lambda one: one.waited.mean * one.times, default=None)


@dataclass(frozen=True)
class Result:
    """`recorded`: how long the replayed cases really took, where they are replayed."""

    variants: list[Variant]
    recorded: Spread | None = None
    recorded_cases: int = 0
    unknown_steps: list[str] = field(default_factory=list)  # names of steps for which nothing was recorded
    version: int = VERSION

    def variant(self, key: str) -> Variant | None:
        return next((one for one in self.variants if one.key == key), None)


@dataclass(frozen=True)
class Choice:
    """A revision or the draft, to choose from: `value` as the form sends it."""

    value: str
    label: str
    document: Any
    basis: Basis
    steps: list[tuple[str, str, str]]  # id, name, post
