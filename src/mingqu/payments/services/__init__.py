"""Commands and services of the payments room."""

from mingqu.kernel.types import Instant
from mingqu.payments.services.checking import close_differing
from mingqu.payments.services.counter import take_at_window
from mingqu.payments.services.exempting import EXEMPT, ask_exemption, decline_exemption, exempt
from mingqu.payments.services.exporting import export_notices
from mingqu.payments.services.hearing import hear, look_again
from mingqu.payments.services.hearing import sweep as sweep_payments
from mingqu.payments.services.notices import cancel_of_case, issue_notice, note_overdue, notice_id_of
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
from mingqu.payments.services.settling import settle
from mingqu.payments.services.settling import sweep as sweep_together
from mingqu.payments.services.together import address_again, begin_together, look_at_order

__all__ = [
    "EXEMPT",
    "REFUND",
    "address_again",
    "agree_refund",
    "ask_exemption",
    "ask_refund",
    "begin_payment",
    "begin_together",
    "cancel_of_case",
    "close_differing",
    "decline_exemption",
    "decline_refund",
    "exempt",
    "export_notices",
    "hear",
    "issue_notice",
    "look_again",
    "look_at_order",
    "note_overdue",
    "notice_id_of",
    "offer_cases",
    "reconcile",
    "record_returned",
    "send_refund",
    "settle",
    "settle_difference",
    "sweep",
    "take_at_window",
]


def sweep(at: Instant) -> int:
    """Payments and orders that are still open, and what was told and lost on the way; how many."""
    return sweep_payments(at) + sweep_together(at)
