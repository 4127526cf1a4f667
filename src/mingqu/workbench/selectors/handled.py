"""我办过的: cases in which an officer did something of late, by the ledger; reading and claiming is nothing done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max, Q

from mingqu.cases import selectors as cases
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench.selectors.history import action_words

DAYS = 90
LEFT_OUT = (
    "case.reveal",
    "case.export",
    "case.claim",
    "case.release",
    "case.release_others",
    "case.take_archive",
)


@dataclass(frozen=True)
class Deed:
    """The last thing this officer did in one case."""

    case_id: UUID
    at: datetime
    words: str


def deeds(actor: Actor, item: str, at: Instant, *, after: str, limit: int) -> list[Deed]:
    """The latest first, one for each case that the post may see; one statement."""
    seen = cases.visible_cases(actor)
    if item:
        seen = seen.filter(item_code=item)
    within = Q(
        actor_id=actor.id, at__gte=at - timedelta(days=DAYS), actor_kind="staff", action__startswith="case."
    )
    latest = (
        AuditEntry.objects.filter(within, root_id__in=seen.values("pk"))
        .exclude(action__in=LEFT_OUT)
        .values("root_id")
        .annotate(last=Max("at"), done=ArrayAgg("action", order_by=("-at", "-seq")))
        .order_by("-last", "root_id")
    )
    if (start := _cursor(after)) is not None:
        latest = latest.filter(Q(last__lt=start[0]) | Q(last=start[0], root_id__gt=start[1]))
    return [Deed(row["root_id"], row["last"], action_words(row["done"][0])) for row in latest[:limit]]


def cursor_of(deed: Deed) -> str:
    return f"{deed.at.isoformat()}_{deed.case_id}"


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    """None for anything that is no cursor: a stale link shows the first page."""
    moment, _sep, case_id = text.partition("_")
    try:
        found = datetime.fromisoformat(moment), UUID(case_id)
    except ValueError:
        return None
    return found if found[0].tzinfo else None
