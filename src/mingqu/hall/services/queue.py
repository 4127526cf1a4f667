"""The queue of a hall on a day: numbers are taken, called, skipped, passed on, finished. One lock: the queue's row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingqu.hall import rules, selectors
from mingqu.hall.errors import HallShut, LineUnknown, NobodyWaits, NumberMovedOn, NumberUnknown, WindowBusy
from mingqu.hall.events import (
    NumberCalled,
    NumberFinished,
    NumberIssued,
    NumberSkipped,
    NumberTransferred,
)
from mingqu.hall.models import Booking, DayQueue, Hall, QueueLine, QueueNumber, Window
from mingqu.hall.types import Called, Issued
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.types import Actor, Instant


def issue_number(*, line_id: UUID, by: Actor, at: Instant, key: UUID) -> Issued:
    """
    The next number of a line, for somebody who just came.

    Raises LineUnknown, HallShut or NotAuthorised.
    """
    line = selectors.line_row(line_id)
    day = legal_day(at)
    with command("hall.issue", selectors.queue_id(line.hall_id, day), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Issued)
        queue = _queue_for_update(line.hall, day)
        access.require(by, "hall.issue", queue)
        _check_open(line.hall_id, day)
        return _issued(cmd, queue, line, at, None)


def check_in(*, booking_id: UUID, by: Actor, at: Instant, key: UUID) -> Issued:
    """
    Who booked has come: a number that is called when the booked time has come, before who took one.

    Raises BookingUnknown, BookingSettled, TooEarly, TooLate or NotAuthorised.
    """
    hall_id = Booking.objects.filter(pk=booking_id).values_list("hall_id", flat=True).first()
    day = legal_day(at)
    root = selectors.queue_id(hall_id, day) if hall_id else booking_id
    with command("hall.check_in", root, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Issued)
        row = selectors.booking_for_update(booking_id)
        queue = _queue_for_update(selectors.line_row(row.line_id).hall, day)
        access.require(by, "hall.check_in", queue)
        state = rules.booking_after(row.state, "check_in")
        early = selectors.setting("early_minutes")
        rules.check_time_of_check_in(row.begins_at, row.ends_at, at, early)
        row.state = state
        row.save(update_fields=["state"])
        return _issued(cmd, queue, selectors.line_row(row.line_id), at, row)


def _issued(cmd: Command, queue: DayQueue, line: QueueLine, at: Instant, booking: Booking | None) -> Issued:
    period = f"{queue.day:%Y%m%d}"
    serial = next_number("hall_number", f"{queue.hall_id.hex[:24]}{line.letter}", period)
    row = QueueNumber(
        queue=queue,
        id=new_id(),
        line=line,
        label=f"{line.letter}{serial:03d}",
        issued_at=at,
        due_at=booking.begins_at if booking else at,
        first=booking is not None,
        booking_id=booking.pk if booking else None,
    )
    before = [one.id for one in selectors.waiting(queue.pk, [line.pk], at)]
    row.save(force_insert=True)
    order = [one.id for one in selectors.waiting(queue.pk, [line.pk], at)]
    ahead = order.index(row.id) if before else 0
    low, high = selectors.wait_of(queue.pk, line, ahead, at)
    cmd.note(label=row.label, booked=booking is not None)
    cmd.publish(NumberIssued(queue.pk, row.id, line.pk, row.label, booking is not None))
    return cmd.done(Issued(queue.pk, row.id, row.label, ahead, low, high))


def call_next(*, window_id: UUID, by: Actor, at: Instant, key: UUID) -> Called:
    """
    The next number of the lines this window serves.

    Raises NumberUnknown (no such window), WindowBusy, NobodyWaits or NotAuthorised.
    """
    with _at_window("hall.call", window_id, by, at, key) as deed:
        if deed.cmd.repeated:
            return deed.cmd.first_result(Called)
        _check_window_free(deed)
        row = selectors.waiting(deed.queue.pk, deed.window.line_ids, at).first()
        if row is None:
            raise NobodyWaits()
        return _call(deed, row, "call")


def call_again(*, window_id: UUID, number_id: UUID, by: Actor, at: Instant, key: UUID) -> Called:
    """Once more, who did not come yet. Raises NumberUnknown, NumberMovedOn or NotAuthorised."""
    with _at_window("hall.call", window_id, by, at, key) as deed:
        if deed.cmd.repeated:
            return deed.cmd.first_result(Called)
        return _call(deed, _own(deed, number_id), "call_again")


def recall(*, window_id: UUID, number_id: UUID, by: Actor, at: Instant, key: UUID) -> Called:
    """
    Who was skipped is here after all. Raises NumberUnknown, NumberMovedOn, WindowBusy or NotAuthorised.
    """
    with _at_window("hall.recall", window_id, by, at, key) as deed:
        if deed.cmd.repeated:
            return deed.cmd.first_result(Called)
        _check_window_free(deed)
        row = selectors.number_in(deed.queue.pk, number_id)
        if row.line_id not in deed.window.line_ids:
            raise NumberUnknown()
        return _call(deed, row, "recall")


def skip(*, window_id: UUID, number_id: UUID, by: Actor, at: Instant, key: UUID) -> Called:
    """Called, and nobody came. Raises NumberUnknown, NumberMovedOn or NotAuthorised."""
    with _at_window("hall.skip", window_id, by, at, key) as deed:
        if deed.cmd.repeated:
            return deed.cmd.first_result(Called)
        row = _own(deed, number_id)
        row.state = rules.number_after(row.state, "skip")
        row.save(update_fields=["state"])
        deed.cmd.publish(NumberSkipped(deed.queue.pk, row.id, row.label))
        return deed.done(row)


def transfer(*, window_id: UUID, number_id: UUID, line_id: UUID, by: Actor, at: Instant, key: UUID) -> Called:
    """
    To another line of the hall, at its head: nobody waits twice for one thing.

    Raises NumberUnknown, LineUnknown, NumberMovedOn or NotAuthorised.
    """
    line = selectors.line_row(line_id)
    with _at_window("hall.transfer", window_id, by, at, key) as deed:
        if deed.cmd.repeated:
            return deed.cmd.first_result(Called)
        if line.hall_id != deed.window.hall_id:
            raise LineUnknown()
        row = _own(deed, number_id)
        row.state = rules.number_after(row.state, "transfer")
        row.line, row.window, row.first, row.due_at = line, None, True, row.issued_at
        row.save(update_fields=["state", "line", "window", "first", "due_at"])
        deed.cmd.publish(NumberTransferred(deed.queue.pk, row.id, row.label, line.pk))
        return deed.done(row)


def finish(*, window_id: UUID, number_id: UUID, by: Actor, at: Instant, key: UUID) -> Called:
    """Done at this window; how long it took is measured. Raises NumberUnknown, NumberMovedOn or NotAuthorised."""
    with _at_window("hall.finish", window_id, by, at, key) as deed:
        if deed.cmd.repeated:
            return deed.cmd.first_result(Called)
        row = _own(deed, number_id)
        row.state = rules.number_after(row.state, "finish")
        since = row.called_at or at
        row.finished_at, row.seconds = at, max(0, int((at - since).total_seconds()))
        row.save(update_fields=["state", "finished_at", "seconds"])
        deed.cmd.publish(NumberFinished(deed.queue.pk, row.id, row.line_id, row.label, row.seconds))
        return deed.done(row)


def end_day(*, queue_id: UUID, by: Actor, at: Instant, key: UUID) -> int:
    """The day is over: who still waited is gone; how many. Raises NumberUnknown or NotAuthorised."""
    with command("hall.end_day", queue_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(int)
        queue = DayQueue.objects.select_for_update().filter(pk=queue_id).first()
        if queue is None:
            raise NumberUnknown()
        access.require(by, "hall.end_day", queue)
        left = [state for state, acts in rules.NUMBER.items() if "end_day" in acts]
        gone = QueueNumber.objects.filter(queue=queue, state__in=left).update(state=QueueNumber.State.GONE)
        queue.ended = True
        queue.save(update_fields=["ended"])
        cmd.note(gone=gone)
        return cmd.done(gone)


# Parts -------------------------------------------------------------------------------------------------------------


@dataclass
class Deed:
    """An act at a window, inside its command."""

    cmd: Command
    queue: DayQueue
    window: Window

    def done(self, row: QueueNumber) -> Called:
        self.cmd.note(label=row.label, window=self.window.number)
        return self.cmd.done(Called(row.id, row.label, row.state))


@contextmanager
def _at_window(name: str, window_id: UUID, by: Actor, at: Instant, key: UUID) -> Iterator[Deed]:
    """The command on today's queue of the window's hall, its row locked. Raises NumberUnknown, NotAuthorised."""
    window = Window.objects.select_related("hall").filter(pk=window_id, in_use=True).first()
    if window is None:
        raise NumberUnknown()
    day = legal_day(at)
    with command(name, selectors.queue_id(window.hall_id, day), by=by, at=at, key=key) as cmd:
        queue = _queue_for_update(window.hall, day)
        access.require(by, name, queue)
        yield Deed(cmd, queue, window)


def _queue_for_update(hall: Hall, day: date) -> DayQueue:
    """Locked by its shard key; made by the first who needs it."""
    queue_id = selectors.queue_id(hall.pk, day)
    new = DayQueue(
        id=queue_id,
        hall=hall,
        department_id=hall.department_id,
        region_code=hall.region_code,
        day=day,
    )
    DayQueue.objects.bulk_create([new], ignore_conflicts=True)
    return DayQueue.objects.select_for_update().get(pk=queue_id)


def _check_open(hall_id: UUID, day: date) -> None:
    """Raises HallShut."""
    if not selectors.is_open(hall_id, day):
        raise HallShut()


def _check_window_free(deed: Deed) -> None:
    """Raises WindowBusy."""
    if QueueNumber.objects.filter(queue=deed.queue, window=deed.window, state="called").exists():
        raise WindowBusy()


def _own(deed: Deed, number_id: UUID) -> QueueNumber:
    """A number that this window called. Raises NumberUnknown or NumberMovedOn."""
    row = selectors.number_in(deed.queue.pk, number_id)
    if row.window_id != deed.window.pk:
        raise NumberMovedOn()
    return row


def _call(deed: Deed, row: QueueNumber, act: str) -> Called:
    row.state = rules.number_after(row.state, act)
    row.window, row.called_at, row.times_called = deed.window, deed.cmd.at, row.times_called + 1
    row.save(update_fields=["state", "window", "called_at", "times_called"])
    deed.cmd.publish(NumberCalled(deed.queue.pk, row.id, row.label, deed.window.number, row.times_called))
    return deed.done(row)
