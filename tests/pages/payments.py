"""Fees: what I have to pay, the desk, the daily reconciliation, and the demo's bank."""

from tests.pages.made import Page, State
from tests.pages.ways import NO_ID, both, exactly, forbidden, missing, word

NONE = exactly("JK99010420200101000099")
DAY = both(exactly("double"), word("reconciled_day"))

PAYMENTS = (
    Page("payments:mine", states=(
        State("many", "citizen"), State("English", "citizen"), State("empty", "newcomer"), forbidden("reviewer"),
    )),
    Page("payments:detail", word("fee_due"), states=(
        State("one", "citizen"), State("English", "citizen"), missing(NONE, "citizen"),
        State("closed", "citizen", args=word("fee_paid")), State("English", "citizen", args=word("fee_paid")),
        State("closed", "citizen", args=word("fee_exempted")),
        State("middle of the way", "citizen", args=word("fee_differs")),
    )),
    Page("payments:pay", word("fee_due"), kind="act"),
    Page("payments:together_again", word("fee_together"), kind="act"),
    Page("payments:together", word("fee_together"), states=(
        State("many", "citizen"), State("English", "citizen"), missing(NO_ID, "citizen"),
        missing(word("fee_together"), "newcomer"),
        State("closed", "citizen", args=word("fee_together_paid")),
    )),
    Page("payments:paper", word("fee_due"), kind="file"),
    Page("payments:desk", states=(
        State("many", "window_clerk"), State("one", "approver"), State("many", "finance_officer"),
        State("empty", "finance_officer", house="empty"), forbidden("citizen"),
        State("error", "window_clerk", query="number=JK1", status=404),
        State("many", "window_clerk", query="show=paid"),
    )),
    Page("payments:export", kind="act"),
    Page("payments:at_desk", word("fee_due"), states=(
        State("one", "window_clerk"), missing(NONE, "window_clerk"),
        State("error", "window_clerk", fields={"amount": "一百"}, status=400),
        State("middle of the way", "approver", args=word("fee_asked")),
        State("middle of the way", "own_reviewer", args=word("fee_asked")),
        State("closed", "finance_officer", args=word("fee_refunding")),
        State("closed", "window_clerk", args=word("fee_paid")),
        State("middle of the way", "finance_officer", args=word("fee_differs")),
    )),
    Page("payments:checked", word("fee_differs"), kind="act"),
    Page("payments:take", word("fee_due"), kind="act"),
    Page("payments:exemption", word("fee_due"), kind="act"),
    Page("payments:refund", word("fee_paid"), kind="act"),
    Page("payments:days", states=(
        State("many", "finance_officer"), State("empty", "finance_officer", house="empty"), forbidden("approver"),
        State("error", "finance_officer", fields={"provider": "double"}, status=400),
    )),
    Page("payments:day", DAY, states=(
        State("many", "finance_officer"), State("error", "finance_officer", fields={"reason": ""}, status=400),
        missing(exactly("double", "2020-01-01"), "finance_officer"),
    )),
    Page("payments:day_export", DAY, kind="file"),
    Page("payments:settle", DAY, kind="act"),
    Page("payments:double_bank", word("bank_reference"), states=(
        State("one"), State("English"), State("closed", args=word("bank_paid")), missing(exactly("unknown")),
    )),
)  # fmt: skip
