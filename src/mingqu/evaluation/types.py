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
