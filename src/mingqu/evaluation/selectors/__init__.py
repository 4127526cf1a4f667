"""Questions about ratings and about what became of the bad ones."""

from mingqu.evaluation.selectors.following import (
    due_after,
    follow_up_at_desk,
    follow_up_for_update,
    follow_ups_at_desk,
    journey_of,
    published_answers,
    step_days,
    tally,
    to_do,
)
from mingqu.evaluation.selectors.ratings import (
    Indicators,
    Reason,
    figures,
    indicators,
    is_bad,
    level_words,
    may_be_rated,
    rated,
    rating_of,
    ratings_visible_to,
)

__all__ = [
    "Indicators",
    "Reason",
    "due_after",
    "figures",
    "follow_up_at_desk",
    "follow_up_for_update",
    "follow_ups_at_desk",
    "indicators",
    "is_bad",
    "journey_of",
    "level_words",
    "may_be_rated",
    "published_answers",
    "rated",
    "rating_of",
    "ratings_visible_to",
    "step_days",
    "tally",
    "to_do",
]
