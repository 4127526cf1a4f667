"""Commands of 通办: agreements between halls, and what a window receives under them."""

from mingqu.across.services.agreed import answer, propose, take_back, withdraw
from mingqu.across.services.counting import count, recount
from mingqu.across.services.giving import move_giving, require_giver
from mingqu.across.services.receiving import (
    as_clerk,
    as_giver,
    begin_form,
    end_reception,
    keep_and_send,
    open_reception,
    require_agreement,
)

__all__ = [
    "answer",
    "as_clerk",
    "as_giver",
    "begin_form",
    "count",
    "end_reception",
    "keep_and_send",
    "move_giving",
    "open_reception",
    "propose",
    "recount",
    "require_agreement",
    "require_giver",
    "take_back",
    "withdraw",
]
