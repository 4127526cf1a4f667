"""谁负责, 责任链 (LAW-03): who answers for which step of a case, by when, against which standard, and who was late."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Answers:
    """One step of the definition on the page of a case. `who` and `on` from what was done; "" where nobody has yet."""

    step: str
    part: str  # 承办, 审核, 批准 …, 征求意见
    post: str
    who: str = ""
    on: date | None = None
    due_on: date | None = None
    limit: str = ""  # in words, as the definition has it
    note: str = ""


@dataclass(frozen=True)
class Link:
    """
    One limit of a case and who stood for it: a step as it was opened once, or a period of the whole case.

    `who`: did it, has claimed it, or holds the post now. `late`: working days past `due_on`, None where there is no
    last day or nothing is late; `ended_at` None while it waits.
    """

    name: str
    part: str
    post: str
    who: str
    limit: str
    since: date
    due_on: date | None
    ended_at: datetime | None
    ended_on: date | None
    state: str
    late: int | None = None
    standard: str = ""
    blame: tuple[
        str, ...
    ] = ()  # of a period that was exceeded: in whose hands the case lay after its last day

    @property
    def tag(self) -> str:
        """The colour of its state."""
        if self.late is not None:
            return "refused"
        return "done" if self.ended_on else "accepted"


@dataclass(frozen=True)
class Chain:
    """责任链 of one case: steps and periods in the order in which they began, the late ones apart."""

    steps: tuple[Link, ...]
    periods: tuple[Link, ...]

    @property
    def late(self) -> list[Link]:
        return [one for one in (*self.steps, *self.periods) if one.late is not None]
