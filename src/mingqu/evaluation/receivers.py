"""Counts for public figures follow the ratings; every bad one is followed up; who gave it hears what becomes of it."""

from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.evaluation import services
from mingqu.evaluation.events import CaseRated, RatingExcluded, ReviewRefused
from mingqu.evaluation.models import FollowUp, Review
from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications


@subscriber("evaluation.count", CaseRated)
def count(event: CaseRated, *, at: Instant) -> None:
    services.count_rating(event.department_id, event.item_code, event.rated_on, event.level)


@subscriber("evaluation.follow_up", CaseRated)
def follow_up(event: CaseRated, *, at: Instant) -> None:
    services.open_follow_up(event, at=at)


@subscriber("evaluation.leave_out", RatingExcluded)
def leave_out(event: RatingExcluded, *, at: Instant) -> None:
    services.count_rating(event.department_id, event.item_code, event.rated_on, event.level, by=-1)


@subscriber("evaluation.tell_left_out", RatingExcluded)
def tell_left_out(event: RatingExcluded, *, at: Instant) -> None:
    """Whoever asked for it: who rated hears that it counts no more, and why."""
    row = FollowUp.objects.get(pk=event.root_id)
    _tell(row, "rating_left_out", at, ground=str(FollowUp.Finding(row.finding).label))


@subscriber("evaluation.tell_refused", ReviewRefused)
def tell_refused(event: ReviewRefused, *, at: Instant) -> None:
    """What she herself said; what the rated organ tried to no avail is no news for her."""
    if event.side == Review.Side.RATER:
        _tell(FollowUp.objects.get(pk=event.root_id), "rating_review_refused", at)


def _tell(row: FollowUp, kind: str, at: Instant, **params: str) -> None:
    case = cases.case_visible_to_id(services.OFFICE, row.case_id)
    link = reverse("evaluation:rate", args=[case.number])
    notifications.tell(case.applicant_id, kind, {"item": case.item_name, **params}, row.pk, at=at, link=link)
