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
from mingqu.evaluation.services.limits import set_limits
from mingqu.evaluation.services.rating import (
    BY_CODE,
    SCREEN,
    Answer,
    ask_on_screen,
    count_rating,
    rate_at_window,
    rate_by_code,
    rate_case,
    rate_on_screen,
    require_rateable_at_window,
    screen_of,
)
from mingqu.evaluation.services.reviews import answer_review, ask_review, say_mistaken

__all__ = [
    "BY_CODE",
    "OFFICE",
    "SCREEN",
    "Answer",
    "agree_exclusion",
    "answer_review",
    "ask_on_screen",
    "ask_review",
    "call_back",
    "count_rating",
    "decline_exclusion",
    "open_follow_up",
    "publish_answer",
    "rate_at_window",
    "rate_by_code",
    "rate_case",
    "rate_on_screen",
    "rectify",
    "require_rateable_at_window",
    "say_mistaken",
    "screen_of",
    "see_rater",
    "set_limits",
    "verify",
]
