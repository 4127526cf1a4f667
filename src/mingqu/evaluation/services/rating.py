"""Rating a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from mingqu.cases import selectors as cases
from mingqu.cases.errors import CaseUnknown
from mingqu.evaluation import rules, selectors
from mingqu.evaluation.errors import AlreadyRated, NotYetRateable, OutsideScope
from mingqu.evaluation.events import CaseRated
from mingqu.evaluation.models import Rating
from mingqu.evaluation.types import Rated
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

if TYPE_CHECKING:
    from mingqu.cases.models import Case


@dataclass(frozen=True)
class Answer:
    """What a person says about a case: level 5 to 1, codes of reasons, own words. Only the level is asked for."""

    level: int
    reasons: Sequence[str] = ()
    text: str = ""


def rate_case(*, case_id: UUID, answer: Answer, by: Actor, at: Instant, key: UUID) -> Rated:
    """
    The applicant rates their case, once, when it has an outcome (国办发〔2019〕51号: 一事一评).

    Raises CaseUnknown (also for somebody else's), OutsideScope, NotYetRateable, AlreadyRated, LevelUnknown,
    ReasonUnknown or TextTooLong.
    """
    text = answer.text.strip()
    _check(answer, text)
    with command("evaluation.rate", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Rated)
        case = cases.case_for_update(case_id)
        if not access.allows(by, "evaluation.rate", case):
            raise CaseUnknown()
        return _rate(cmd, case, answer, text, Rating.Channel.ONLINE)


def rate_at_window(*, case_id: UUID, level: int, by: Actor, at: Instant, key: UUID) -> None:
    """
    The applicant pressed a level on the rating device of a window, which the clerk does not see; told by the device's
    program. A rating of its own channel: online the case may be rated besides.

    Raises OutsideScope, NotYetRateable, AlreadyRated, LevelUnknown or NotAuthorised.
    """
    answer = Answer(level)
    _check(answer, "")
    with command("evaluation.rate_at_window", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        case = cases.case_for_update(case_id)
        access.require(by, "evaluation.rate_at_window", case)
        _rate(cmd, case, answer, "", Rating.Channel.WINDOW)


def require_rateable_at_window(case_id: UUID, status: str, item_type: str) -> None:
    """Before the device asks. Raises OutsideScope, NotYetRateable or AlreadyRated."""
    _require_rateable(case_id, status, item_type, Rating.Channel.WINDOW)


def _require_rateable(case_id: UUID, status: str, item_type: str, channel: Rating.Channel) -> None:
    if item_type not in rules.RATEABLE_TYPES:
        raise OutsideScope()
    if status not in rules.RATEABLE_STATUSES:
        raise NotYetRateable()
    if selectors.rated([case_id], channel=channel):
        raise AlreadyRated()


def _check(answer: Answer, text: str) -> None:
    """Raises LevelUnknown, ReasonUnknown or TextTooLong."""
    known = [reason.code for reason in selectors.indicators().reasons]
    rules.check_rating(answer.level, answer.reasons, text, known)


def _rate(cmd: Command, case: Case, answer: Answer, text: str, channel: Rating.Channel) -> Rated:
    """Raises OutsideScope, NotYetRateable, AlreadyRated."""
    _require_rateable(case.pk, case.status, case.item_type, channel)
    version, day = selectors.indicators().version, legal_day(cmd.at)
    Rating(
        root_id=case.pk,
        channel=channel,
        item_code=case.item_code,
        department_id=case.department_id,
        region_code=case.region_code,
        item_type=case.item_type,
        level=answer.level,
        reasons=sorted(set(answer.reasons)),
        text=text,
        indicator_version=version,
        rated_at=cmd.at,
        rated_on=day,
    ).save(force_insert=True)
    # Only digests: officers read the history of their cases, and this is not for them.
    cmd.note_digest(level=answer.level, text=text)
    cmd.note(indicator_version=version)
    cmd.publish(
        CaseRated(
            case.pk,
            case.item_code,
            case.department_id,
            case.item_type,
            channel.value,
            answer.level,
            day,
        )
    )
    return cmd.done(Rated(answer.level, day))


def count_rating(department_id: UUID, item_code: str, day: date, level: int, *, by: int = 1) -> None:
    """One more of this level, or one less; called by the receivers, in the relay's transaction, once per event."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO evaluation_ratingcount AS c (department_id, item_code, day, level, count)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (department_id, item_code, day, level)"
            " DO UPDATE SET count = c.count + excluded.count",
            [department_id, item_code, day, level, by],
        )
