"""What is done about points, errands and visits at home."""

from mingqu.outreach.services.errands import (
    agree_by_code,
    answer_paper,
    as_agent,
    begin_form,
    bring_result,
    end_errand,
    hand_paper,
    note_filed,
    open_errand,
    require_consent,
    send_code,
)
from mingqu.outreach.services.home_visits import ask_visit, close_visit, plan_visit, withdraw_visit
from mingqu.outreach.services.points import delegate, end_delegation, keep_point

__all__ = [
    "agree_by_code",
    "answer_paper",
    "as_agent",
    "ask_visit",
    "begin_form",
    "bring_result",
    "close_visit",
    "delegate",
    "end_delegation",
    "end_errand",
    "hand_paper",
    "keep_point",
    "note_filed",
    "open_errand",
    "plan_visit",
    "require_consent",
    "send_code",
    "withdraw_visit",
]
