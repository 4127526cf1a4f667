"""Questions about results that lie at counters."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from mingqu.cases import selectors as cases
from mingqu.hall.errors import HallUnknown
from mingqu.hall.models import Consignment, Hall, Result
from mingqu.hall.models.consignments import OPEN
from mingqu.hall.selectors.consignments import under_way
from mingqu.hall.selectors.halls import setting
from mingqu.hall.types import ResultView, ToCollect
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.types import Actor

PAGE = 30
MOST_COUNTERS = 100
LYING = Result.State.LYING


def halls_for_results(actor: Actor) -> list[Hall]:
    """Halls at whose counters this post registers results: in its department, or else in its region."""
    rows = Hall.objects.filter(access.scope(actor, "result.arrive").q(item_type="code"))
    return list(rows.order_by("code"))


def hall_for_results(actor: Actor, hall_id: UUID) -> Hall:
    """Raises HallUnknown."""
    found = next((one for one in halls_for_results(actor) if one.pk == hall_id), None)
    if found is None:
        raise HallUnknown(field="hall")
    return found


def results_lying(
    actor: Actor,
    today: date,
    *,
    late: bool = False,
    counter: UUID | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int = PAGE,
) -> list[ResultView]:
    """
    Those somebody comes for, the longest lying first, keyset by (day, id); `late`: only those beyond the days of the
    setting; `counter`: only those of this post's. What is to be sent, or is on its way, is 寄递's.
    """
    rows = _to_collect(actor).select_related("hall")
    if late:
        rows = rows.filter(arrived_on__lt=_late_before(today))
    if counter:
        rows = rows.filter(post_id=counter)
    if after:
        rows = rows.filter(Q(arrived_on__gt=after[0]) | Q(arrived_on=after[0], pk__gt=after[1]))
    return _views(rows.order_by("arrived_on", "id")[:limit], today)


def result_counters(actor: Actor) -> list[tuple[UUID, str]]:
    """Posts at whose counters results lie that this one may hand out, its own first; two statements."""
    posts = (
        _to_collect(actor)
        .filter(post_id__isnull=False)
        .order_by()
        .values_list("post_id", flat=True)
        .distinct()
    )
    names = identity.post_names(posts[:MOST_COUNTERS])
    return sorted(names.items(), key=lambda one: (one[0] != actor.post_id, one[1]))


def results_of(case_ids: Iterable[UUID], today: date) -> dict[UUID, ResultView]:
    """Of these cases, those whose result lies at a counter; the caller has checked access."""
    rows = Result.objects.filter(pk__in=list(case_ids), state=LYING).select_related("hall")
    return {one.case_id: one for one in _views(rows, today)}


def to_collect(actor: Actor) -> list[ToCollect]:
    """What this person may come for now, the longest lying first; her own applications only, none that is sent."""
    rows = _comes(Result.objects.filter(applicant_id=actor.id, state=LYING)).select_related("hall")
    return [
        ToCollect(row.case_number, row.item_name, row.hall.name, row.hall.address, row.hall.hours)
        for row in rows.order_by("arrived_on", "id")[:PAGE]
    ]


def to_collect_of(case_id: UUID) -> ToCollect | None:
    """Where the result of a case lies; None: at no counter. The caller has checked whose it is."""
    row = Result.objects.filter(pk=case_id, state=LYING).select_related("hall").first()
    if row is None:
        return None
    sent = cases.sent_by_post().filter(pk=case_id).exists()
    return ToCollect(row.case_number, row.item_name, row.hall.name, row.hall.address, row.hall.hours, sent)


def not_here() -> Q:
    """A condition on cases: their result lies at no counter."""
    return ~Q(Exists(Result.objects.filter(pk=OuterRef("pk"), state=LYING)))


def late_results(actor: Actor, today: date, most: int) -> int:
    """How many lie longer than the days of the setting; counted up to `most`."""
    rows = _to_collect(actor)
    return len(rows.filter(arrived_on__lt=_late_before(today)).values_list("pk")[:most])


def results_to_remind(today: date, limit: int) -> QuerySet[Result, UUID]:
    """Whose applicants are told once more today."""
    rows = _comes(Result.objects.filter(state=LYING, remind_on__lte=today)).order_by("remind_on", "id")
    return rows.values_list("pk", flat=True)[:limit]


def _to_collect(actor: Actor) -> QuerySet[Result]:
    return _comes(Result.objects.filter(access.scope(actor, "case.deliver").q(), state=LYING))


def _comes(rows: QuerySet[Result]) -> QuerySet[Result]:
    """Of these, what somebody comes for: not to be sent, and not on its way by courier."""
    sent = cases.sent_by_post().filter(pk=OuterRef("pk"))
    return rows.filter(~Exists(sent), ~Exists(under_way()))


def sent_among(case_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Of these cases, the state of the parcel that is on its way, in words."""
    rows = Consignment.objects.filter(root_id__in=list(case_ids), state__in=OPEN).only("root_id", "state")
    return {row.root_id: str(row.get_state_display()) for row in rows}


def result(case_id: UUID) -> Result | None:
    return Result.objects.select_related("hall").filter(pk=case_id).first()


def _late_before(today: date) -> date:
    return today - timedelta(days=setting("uncollected_days"))


def _views(rows: Iterable[Result], today: date) -> list[ResultView]:
    found = list(rows)
    counters = identity.post_names(row.post_id for row in found if row.post_id) if found else {}
    return [
        ResultView(
            case_id=row.pk,
            case_number=row.case_number,
            hall_name=row.hall.name,
            place=row.place,
            arrived_on=row.arrived_on,
            days=(today - row.arrived_on).days,
            reminders=row.reminders,
            late=row.arrived_on < _late_before(today),
            counter=counters.get(row.post_id, "") if row.post_id else "",
        )
        for row in found
    ]
