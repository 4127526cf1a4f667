"""What a post must be allowed to do for a step of a definition."""

from typing import Final

REVIEW: Final = "case.review"
DOES: Final = {"check": "case.check", "decide": "case.decide", "visit": "case.record_visit"}
SECOND_WORD: Final = "case.answer_discretion"


def action_of(kind: str) -> str:
    """The action (identity/roles.yaml) of who answers a step of this kind."""
    return DOES.get(kind, REVIEW)
