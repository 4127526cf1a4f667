"""A command happens once and as a whole, and leaves an audit entry."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from mingqu.kernel.commands import command, require_command
from mingqu.kernel.errors import DomainError, KeyReused, NoCommand
from mingqu.kernel.events import Event
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry, AuditHead, CommandRecord, NumberSeries, OutboxEvent
from mingqu.kernel.numbers import Series, draw_ahead, next_number
from mingqu.kernel.recording import NO_HEAD
from mingqu.kernel.types import Actor

NOON = datetime(2026, 9, 18, 4, 0, tzinfo=UTC)
CLERK = Actor("staff", new_id(), post_id=new_id())
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Opened(Event):
    name = "test.opened"
    on: date


@dataclass(frozen=True)
class Result:
    root_id: UUID
    on: date
    number: int


def open_thing(root_id, key, by=CLERK, fail=False):
    with command("thing.open", root_id, by=by, at=NOON, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Result)
        number = next_number("thing", "QH", "2026")
        cmd.note(number=number)
        cmd.publish(Opened(root_id, date(2026, 9, 18)))
        if fail:
            raise DomainError()
        return cmd.done(Result(root_id, date(2026, 9, 18), number))


def test_the_same_key_returns_the_first_result_and_does_nothing_twice():
    root, key = new_id(), uuid4()

    first, second = open_thing(root, key), open_thing(root, key)

    assert first == second
    assert AuditEntry.objects.filter(root_id=root).count() == 1
    assert OutboxEvent.objects.filter(root_id=root).count() == 1
    assert NumberSeries.objects.get().last == 1


def test_a_key_that_names_what_is_made_names_nothing_that_is_there():
    """Whoever chose it as the number of a form would write into the ledger of somebody else's case."""
    root = open_thing(new_id(), uuid4()).root_id
    for by in (CLERK, Actor.system("maker")):
        with pytest.raises(KeyReused):
            open_thing(root, root, by=by)

    assert AuditEntry.objects.filter(root_id=root).count() == 1
    made = new_id()
    assert open_thing(made, made) == open_thing(made, made), "what it made, the second time"


def test_another_key_is_another_deed():
    root = new_id()

    assert open_thing(root, uuid4()).number == 1
    assert open_thing(root, uuid4()).number == 2


def test_a_refused_command_leaves_nothing_and_its_key_may_be_used_again():
    root, key = new_id(), uuid4()

    with pytest.raises(DomainError):
        open_thing(root, key, fail=True)

    assert not AuditEntry.objects.filter(root_id=root).exists()
    assert not OutboxEvent.objects.filter(root_id=root).exists()
    assert not CommandRecord.objects.filter(root_id=root).exists()
    assert open_thing(root, key).number == 1


def open_two(root_id, fail=False):
    """Two series at once, as a filing has them; a third is drawn when it is asked for."""
    two = Series("thing", "QH", "2026"), Series("paper", "QH", "2026")
    with command("thing.open", root_id, by=CLERK, at=NOON, key=uuid4()):
        draw_ahead(*two)
        if fail:
            raise DomainError()
        return [next_number(*one) for one in (two[1], two[0], two[0], Series("third", "QH", "2026"))]


def test_numbers_drawn_at_once_are_given_out_once_and_a_refused_command_leaves_no_gap():
    open_thing(new_id(), uuid4())
    with pytest.raises(DomainError):
        open_two(new_id(), fail=True)

    assert open_two(new_id()) == [1, 2, 3, 1], "of the paper, of the thing, and what was not drawn ahead"
    assert open_thing(new_id(), uuid4()).number == 4, "nothing is left over for the next command"


def test_a_key_of_another_person_is_refused():
    root, key = new_id(), uuid4()
    open_thing(root, key)

    with pytest.raises(KeyReused):
        open_thing(root, key, by=Actor("citizen", new_id()))


def test_an_instant_without_offset_is_refused():
    with (
        pytest.raises(ValueError, match="offset"),
        command("thing.open", new_id(), by=CLERK, at=datetime(2026, 1, 1), key=uuid4()),  # noqa: DTZ001
    ):
        pass


def test_a_command_inside_a_command_is_a_programming_error():
    with (
        pytest.raises(RuntimeError, match="inside another"),
        command("thing.open", new_id(), by=CLERK, at=NOON, key=uuid4()),
    ):
        open_thing(new_id(), uuid4())


def test_a_service_that_serves_an_aggregate_needs_its_owners_command():
    with pytest.raises(NoCommand):
        require_command()


