"""What evaluation tells other rooms."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class Rated:
    """The result of rating a case."""

    level: int
    rated_on: date


@dataclass(frozen=True)
class RatingView:
    """A rating without its rater. `reasons` in words."""

    id: UUID
    item_code: str
    department_id: UUID
    level: int
    level_words: str
    bad: bool
    reasons: tuple[str, ...]
    text: str = field(repr=False)
    rated_at: datetime
    rated_on: date
    left_out: bool = False  # 误评, 恶意差评: kept, and in no figure


@dataclass(frozen=True)
class RatingPage:
    """Some ratings, the latest first; `more` is the id to go on from, None at the end."""

    ratings: tuple[RatingView, ...]
    more: UUID | None


@dataclass(frozen=True)
class LevelCount:
    level: int
    words: str
    bad: bool
    count: int
    percent: int  # of all ratings, rounded


@dataclass(frozen=True)
class Figures:
    """
    Ratings of a span of days, both ends included. `good_rate` in percent, one decimal; None below `minimum`.

    Only what people really rated is in it: an unrated case counts neither way.
    """

    since: date
    until: date
    levels: tuple[LevelCount, ...]
    total: int
    good_rate: Decimal | None
    minimum: int


@dataclass(frozen=True)
class FollowUpLine:
    """A row of the worklist: what was rated badly, where it stands, by when. Nothing of the rater, nor the case."""

    number: str
    item: str
    department: str
    level_words: str
    state: str
    state_words: str
    rated_on: date
    due_on: date
    overdue: bool
    open: bool
    under_review: bool = False


@dataclass(frozen=True)
class ReviewView:
    """What one side said against a bad rating, and what came of it."""

    id: UUID
    side: str
    side_words: str
    ground_words: str
    text: str = field(repr=False)
    evidence: str = field(repr=False)
    asked_on: date
    due_on: date
    waits: bool
    overdue: bool
    answer_words: str
    answer_text: str = field(repr=False)
    answered_on: date | None


@dataclass(frozen=True)
class Journey:
    """For who gave a bad rating: where its answer is, and until when she may say that it was a mistake."""

    line: "FollowUpLine"
    contact: str
    contact_words: str
    mistaken_until: date | None  # None: no more, or not any more
    review: ReviewView | None  # what she said herself


@dataclass(frozen=True)
class FollowUpPage:
    lines: tuple[FollowUpLine, ...]
    more: str


@dataclass(frozen=True)
class FollowUpView:
    """One follow-up as a post may see it; `case_number` for the evaluation office alone."""

    id: UUID
    line: FollowUpLine
    reasons: tuple[str, ...]
    text: str = field(repr=False)
    finding: str
    finding_words: str
    finding_text: str = field(repr=False)
    verified_on: date | None
    answer: str = field(repr=False)
    rectified_on: date | None
    rounds: int
    call_words: str
    call_text: str = field(repr=False)
    called_on: date | None
    public_text: str
    published_on: date | None
    case_number: str
    awaits_second: bool
    may: frozenset[str]
    reviews: tuple[ReviewView, ...]
    review_until: date  # the last day on which the rated organ may ask for one


@dataclass(frozen=True)
class Rater:
    """Who is called back: for the one answer it was asked for, never kept."""

    name: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True)
class PublicAnswer:
    item: str
    department: str
    level_words: str
    text: str
    rated_on: date
    published_on: date


@dataclass(frozen=True)
class Tally:
    """Bad ratings of a span of days and what became of them."""

    bad: int
    excluded: int
    rectified: int
    in_time: int
    published: int
    open: int
    late: int
    mistaken: int  # of those excluded
    malicious: int


@dataclass(frozen=True)
class ToFollow:
    """What of the follow-ups waits for this post."""

    all: int
    late: int
