"""The days of the loop of bad ratings, set from a day on."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from mingqu.evaluation import rules
from mingqu.evaluation.errors import LimitsTooEarly
from mingqu.evaluation.models import Limits
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

LIMITS: Final = UUID("6f1d2b8a-37c5-4c0e-9a2e-0d1c6a5b7e42")
"""The root of all settings: their history is one chain of the ledger."""


def set_limits(
    *, days: Mapping[str, int], from_on: date, reason: str, by: Actor, at: Instant, key: UUID
) -> None:
    """
    From a day to come on; a step that has begun keeps its last day. Who sets them gives a reason.

    Raises NotAuthorised, LimitsWrong, LimitsTooEarly or FollowUpWordsMissing.
    """
    said = rules.check_words(reason, rules.REASON_LIMIT, field="reason")
    rules.check_days(days)
    with command("evaluation.set_limits", LIMITS, by=by, at=at, key=key) as cmd:
        access.require_may(by, "evaluation.set_limits")
        if cmd.repeated:
            return
        if from_on <= legal_day(at):
            raise LimitsTooEarly(field="from_on")
        Limits.objects.create(
            from_on=from_on,
            days={name: days[name] for name in rules.LIMITS},
            reason=said,
            set_by=by.id,
            set_post=by.post_id,
            set_at=at,
        )
        cmd.note(from_on=from_on, reason=said, **{name: days[name] for name in rules.LIMITS})
        cmd.done(None)
