"""Who stands at the window with an appointment: it is on her page and she is checked in from there, nobody else."""

from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases.tests import at_window
from mingqu.cases.tests import factories as f
from mingqu.hall.models import Booking
from mingqu.hall.tests import factories as halls
from mingqu.identity import selectors as identity
from mingqu.kernel.models import AuditEntry
from mingqu.workbench.tests.pages import key_in, text_of
from mingqu.workbench.tests.test_the_window import PERSON, find, receive
from mingqu.workbench.window_forms import CONSENT

pytestmark = pytest.mark.django_db
NINE = halls.NINE


def test_her_appointments_stand_on_her_page_and_she_takes_her_number_there(w, browse, clock):
    made = halls.hall(at=NINE, department=f.Department.objects.get(code="QH-ZWZX").pk)
    coming, tomorrow = halls.slots(made)[-1], halls.slots(made, days=1)[0]
    number = f.people.citizen_number()
    her = f.Actor("citizen", at_window.walk_in(w, number=number, at=NINE))
    own = halls.booked(coming, her, at=NINE, item="QH-SPJYXK")
    halls.booked(tomorrow, her, at=NINE)
    other = halls.booked(tomorrow, f.people.citizen("禾大满")[1], at=NINE)
    clock.at = coming.begins_at
    client = browse("clerk")
    receive(client, number)

    said = client.get(PERSON)

    assert own.number in text_of(said) and other.number not in text_of(said)
    assert said.content.decode().count("到了，取号") == 1  # tomorrow's is shown without it
    page = reverse("workbench:window_check_in", args=[own.pk])
    answer = client.post(page, {"key": uuid4()}, follow=True)
    assert "已按预约取号：A001" in text_of(answer)
    assert Booking.objects.get(pk=own.pk).state == "checked_in"
    assert client.post(page, {"key": uuid4()}, follow=True).status_code == 200
    strangers = client.post(reverse("workbench:window_check_in", args=[other.pk]), {"key": uuid4()})
    assert strangers.status_code == 404 and Booking.objects.get(pk=other.pk).state == "booked"


def test_nobody_is_registered_without_her_consent_and_the_ledger_says_to_which_text(w, browse):
    client, number = browse("clerk"), f.people.citizen_number()
    page = find(client, number)
    given = {"key": key_in(page), "kind": "citizen_number", "number": number, "seen": "on", "name": "禾新"}

    without = client.post("/desk/window/register/", given)

    assert without.status_code == 400 and "申请人同意后勾选" in text_of(without)
    assert identity.people_with_number(number) == []
    assert client.post("/desk/window/register/", given | {"consent": "on"}).status_code == 302
    (her,) = identity.people_with_number(number)
    entry = AuditEntry.objects.get(root_id=her.id, action="identity.receive_person")
    assert entry.notes["consent"] == CONSENT
