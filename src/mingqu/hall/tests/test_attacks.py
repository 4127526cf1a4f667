"""What somebody tries who wants more than a place: at the terminal, with a phone, with a page of the hall."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.hall import selectors, services, tasks
from mingqu.hall.errors import BookedAlready
from mingqu.hall.models import DayQueue, SlotPlace
from mingqu.hall.tests import factories as f
from mingqu.hall.views import own, terminal
from mingqu.identity.errors import TooManyAttempts
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day

WORKING = f.NINE + timedelta(hours=1)
TOMORROW = WORKING + timedelta(days=1)


@pytest.fixture
def made(db, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: WORKING)
    return f.hall()


@pytest.fixture
def manager(made):
    return people.signed_in(Client(), User.objects.get(pk=made.manager.user_id))


def test_no_key_of_a_terminal_uses_up_the_key_with_which_the_system_ends_the_day(made, manager):
    """The address of a number has the id of the queue, and from it follows the key of the evening."""
    slot = next(one for one in f.slots(made) if one.begins_at > WORKING)
    row = f.booked(slot, people.citizen()[1], at=f.NINE)
    queue = selectors.queue_id(made.hall_id, legal_day(WORKING))
    answer = manager.post(reverse("hall:register_terminal", args=["H1"]), {"key": str(uuid4())})
    browser = Client()
    browser.cookies[terminal.COOKIE] = answer.cookies[terminal.COOKIE].value
    foreseen = uuid5(NAMESPACE_URL, f"mingqu:hall:ended:{queue}")

    given = {"key": str(foreseen), "tail": row.number[-6:], "phone_tail": f.PHONE[-4:]}
    assert browser.post(reverse("hall:check_in"), given).status_code == 302
    tasks.end_days(TOMORROW)

    assert DayQueue.objects.get(pk=queue).ended


def test_a_day_that_can_not_be_ended_keeps_no_other_hall_open(made, monkeypatch):
    other = f.hall(code="H2", department=people.department("澜州市政务服务中心"))
    for line in (made.a, other.a):
        f.taken(line, at=WORKING)
    first, second = DayQueue.objects.order_by("day", "id").values_list("id", flat=True)
    end_day = services.end_day

    def broken(*, queue_id, **more):
        if queue_id == first:
            raise RuntimeError("broken")
        return end_day(queue_id=queue_id, **more)

    monkeypatch.setattr(services, "end_day", broken)
    told = tasks.end_days(TOMORROW)

    assert told == "1 × RuntimeError"
    assert DayQueue.objects.get(pk=second).ended and not DayQueue.objects.get(pk=first).ended


def test_nobody_moves_two_appointments_into_one_time(made):
    me = people.citizen()[1]
    early, late = f.slots(made, days=1)[:2]
    f.booked(early, me)
    row = f.booked(late, me)

    with pytest.raises(BookedAlready):
        services.move(booking_id=row.pk, slot_id=early.pk, by=me, at=f.NINE, key=uuid4())
    assert SlotPlace.objects.filter(slot=early, party_id=me.id).count() == 1
    assert f.again(row).slot_id == late.pk


def test_a_day_that_is_none_shows_today(manager):
    for day in ("2026-02-31", "2026-13-01", "x" * 50):
        assert manager.get(reverse("hall:manage", args=["H1"]), {"day": day}).status_code == 200


def test_no_sign_of_a_name_begins_a_line_of_its_own_in_a_calendar():
    for end in ("\r", "\n", "\r\n", "\u2028", "\x85"):
        assert own._escaped(f"办理{end}ATTENDEE:x") == "办理\\nATTENDEE:x"


def test_a_person_holds_and_moves_only_so_often_a_day(made, settings):
    """Each leaves entries in the ledger and tells: a program could write them without end."""
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"hall_person_day": (3, 86400)}
    me, other = people.citizen()[1], people.citizen("张三")[1]
    first, second = f.slots(made, days=1)[:2]
    row = f.booked(first, me)
    for slot in (second, first):
        services.move(booking_id=row.pk, slot_id=slot.pk, by=me, at=f.NINE, key=uuid4())

    with pytest.raises(TooManyAttempts):
        services.move(booking_id=row.pk, slot_id=second.pk, by=me, at=f.NINE, key=uuid4())
    with pytest.raises(TooManyAttempts):
        f.hold(second, me)
    f.hold(second, other)
    f.hold(second, me, at=f.NINE + timedelta(days=1))
    assert f.again(row).slot_id == first.pk
