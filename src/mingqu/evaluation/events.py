"""What evaluation tells the rooms above: nothing about who rated."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class CaseRated(Event):
    """A case was rated; its root is the case, the rater is not named."""

    name = "evaluation.rated"
    item_code: str
    department_id: UUID
    item_type: str
    channel: str
    level: int
    rated_on: date
    contact: str = ""  # not told by events of before: `rules.contact_told`


@dataclass(frozen=True)
class RatingExcluded(Event):
    """
    A bad rating is 误评 or 恶意差评, as two persons found: figures leave it out, who gave it is told; its root is the
    follow-up.
    """

    name = "evaluation.rating_excluded"
    item_code: str
    department_id: UUID
    level: int
    rated_on: date


@dataclass(frozen=True)
class AnswerPublished(Event):
    """What was found and put right after a bad rating can be read by everybody; its root is the follow-up."""

    name = "evaluation.answer_published"
    item_code: str
    department_id: UUID
    published_on: date
    late: bool


@dataclass(frozen=True)
class ReviewRefused(Event):
    """What was said against a bad rating did not convince another person: it counts; its root is the follow-up."""

    name = "evaluation.review_refused"
    side: str
    ground: str
