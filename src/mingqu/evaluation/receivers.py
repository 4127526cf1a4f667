"""Counts for public figures follow the ratings."""

from mingqu.evaluation import services
from mingqu.evaluation.events import CaseRated
from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Instant


@subscriber("evaluation.count", CaseRated)
def count(event: CaseRated, *, at: Instant) -> None:
    services.count_rating(event.department_id, event.item_code, event.rated_on, event.level)