def test_the_audit_entry_says_who_what_and_when_and_links_to_the_one_before():
    root = new_id()
    open_thing(root, uuid4())
    open_thing(root, uuid4())

    first, second = AuditEntry.objects.filter(root_id=root).order_by("seq")

    assert (first.action, first.actor_id, first.post_id, first.at) == (
        "thing.open",
        CLERK.id,
        CLERK.post_id,
        NOON,
    )
    assert bytes(second.previous) == bytes(first.link)
    assert second.notes == {"number": 2}


def add_row(root, *, stale=False, fail=False, at=NOON):
    """A command that adds a row, tells an event, asks for a job; `stale`: its audit head was read before others'."""
    with command("thing.add", root, by=CLERK, at=at, key=uuid4()) as cmd:
        cmd.insert(NumberSeries(kind="row", organ=str(uuid4())[:8], period="2026", last=1))
        cmd.publish(Opened(root, date(2026, 9, 18)))
        cmd.defer("test.work", queue="test", root_id=root)
        if stale:
            cmd.entry.head = NO_HEAD
        if fail:
            raise DomainError()
        cmd.done(None)


def of_the_command(root):
    events = OutboxEvent.objects.filter(root_id=root).count()
    return NumberSeries.objects.filter(kind="row").count(), events, ProcrastinateJob.objects.count()


def test_rows_and_jobs_come_with_the_entry_or_not_at_all():
    root = new_id()

    with pytest.raises(DomainError):
        add_row(root, fail=True)
    assert of_the_command(root) == (0, 0, 0)

    add_row(root)
    assert of_the_command(root) == (1, 1, 1)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.queue_name, job.args) == ("test.work", "test", {"root_id": str(root)})


def test_a_job_of_what_is_told_afterwards_makes_way_for_those_of_now():
    now = timezone.now()
    add_row(new_id(), at=now - timedelta(days=2))
    add_row(new_id(), at=now)

    told_afterwards, of_now = ProcrastinateJob.objects.order_by("id")

    assert (told_afterwards.priority, of_now.priority) == (-1, 0)


def test_an_entry_follows_the_one_written_since_its_command_began():
    root = new_id()
    open_thing(root, uuid4())

    add_row(root, stale=True)

    first, second = AuditEntry.objects.filter(root_id=root).order_by("seq")
    assert bytes(second.previous) == bytes(first.link)
    assert AuditHead.objects.get(root_id=root).seq == 2
    assert of_the_command(root) == (1, 2, 1), "once, though it was said twice"


@pytest.mark.parametrize("deed", ["UPDATE kernel_auditentry SET action = 'x'", "DELETE FROM kernel_auditentry",
                                  "TRUNCATE kernel_auditentry", "DELETE FROM kernel_checkpoint",
                                  "UPDATE kernel_auditentry_default SET action = 'x'"])  # fmt: skip
def test_the_app_role_can_not_change_the_ledger(deed):
    open_thing(new_id(), uuid4())

    with pytest.raises((ProgrammingError, InternalError), match="permission denied"), transaction.atomic():
        connection.cursor().execute(deed)


def test_the_app_role_can_not_make_tables():
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("CREATE TABLE x (y int)")


def change_row(root, row, *, stale=False, fail=False, **values):
    with command("thing.change", root, by=CLERK, at=NOON, key=uuid4()) as cmd:
        for one in [row, *values.pop("others", ())]:
            cmd.change(one, **values)
        if stale:
            cmd.entry.head = NO_HEAD
        if fail:
            raise DomainError()
        cmd.done(None)


def series(**given):
    return NumberSeries.objects.create(kind="row", organ=str(uuid4())[:8], period="2026", last=1, **given)


def test_changed_rows_are_written_with_the_entry_or_not_at_all():
    root, one, other = new_id(), series(), series()

    with pytest.raises(DomainError):
        change_row(root, series(), fail=True, last=7)
    assert set(NumberSeries.objects.values_list("last", flat=True)) == {1}

    with CaptureQueriesContext(connection) as seen:
        change_row(root, one, others=[other], last=7)
    assert one.last == 7
    assert NumberSeries.objects.filter(last=7).count() == 2, "and nothing else is touched"
    assert len([q for q in seen if "SAVEPOINT" not in q["sql"]]) == 2, "the key, and the entry with both rows"
    change_row(root, one, stale=True, last=8)
    one.refresh_from_db()
    assert one.last == 8, "also where another entry came first"


def test_a_new_row_is_changed_before_it_is_inserted_and_never_lost():
    row = NumberSeries(kind="row", organ="QH", period="2026", last=1)
    with command("thing.add", new_id(), by=CLERK, at=NOON, key=uuid4()) as cmd:
        with pytest.raises(ValueError, match="nobody inserts"):
            cmd.change(row, last=5)
        cmd.insert(row)
        cmd.change(row, last=9)
        cmd.done(None)

    assert NumberSeries.objects.get(organ="QH").last == 9
