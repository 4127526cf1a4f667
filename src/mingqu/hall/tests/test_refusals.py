"""What a hall refuses because it is not there, or because the line does not do it."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.hall import errors, selectors, services
from mingqu.hall.models import Hall, OpeningRule, Slot
from mingqu.hall.tests import factories as f
from mingqu.identity.tests import factories as people
from mingqu.kernel.types import Actor


@pytest.fixture
def made(db):
    return f.hall()


def test_what_is_not_there_is_not_found(made):
    by = {"by": f.SYSTEM, "at": f.NINE, "key": uuid4()}
    rules = OpeningRule.objects.count()

    with pytest.raises(errors.HallUnknown):
        services.open_slots(hall_id=uuid4(), **by)
    with pytest.raises(errors.LineUnknown):
        services.set_opening(line_id=uuid4(), openings=(f.MORNING,), **by)
    with pytest.raises(errors.SlotUnknown):
        services.hold_slot(slot_id=uuid4(), by=people.citizen()[1], at=f.NINE, key=uuid4())
    assert OpeningRule.objects.count() == rules


def test_a_number_does_not_go_to_a_line_of_another_hall(made):
    other = f.hall(code="H2")
    number = f.taken(made.a)
    f.at_window(services.call_next, made)

    with pytest.raises(errors.LineUnknown):
        f.at_window(services.transfer, made, number, line_id=other.a)
    assert f.again(number).line_id == made.a


def test_a_line_is_not_booked_for_what_it_does_not_do(made):
    me = people.citizen()[1]
    services.set_opening(line_id=made.b, openings=(f.MORNING,), by=f.SYSTEM, at=f.NINE, key=uuid4())
    services.open_slots(hall_id=made.hall_id, by=f.SYSTEM, at=f.NINE, key=uuid4())
    of_b = Slot.objects.filter(line_id=made.b).order_by("begins_at").last()

    with pytest.raises(errors.NotServed):
        f.booked(of_b, me, item="QH-ANOTHER")
    row = f.booked(f.slots(made, days=1)[0], me)
    with pytest.raises(errors.NotServed):  # an appointment moves within its line
        services.move(booking_id=row.pk, slot_id=of_b.pk, by=me, at=f.NINE, key=uuid4())
    assert f.again(row).begins_at == row.begins_at


def test_a_browser_that_nobody_registered_is_no_terminal(made):
    answer = Client().get(reverse("hall:terminal"))

    assert answer.status_code == errors.NotATerminal.status
    assert errors.NotATerminal().message in answer.content.decode()


def test_a_post_of_some_types_of_items_alone_manages_no_hall(made):
    """A hall is of no type: neither listed for it nor its to change."""
    post = people.post(Hall.objects.get(pk=made.hall_id).department_id, "hall_manager", item_types=("01",))
    user = people.staff_user("孙限", post)
    limited = Actor("staff", user.person_id, post_id=post, user_id=user.pk)

    assert list(selectors.halls_managed(limited, "hall.manage")) == []
    assert [one.pk for one in selectors.halls_managed(made.manager, "hall.manage")] == [made.hall_id]
