"""Numbers are taken and called in a fair order, one at a window, and each ends once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingqu.hall import rules, selectors, services, tasks
from mingqu.hall.errors import (
    BookingSettled,
    HallShut,
    NobodyWaits,
    NumberMovedOn,
    NumberUnknown,
    TooEarly,
    TooLate,
    WindowBusy,
)
from mingqu.hall.models import QueueNumber
from mingqu.hall.tests import factories as f
from mingqu.hall.tests.factories import MINUTE, NINE, at_window
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.errors import DomainError
from mingqu.kernel.relay import round_once
from mingqu.notifications.models import InboxMessage


@pytest.fixture
def made(db):
    return f.hall()


def call(made, at=NINE, **more):
    return at_window(services.call_next, made, at=at, **more)


def checked_in(row, at):
    done = services.check_in(booking_id=row.pk, by=f.SYSTEM, at=at, key=uuid4())
    return selectors.number_in(done.queue_id, done.number_id)


def test_numbers_are_given_per_line_and_say_how_long_it_takes(made):
    first = services.issue_number(line_id=made.a, by=f.SYSTEM, at=NINE, key=uuid4())
    second = services.issue_number(line_id=made.a, by=f.SYSTEM, at=NINE, key=uuid4())

    assert (first.label, first.ahead, second.label, second.ahead) == ("A001", 0, "A002", 1)
    assert (second.wait_from, second.wait_to) == (7, 15)  # ten planned minutes, one window
    assert f.taken(made.b).label == "B001"


def test_a_window_calls_in_order_and_has_one_at_a_time(made):
    first, second = f.taken(made.a), f.taken(made.a, at=NINE + MINUTE)

    assert call(made).label == first.label
    with pytest.raises(WindowBusy):
        call(made)
    assert call(made, window=made.two).label == second.label
    with pytest.raises(NobodyWaits):
        at_window(services.finish, made, first, at=NINE + 5 * MINUTE)
        call(made)


def test_a_window_calls_only_lines_it_serves(made):
    f.taken(made.b)
    with pytest.raises(NobodyWaits):
        call(made, window=made.two)

    assert call(made).label == "B001"


def test_who_booked_is_called_from_the_booked_time_on_and_not_before(made):
    me = people.citizen()[1]
    slot = f.slots(made)[1]  # half past nine
    row = f.booked(slot, me)
    walk_in, early = f.taken(made.a, at=NINE + MINUTE), NINE + 5 * MINUTE
    number = checked_in(row, early)
    others = f.taken(made.a, at=NINE + 10 * MINUTE)

    order = [one.label for one in selectors.waiting(number.queue_id, [made.a], early)]
    assert order == [walk_in.label, others.label, number.label]
    order = [one.label for one in selectors.waiting(number.queue_id, [made.a], slot.begins_at)]
    assert order == [number.label, walk_in.label, others.label]
    assert f.again(row).state == "checked_in"


def test_checking_in_has_its_time_and_happens_once(made):
    row = f.booked(f.slots(made, days=0)[2], people.citizen()[1])  # ten o'clock
    for at, refusal in ((row.begins_at - 31 * MINUTE, TooEarly), (row.ends_at, TooLate)):
        with pytest.raises(refusal):
            checked_in(row, at)
    assert f.again(row).state == "booked"
    checked_in(row, row.begins_at - 30 * MINUTE)
    with pytest.raises(BookingSettled):
        checked_in(row, row.begins_at)

    assert QueueNumber.objects.count() == 1


def test_who_booked_is_told_that_it_is_their_turn_once(made):
    me = people.citizen()[1]
    row = f.booked(f.slots(made)[1], me)
    number = checked_in(row, row.begins_at)
    call(made, at=row.begins_at)
    at_window(services.call_again, made, number, at=row.begins_at + MINUTE)
    while round_once(row.ends_at):
        pass

    (message,) = InboxMessage.objects.filter(person_id=me.id, kind="hall_called")
    assert "A001" in message.title and "1号窗口" in message.title
    assert selectors.called_now(selectors.hall("H1"), row.begins_at)[0].again


def test_who_was_skipped_is_recalled_where_the_window_is_free(made):
    number = f.taken(made.a)
    call(made)
    at_window(services.skip, made, number)
    assert f.again(number).state == "skipped"
    at_window(services.recall, made, number, window=made.two)

    number = f.again(number)
    assert (number.state, number.window_id, number.times_called) == ("called", made.two, 2)
    with pytest.raises(NumberMovedOn):
        at_window(services.finish, made, number)  # window 1 has it no more


def test_who_is_transferred_stands_at_the_head_of_the_other_line(made):
    first = f.taken(made.a)
    f.taken(made.b, at=NINE - MINUTE)
    call(made, at=NINE)  # B001 waited longer
    at_window(services.finish, made, QueueNumber.objects.get(label="B001"), at=NINE + MINUTE)
    call(made, at=NINE + MINUTE)
    f.taken(made.b, at=NINE - 5 * MINUTE)
    at_window(services.transfer, made, first, line_id=made.b)

    order = [one.label for one in selectors.waiting(first.queue_id, [made.b], NINE + MINUTE)]
    assert order == ["A001", "B002"]


def test_handling_times_are_measured_from_call_to_end(made):
    for n in range(4):
        number = f.taken(made.a, at=NINE + n * 10 * MINUTE)
        call(made, at=NINE + n * 10 * MINUTE)
        at_window(services.finish, made, number, at=NINE + n * 10 * MINUTE + 6 * MINUTE)

    assert selectors.measured(made.a) == [360] * 4
    f.taken(made.a, at=NINE + 40 * MINUTE)
    issued = services.issue_number(line_id=made.a, by=f.SYSTEM, at=NINE + 40 * MINUTE, key=uuid4())
    assert (issued.ahead, issued.wait_from, issued.wait_to) == (1, 6, 7)


def test_what_is_not_a_step_of_the_number_changes_nothing(made):
    number = f.taken(made.a)
    for deed in (services.call_again, services.skip, services.finish):
        with pytest.raises(NumberMovedOn):
            at_window(deed, made, number)
    with pytest.raises(NumberUnknown):
        at_window(services.recall, made, f.taken(made.b), window=made.two)  # a line it does not serve

    assert f.again(number).state == "waiting"


def test_on_a_day_without_work_no_numbers_are_given(made):
    with pytest.raises(HallShut):
        f.taken(made.a, at=NINE + timedelta(days=1))  # a Saturday


def test_at_the_end_of_the_day_nobody_is_left_waiting(made):
    numbers = [f.taken(made.a) for _ in range(3)]
    call(made)
    tasks.end_days(NINE + timedelta(days=1))

    assert {f.again(number).state for number in numbers} == {"gone"}


def test_only_who_works_in_this_hall_calls_its_numbers(made):
    number = f.taken(made.a)
    for by in (people.citizen()[1], people.staff_actor("window_clerk"), made.manager):
        with pytest.raises(NotAuthorised):
            services.call_next(window_id=made.one, by=by, at=NINE, key=uuid4())

    assert f.again(number).state == "waiting"


DEEDS = [
    services.call_next,
    services.call_again,
    services.skip,
    services.recall,
    services.finish,
    services.transfer,
]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 2), st.booleans()), min_size=4, max_size=10))
def test_whatever_is_pressed_a_window_has_one_number_and_each_is_in_one_state(made, presses):
    queue = selectors.queue_id(made.hall_id, NINE.date())
    QueueNumber.objects.filter(queue_id=queue).delete()
    numbers = [f.taken(made.a) for _ in range(3)]
    for deed, which, second in presses:
        window = made.two if second else made.one
        number = None if deed is services.call_next else numbers[which]
        more = {"line_id": made.a} if deed is services.transfer else {}
        before = {row.id: row.state for row in map(f.again, numbers)}
        try:
            at_window(deed, made, number, window=window, **more)
        except DomainError:
            assert {row.id: row.state for row in map(f.again, numbers)} == before
        for row in map(f.again, numbers):
            allowed = {before[row.id], *rules.NUMBER[before[row.id]].values()}
            assert row.state in allowed
    called = [row.window_id for row in map(f.again, numbers) if row.state == "called"]
    assert len(called) == len(set(called))
