"""Commands of a case, from filing to archive. Each is one transaction with one reason."""

from mingqu.cases.services.acceptance import (
    accept_case,
    ask_correction,
    deem_accepted,
    refuse_acceptance,
    supplement_case,
)
from mingqu.cases.services.decision import decide_case
from mingqu.cases.services.ending import archive_case, deliver_case, withdraw_case
from mingqu.cases.services.filing import file_case
from mingqu.cases.services.retry import retry_paper
from mingqu.cases.services.reveal import reveal_applicant
from mingqu.cases.services.review import complete_step

__all__ = [
    "accept_case",
    "archive_case",
    "ask_correction",
    "complete_step",
    "decide_case",
    "deem_accepted",
    "deliver_case",
    "file_case",
    "refuse_acceptance",
    "retry_paper",
    "reveal_applicant",
    "supplement_case",
    "withdraw_case",
]
