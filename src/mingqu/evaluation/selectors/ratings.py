"""Questions about ratings. Public figures are sums; single ratings are for their giver and for staff in scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from uuid import UUID

from django.db.models import Sum

from mingqu.cases import selectors as cases
from mingqu.cases.errors import CaseUnknown
from mingqu.evaluation import rules
from mingqu.evaluation.models import FollowUp, Rating, RatingCount
from mingqu.evaluation.types import Figures, LevelCount, RatingPage, RatingView
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.codelists import code_list
from mingqu.kernel.types import Actor
from mingqu.kernel.yaml_text import read_yaml

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
    filing: str  # the question until there is an outcome
    reasons: tuple[Reason, ...]


@cache
def indicators() -> Indicators:
    raw = read_yaml(files("mingqu.evaluation").joinpath("indicators.yaml").read_text("utf-8"))
    return Indicators(
        raw["version"], raw["question"], raw["filing"], tuple(Reason(**row) for row in raw["reasons"])
    )


def level_words(level: int) -> str:
    return code_list("rating_level").name(str(level))


def is_bad(level: int) -> bool:
    return bool(code_list("rating_level").require(str(level)).attributes["bad"])


def rating_of(actor: Actor | None, case_id: UUID) -> RatingView | None:
    """The rating of the contact that this case is in now, for its applicant. Raises CaseUnknown for anybody else's."""
    case = cases.case_visible_to_id(actor, case_id)
    if not access.allows(actor, "evaluation.rate", case):
        raise CaseUnknown()
    return rating_given(case_id, case.status)


def rating_given(case_id: UUID, status: str) -> RatingView | None:
    """The same; the caller has checked whose it is, or that its query code was given."""
    found = Rating.objects.filter(root_id=case_id, contact=rules.contact_of(status)).first()
    return _view(found) if found else None


def may_be_rated(status: str, item_type: str) -> bool:
    """Whether a case in this state is due for a rating of how it went."""
    return status in rules.RATEABLE_STATUSES and item_type in rules.RATEABLE_TYPES


def contact_now(status: str, item_type: str, *, at_window: bool = False) -> str:
    """Which contact may be rated now (`Rating.Contact`), "" for none."""
    return rules.contact_of(status, at_window=at_window) if item_type in rules.RATEABLE_TYPES else ""


def may_be_rated_at_window(case_id: UUID, status: str, item_type: str) -> bool:
    """Whether the person at the window may rate it there now; one statement at most."""
    contact = contact_now(status, item_type, at_window=True)
    return bool(contact) and not rated([case_id], contact=contact)


def rated(case_ids: Iterable[UUID], *, contact: str = Rating.Contact.RESULT) -> set[UUID]:
    """Those of `case_ids` of which this contact is rated; the caller has checked whose they are."""
    found = Rating.objects.filter(root_id__in=list(case_ids), contact=contact)
    return set(found.values_list("root_id", flat=True))


def figures(since: date, until: date, *, item_code: str = "", department_id: UUID | None = None) -> Figures:
    """
    Public figures of these days, both included, of one item or department, or of everything but what is for training.
    """
    rows = RatingCount.objects.filter(day__gte=since, day__lte=until)
    if item_code:
        rows = rows.filter(item_code=item_code)
    if department_id:
        rows = rows.filter(department_id=department_id)
    if not (item_code or department_id):
        rows = rows.exclude(department_id__in=identity.training_departments())
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
    bad = [row.root_id for row in rows if is_bad(row.level)]
    excluded = FollowUp.objects.filter(case_id__in=bad, state=FollowUp.State.EXCLUDED)
    out = set(excluded.values_list("case_id", "contact")) if bad else set()
    return RatingPage(
        tuple(_view(row, left_out=(row.root_id, row.contact) in out) for row in rows[:PAGE]),
        rows[PAGE - 1].id if len(rows) > PAGE else None,
    )


def _view(row: Rating, *, left_out: bool = False) -> RatingView:
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
        left_out=left_out,
    )
