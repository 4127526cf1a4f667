"""What is done about points, errands and visits at home."""

from mingqu.outreach.services.errands import (
    FIX,
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
from mingqu.outreach.services.fixing import may_fix, require_fix_consent
from mingqu.outreach.services.from_device import take_from_device
from mingqu.outreach.services.home_visits import ask_visit, close_visit, plan_visit, withdraw_visit
from mingqu.outreach.services.originals import (
    collect_papers,
    give_back_originals,
    person_named,
    send_originals,
    signed,
)
from mingqu.outreach.services.points import delegate, end_delegation, keep_point, read_items
from mingqu.outreach.services.tallying import export_tally

__all__ = [
    "FIX",
    "agree_by_code",
    "answer_paper",
    "as_agent",
    "ask_visit",
    "begin_form",
    "bring_result",
    "close_visit",
    "collect_papers",
    "delegate",
    "end_delegation",
    "end_errand",
    "export_tally",
    "give_back_originals",
    "hand_paper",
    "keep_point",
    "may_fix",
    "note_filed",
    "open_errand",
    "person_named",
    "plan_visit",
    "read_items",
    "require_consent",
    "require_fix_consent",
    "send_code",
    "send_originals",
    "signed",
    "take_from_device",
    "withdraw_visit",
]
