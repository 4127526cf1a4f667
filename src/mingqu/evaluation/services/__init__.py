"""Rating a case, and following up what was rated badly."""

from mingqu.evaluation.services.following import (
    OFFICE,
    agree_exclusion,
    call_back,
    decline_exclusion,
    open_follow_up,
    publish_answer,
    rectify,
    see_rater,
    verify,
)
from mingqu.evaluation.services.rating import (
    Answer,
    count_rating,
    rate_at_window,
    rate_case,
    require_rateable_at_window,
)

__all__ = [
    "OFFICE",
    "Answer",
    "agree_exclusion",
    "call_back",
    "count_rating",
    "decline_exclusion",
    "open_follow_up",
    "publish_answer",
    "rate_at_window",
    "rate_case",
    "rectify",
    "require_rateable_at_window",
    "see_rater",
    "verify",
]
