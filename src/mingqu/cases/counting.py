"""
Scans: what was received, accepted and ended, how its periods came out and what was overdue, counted over the cases, the
decisions, the ledger and the clocks themselves. What kept figures are compared with at the end of a month.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from mingqu.cases.lives import ASKED, ENDINGS, WITHDRAWN, day_begins
from mingqu.cases.models import Case, CaseMaterial, Decision
from mingqu.clocks import selectors as clocks
from mingqu.clocks.selectors import Ends
from mingqu.kernel.models import AuditEntry

PORTION = 2000
OWED = (CaseMaterial.State.OWED, CaseMaterial.State.BROUGHT)
_OWING = CaseMaterial.objects.filter(case=OuterRef("pk"), state__in=OWED)


def tally(since: date, until: date) -> dict[str, int]:
    """
    A scan: what was received, accepted and ended on these days, both included, counted over the cases, decisions and
    entries of the ledger themselves. What kept figures are compared with; three statements.
    """
    first, end = day_begins(since), day_begins(until + timedelta(days=1))
    came = Q(received_at__gte=first, received_at__lt=end) & ~Q(status=Case.Status.VOIDED)
    decided = Q(decided_on__gte=since, decided_on__lte=until) & ~Q(outcome="")
    online = Q(channel=Case.Channel.ONLINE)
    counted = Case.objects.aggregate(
        received=Count("pk", filter=came),
        online=Count("pk", filter=came & online),
        bundled=Count("pk", filter=came & Q(bundle_id__isnull=False)),
        accepted=Count("pk", filter=Q(accepted_on__gte=since, accepted_on__lte=until)),
        decided=Count("pk", filter=decided),
        granted=Count("pk", filter=decided & Q(outcome=Case.Outcome.GRANTED)),
        refused=Count("pk", filter=decided & Q(outcome=Case.Outcome.REFUSED)),
        same_day=Count("pk", filter=decided & Q(accepted_on=F("decided_on"))),
        zero_visit=Count("pk", filter=decided & Q(visits=0)),
        full_online=Count(
            "pk", filter=decided & online & Q(visits=0, delivery_way=Case.DeliveryWay.ELECTRONIC)
        ),
        visits=Coalesce(Sum("visits", filter=decided), 0),
        owed=Count("pk", filter=Q(accepted_on__gte=since, accepted_on__lte=until) & Exists(_OWING)),
    )
    ruled = Decision.objects.filter(at__gte=first, at__lt=end).aggregate(
        **{name: Count("pk", filter=Q(kind=kind)) for kind, name in ENDINGS.items()}
    )
    entries = AuditEntry.objects.filter(at__gte=first, at__lt=end).aggregate(
        corrections=Count("pk", filter=Q(action__in=ASKED)),
        withdrawn=Count("pk", filter=Q(action__in=WITHDRAWN)),
    )
    found = counted | ruled | entries
    found["ended"] = found["decided"] + found["withdrawn"] + sum(found[name] for name in ENDINGS.values())
    return found


def periods_ended(since: date, until: date) -> Iterator[tuple[date, Ends]]:
    """The day and the periods of each case decided on these days, both included."""
    decided = Case.objects.filter(decided_on__gte=since, decided_on__lte=until).exclude(outcome="")
    for one in _portions(dict(decided.values_list("pk", "decided_on"))):
        ends = clocks.ends_of(list(one))
        yield from ((day, ends.get(case_id, Ends())) for case_id, day in one.items())


def overdue_on(day: date) -> int:
    """
    Accepted cases whose last day was before `day` and which had not ended on it: those that still go on by the day on
    the case, those that ended since by what their clocks say.
    """
    open_now = Q(status=Case.Status.ACCEPTED)
    accepted = Case.objects.filter(accepted_on__lte=day)
    found = accepted.filter(open_now, due_on__lt=day).count()
    since = accepted.exclude(open_now).filter(Q(outcome="") | Q(decided_on__gt=day))
    for one in _portions(dict(since.values_list("pk", "accepted_on"))):
        for ends in clocks.ends_of(list(one)).values():
            period = ends.promised or ends.statutory
            due_on = period.due_on if period else None
            found += period is not None and due_on is not None and due_on < day < period.stopped_on
    return found


def running_days(*, after: UUID | None = None, limit: int = PORTION) -> list[tuple[UUID, date | None]]:
    """Accepted cases that go on, by id, with the last day as it stands now; None while it stands still."""
    found = Case.objects.filter(status=Case.Status.ACCEPTED).order_by("pk")
    if after is not None:
        found = found.filter(pk__gt=after)
    return list(found.values_list("pk", "due_on")[:limit])


def _portions(found: dict[UUID, date]) -> Iterator[dict[UUID, date]]:
    items = list(found.items())
    for start in range(0, len(items), PORTION):
        yield dict(items[start : start + PORTION])
