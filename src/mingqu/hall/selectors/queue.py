"""Questions about the numbers of a day: who waits, how long, what a window works with."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from mingqu.hall import rules
from mingqu.hall.errors import (
    NumberUnknown,
)
from mingqu.hall.models import (
    Booking,
    DayQueue,
    Hall,
    QueueLine,
    QueueNumber,
    Window,
)
from mingqu.hall.selectors.halls import PAGE, line_view, lines_of, setting
from mingqu.hall.types import (
    CalledLine,
    LineState,
    NumberLine,
    Standing,
)
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name
from mingqu.kernel.types import Instant

SHOWN_CALLED = 6


def queue_id(hall_id: UUID, day: date) -> UUID:
    return uuid5(NAMESPACE_URL, f"mingqu:hall:{hall_id}:{day.isoformat()}")


def number_in(queue: UUID, number_id: UUID) -> QueueNumber:
    """Raises NumberUnknown."""
    found = QueueNumber.objects.filter(queue_id=queue, id=number_id).select_related("line", "window").first()
    if found is None:
        raise NumberUnknown()
    return found


def waiting(queue: UUID, line_ids: Iterable[UUID], at: Instant) -> QuerySet[QueueNumber]:
    """In the order of calling: whose booked time has come, then by when the number was taken, then who came early."""
    rank = Case(
        When(first=True, due_at__lte=at, then=Value(0)),
        When(first=False, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = QueueNumber.objects.filter(queue_id=queue, state="waiting", line_id__in=list(line_ids))
    return rows.order_by(rank, "due_at", "issued_at", "id")


def measured(line_id: UUID) -> list[int]:
    """Seconds of the last finished numbers of a line."""
    rows = QueueNumber.objects.filter(line_id=line_id, state="done").order_by("-finished_at")
    taken = rows.values_list("seconds", flat=True)[: setting("median_of")]
    return [seconds for seconds in taken if seconds is not None]


def windows_at_work(queue: UUID, line_id: UUID, at: Instant) -> int:
    """Windows that serve the line and called somebody in the last half hour."""
    since = at - timedelta(minutes=30)
    rows = QueueNumber.objects.filter(
        queue_id=queue, called_at__gt=since, window__line_ids__contains=[line_id]
    )
    return rows.values("window_id").distinct().count()


def wait_of(queue: UUID, row: QueueLine, ahead: int, at: Instant) -> tuple[int, int]:
    """Minutes, from and to."""
    return rules.wait(measured(row.pk), ahead, windows_at_work(queue, row.pk, at), row.minutes)


def lines_now(found: Hall, at: Instant) -> list[LineState]:
    """Each line as it stands: for terminal, screen and the page of the hall."""
    queue = queue_id(found.pk, legal_day(at))
    rows = QueueNumber.objects.filter(queue_id=queue, state="waiting").values("line_id")
    counts = {row["line_id"]: row["n"] for row in rows.annotate(n=Count("id")).order_by()}
    found_lines = []
    for row in lines_of(found.pk):
        ahead = counts.get(row.pk, 0)
        found_lines.append(LineState(line_view(row), ahead, *wait_of(queue, row, ahead, at)))
    return found_lines


def standing_of(found: Hall, queue: UUID, number_id: UUID, at: Instant) -> Standing:
    """A number of this hall: how many are ahead, and the wait. Raises NumberUnknown."""
    if queue != queue_id(found.pk, legal_day(at)):
        raise NumberUnknown()
    row = number_in(queue, number_id)
    order = [one.id for one in waiting(queue, [row.line_id], at)]
    ahead = order.index(row.id) if row.id in order else 0
    return Standing(row.label, row.line.name, ahead, *wait_of(queue, row.line, ahead, at))


def called_now(found: Hall, at: Instant) -> list[CalledLine]:
    """What the screen shows: the latest called first."""
    rows = QueueNumber.objects.filter(queue_id=queue_id(found.pk, legal_day(at)), state="called")
    rows = rows.select_related("window").order_by("-called_at")[:SHOWN_CALLED]
    return [CalledLine(row.label, row.window.number, row.times_called > 1) for row in rows if row.window]


def numbers_of_window(window_id: UUID, at: Instant) -> dict[str, list[NumberLine]]:
    """
    What a window works with: the number it called (`called`), those `skipped` of its lines, the first who wait
    (`waiting`).
    """
    window = Window.objects.get(pk=window_id)
    queue = queue_id(window.hall_id, legal_day(at))
    rows = QueueNumber.objects.filter(queue_id=queue).select_related("line", "window")
    called = list(rows.filter(state="called", window=window))
    skipped = list(rows.filter(state="skipped", line_id__in=window.line_ids).order_by("-called_at")[:PAGE])
    first = list(waiting(queue, window.line_ids, at).select_related("line", "window")[:PAGE])
    booked = _bookings_by_id(row.booking_id for row in (*called, *skipped, *first))
    return {
        name: [number_line(row, booked) for row in found]
        for name, found in (("called", called), ("skipped", skipped), ("waiting", first))
    }


def _bookings_by_id(ids: Iterable[UUID | None]) -> dict[UUID, Booking]:
    wanted = [one for one in ids if one]
    return Booking.objects.in_bulk(wanted) if wanted else {}


def number_line(row: QueueNumber, booked: dict[UUID, Booking]) -> NumberLine:
    booking = booked.get(row.booking_id) if row.booking_id else None
    return NumberLine(
        id=row.id,
        label=row.label,
        state=row.state,
        state_words=str(QueueNumber.State(row.state).label),
        line_name=row.line.name,
        issued_at=row.issued_at,
        booked_for=booking.begins_at if booking else None,
        who=mask_name(booking.name) if booking else "",
        item_code=booking.item_code if booking else "",
        item_name=booking.item_name if booking else "",
        window=row.window.number if row.window else None,
        called_at=row.called_at,
        times_called=row.times_called,
    )


def queue_row(queue: UUID) -> DayQueue | None:
    return DayQueue.objects.filter(pk=queue).first()
