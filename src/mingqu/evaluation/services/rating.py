"""Rating a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant


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
    indicators = selectors.indicators()
    text = answer.text.strip()
    rules.check_rating(answer.level, answer.reasons, text, [reason.code for reason in indicators.reasons])
    with command("evaluation.rate", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Rated)
        case = cases.case_for_update(case_id)
        if not access.allows(by, "evaluation.rate", case):
            raise CaseUnknown()
        if case.item_type not in rules.RATEABLE_TYPES:
            raise OutsideScope()
        if case.status not in rules.RATEABLE_STATUSES:
            raise NotYetRateable()
        if selectors.rated([case_id]):
            raise AlreadyRated()
        day = legal_day(at)
        Rating(
            root_id=case_id,
            item_code=case.item_code,
            department_id=case.department_id,
            region_code=case.region_code,
            item_type=case.item_type,
            level=answer.level,
            reasons=sorted(set(answer.reasons)),
            text=text,
            indicator_version=indicators.version,
            rated_at=at,
            rated_on=day,
        ).save(force_insert=True)
        # Only digests: officers read the history of their cases, and this is not for them.
        cmd.note_digest(level=answer.level, text=text)
        cmd.note(indicator_version=indicators.version)
        cmd.publish(
            CaseRated(
                case_id,
                case.item_code,
                case.department_id,
                case.item_type,
                Rating.Channel.ONLINE.value,
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
