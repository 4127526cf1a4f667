"""Commands and services of the payments room."""

from mingqu.payments.services.checking import close_differing
from mingqu.payments.services.counter import take_at_window
from mingqu.payments.services.exempting import EXEMPT, ask_exemption, decline_exemption, exempt
from mingqu.payments.services.hearing import hear, look_again, sweep
from mingqu.payments.services.notices import cancel_of_case, issue_notice, notice_id_of
from mingqu.payments.services.paying import begin_payment
from mingqu.payments.services.reconciling import offer_cases, reconcile, settle_difference
from mingqu.payments.services.refunding import (
    REFUND,
    agree_refund,
    ask_refund,
    decline_refund,
    record_returned,
    send_refund,
)

__all__ = [
    "EXEMPT",
    "REFUND",
    "agree_refund",
    "ask_exemption",
    "ask_refund",
    "begin_payment",
    "cancel_of_case",
    "close_differing",
    "decline_exemption",
    "decline_refund",
    "exempt",
    "hear",
    "issue_notice",
    "look_again",
    "notice_id_of",
    "offer_cases",
    "reconcile",
    "record_returned",
    "send_refund",
    "settle_difference",
    "sweep",
    "take_at_window",
]
