"""Counts for public figures follow the ratings; every bad one is followed up."""

from mingqu.evaluation import services
from mingqu.evaluation.events import CaseRated, RatingExcluded
from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Instant


@subscriber("evaluation.count", CaseRated)
def count(event: CaseRated, *, at: Instant) -> None:
    services.count_rating(event.department_id, event.item_code, event.rated_on, event.level)


@subscriber("evaluation.follow_up", CaseRated)
def follow_up(event: CaseRated, *, at: Instant) -> None:
    services.open_follow_up(event, at=at)


@subscriber("evaluation.leave_out", RatingExcluded)
def leave_out(event: RatingExcluded, *, at: Instant) -> None:
    services.count_rating(event.department_id, event.item_code, event.rated_on, event.level, by=-1)
