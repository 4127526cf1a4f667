"""What is asked of another organ, and what it answers."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from mingqu.cases.services.files import Upload

LIMITS = range(1, 31)
"""Working days that may be asked for. No law fixes a span for every question; a rule of this platform."""
ANSWERS = {"agreed": "同意", "objected": "不同意", "noted": "提供情况，不表示同意或者不同意"}


@dataclass(frozen=True)
class Question:
    """
    To which post (by code), what, by when (working days), whether the step waits for it; `files` of the case go with
    it. Words of a person: kept encrypted.
    """

    post: str
    text: str = field(repr=False)
    limit: int
    waits: bool = False
    files: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Answer:
    """`outcome` is a code of ANSWERS."""

    outcome: str
    text: str = field(repr=False)
    uploads: "tuple[Upload, ...]" = ()


@dataclass(frozen=True)
class Asked:
    """What a command about a question returns."""

    case_id: UUID
    consultation_id: UUID
    state: str


@dataclass(frozen=True)
class ConsultationLine:
    """
    One question in a list or on the page of its case. Names of officers are public in office; `question` and `answer`
    are for officers only, never for the applicant.
    """

    id: UUID
    number: str
    item: str
    step: str
    organ: str
    post: str
    asker: str
    asker_post: str
    question: str = field(repr=False)
    asked_at: datetime
    due_on: date
    waits: bool
    silence_agrees: bool
    state: str
    state_words: str
    tag: str
    late: bool
    files: tuple[tuple[UUID, str], ...] = ()
    answer: str = field(default="", repr=False)
    outcome: str = ""
    answerer: str = ""
    answered_at: datetime | None = None
    answer_files: tuple[tuple[UUID, str], ...] = ()
    why_ended: str = field(default="", repr=False)

    @property
    def asks_note(self) -> str:
        """What the post that is asked has to know about its limit."""
        late = "已经逾期，请尽快答复。" if self.late else ""
        silence = "逾期没有答复的，按规定视为同意。" if self.silence_agrees else ""
        return late + silence + ("对方等您答复才能办结环节。" if self.waits else "")


@dataclass(frozen=True)
class ConsultationPage:
    lines: tuple[ConsultationLine, ...]
    more: str = ""
