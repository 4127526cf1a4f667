"""Questions about ratings. Public figures are sums; single ratings are for their giver and for staff in scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from uuid import UUID

import yaml
from django.db.models import Sum

from mingqu.cases import selectors as cases
from mingqu.cases.errors import CaseUnknown
from mingqu.evaluation import rules
from mingqu.evaluation.models import Rating, RatingCount
from mingqu.evaluation.types import Figures, LevelCount, RatingPage, RatingView
from mingqu.identity.services import access
from mingqu.kernel.codelists import code_list
from mingqu.kernel.types import Actor

PAGE = 30


@dataclass(frozen=True)
class Reason:
    code: str
    name: str
    says: str


@dataclass(frozen=True)
class Indicators:
    """The words of the question, versioned."""

    version: str
    question: str
    reasons: tuple[Reason, ...]


@cache
def indicators() -> Indicators:
    raw = yaml.safe_load(files("mingqu.evaluation").joinpath("indicators.yaml").read_text("utf-8"))
    return Indicators(raw["version"], raw["question"], tuple(Reason(**row) for row in raw["reasons"]))


def level_words(level: int) -> str:
    return code_list("rating_level").name(str(level))


def is_bad(level: int) -> bool:
    return bool(code_list("rating_level").require(str(level)).attributes["bad"])


def rating_of(actor: Actor | None, case_id: UUID) -> RatingView | None:
    """The rating this actor gave to their own case. Raises CaseUnknown for anybody else's."""
    case = cases.case_visible_to_id(actor, case_id)
    if not access.allows(actor, "evaluation.rate", case):
        raise CaseUnknown()
    found = Rating.objects.filter(root_id=case_id, channel=Rating.Channel.ONLINE).first()
    return _view(found) if found else None


def may_be_rated(status: str, item_type: str) -> bool:
    """Whether a case in this state is due for a rating."""
    return status in rules.RATEABLE_STATUSES and item_type in rules.RATEABLE_TYPES


def rated(case_ids: Iterable[UUID], *, channel: str = Rating.Channel.ONLINE) -> set[UUID]:
    """Those of `case_ids` that have a rating of this channel; the caller has checked whose they are."""
    found = Rating.objects.filter(root_id__in=list(case_ids), channel=channel)
    return set(found.values_list("root_id", flat=True))


def figures(since: date, until: date, *, item_code: str = "", department_id: UUID | None = None) -> Figures:
    """Public figures of these days, both included, of everything or of one item or department."""
    rows = RatingCount.objects.filter(day__gte=since, day__lte=until)
    if item_code:
        rows = rows.filter(item_code=item_code)
    if department_id:
        rows = rows.filter(department_id=department_id)
    counts = dict(rows.values_list("level").annotate(sum=Sum("count")).order_by())
    total = sum(counts.values())
    levels = tuple(
        LevelCount(
            level,
            level_words(level),
            is_bad(level),
            counts.get(level, 0),
            rules.percent(counts.get(level, 0), total),
        )
        for level in rules.LEVELS
    )
    return Figures(since, until, levels, total, rules.good_rate(counts), rules.MINIMUM)


def ratings_visible_to(actor: Actor, *, bad_only: bool = False, before: UUID | None = None) -> RatingPage:
    """Ratings within the post's scope, the latest first, without rater and case number. Keyset by id."""
    scope = access.scope(actor, "evaluation.see")
    found = Rating.objects.filter(scope.q(party="root_id")).order_by("-id")
    if bad_only:
        found = found.filter(level__lt=rules.GOOD_FROM)
    if before:
        found = found.filter(id__lt=before)
    rows = list(found[: PAGE + 1])
    return RatingPage(
        tuple(_view(row) for row in rows[:PAGE]), rows[PAGE - 1].id if len(rows) > PAGE else None
    )


def _view(row: Rating) -> RatingView:
    return RatingView(
        id=row.id,
        item_code=row.item_code,
        department_id=row.department_id,
        level=row.level,
        level_words=level_words(row.level),
        bad=is_bad(row.level),
        reasons=tuple(reason.name for reason in indicators().reasons if reason.code in row.reasons),
        text=row.text or "",
        rated_at=row.rated_at,
        rated_on=row.rated_on,
    )
