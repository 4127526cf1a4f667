"""From a guide to an appointment, by links and buttons alone; and what is done with it afterwards."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.tests import factories as cases
from mingqu.hall.models import Booking, Slot
from mingqu.hall.tests import factories as f
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people

ITEM = "QH-SPJYXK"


@pytest.fixture
def w(db):
    return cases.world()


@pytest.fixture
def made(w):
    return f.hall_from_tomorrow()


@pytest.fixture
def browser(client, w):
    return people.signed_in(client, User.objects.get(pk=w.citizen.user_id))


def body(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def pressed(page: str, address: str) -> dict[str, str]:
    """What the first slot's button sends."""
    form = page[page.index(f'action="{address}"') :]
    fields = dict(re.findall(r'name="(key|item)" value="([^"]*)"', form))
    return fields | {"slot": re.search(r'name="slot" value="([^"]+)"', form)[1]}


def book(browser, **more):
    choose = body(browser.get(reverse("hall:choose"), {"item": ITEM}))
    held = browser.post(reverse("hall:hold"), pressed(choose, reverse("hall:hold")))
    form = body(browser.get(held["Location"]))
    key = re.search(r'name="key" value="([^"]+)"', form)[1]
    given = {"key": key, "name": "李晓禾", "phone": f.PHONE} | more
    return browser.post(held["Location"], given), form


def test_from_the_guide_to_an_appointment(made, browser):
    guide = body(browser.get(reverse("portal:guide", args=[ITEM])))
    assert f"{reverse('hall:choose')}?item={ITEM}" in guide

    answer, form = book(browser)
    row = Booking.objects.get()

    assert "位子为您保留到" in form
    assert answer["Location"] == reverse("hall:booking", args=[row.number])
    assert (row.item_code, row.state) == (ITEM, "booked")
    page = body(browser.get(answer["Location"]))
    assert row.number in page and "199****1234" in page and f.PHONE not in page
    assert row.number in body(browser.get(reverse("hall:mine")))


def test_everybody_sees_free_times_and_who_is_not_signed_in_is_led_there(made, client):
    page = body(client.get(reverse("hall:choose"), {"item": ITEM}))

    assert "登录后预约" in page and "还有2个" in page
    assert 'name="slot"' not in page
    refused = client.post(reverse("hall:hold"), {})
    assert refused["Location"].startswith(reverse("identity:sign_in"))


def test_what_is_filled_in_wrongly_is_said_beside_its_field_and_the_place_stays_held(made, browser):
    answer, _form = book(browser, phone="12345")

    assert answer.status_code == 400
    assert 'id="id_phone_error"' in answer.content.decode()
    assert not Booking.objects.exists()


def test_a_hold_that_is_over_leads_back_to_the_times(made, browser):
    choose = body(browser.get(reverse("hall:choose")))
    held = browser.post(reverse("hall:hold"), pressed(choose, reverse("hall:hold")))["Location"]
    from mingqu.hall.models import SlotPlace

    SlotPlace.objects.exclude(held_until=None).update(held_until=timezone.now() - timedelta(minutes=1))
    answer = browser.get(held, follow=True)

    assert "为您保留的时间过了" in body(answer)


def test_who_goes_back_and_presses_another_time_holds_the_other_one(made, browser):
    choose = body(browser.get(reverse("hall:choose")))
    fields, slots = pressed(choose, reverse("hall:hold")), re.findall(r'name="slot" value="([^"]+)"', choose)
    held = [browser.post(reverse("hall:hold"), fields | {"slot": slot})["Location"] for slot in slots[:2]]

    assert [slot in address for slot, address in zip(slots, held, strict=False)] == [True, True]


def test_moving_and_cancelling(made, browser):
    book(browser)
    row = Booking.objects.get()
    move = reverse("hall:move", args=[row.number])
    fields = pressed(body(browser.get(move)), move)
    browser.post(move, fields)
    moved = f.again(row)
    assert str(moved.slot_id) == fields["slot"] != str(row.slot_id)

    cancel = reverse("hall:cancel", args=[row.number])
    key = re.search(r'name="key" value="([^"]+)"', body(browser.get(cancel)))[1]
    assert "已经取消" in body(browser.post(cancel, {"key": key}, follow=True))
    assert f.again(row).state == "cancelled"
    assert browser.get(cancel).status_code == 302  # nothing is left to cancel


def test_the_appointment_goes_into_the_calendar_of_a_phone(made, browser):
    book(browser)
    row = Booking.objects.get()
    answer = browser.get(reverse("hall:calendar", args=[row.number]))
    text = answer.content.decode()

    assert answer["Content-Type"].startswith("text/calendar")
    assert f"UID:{row.number}@mingqu\r\n" in text and "李晓禾" not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_somebody_elses_appointment_is_not_there(made, browser, client):
    book(browser)
    row = Booking.objects.get()
    other, _actor = people.citizen("张三")
    stranger = people.signed_in(type(client)(), other)

    for name in ("booking", "move", "cancel", "calendar"):
        assert stranger.get(reverse(f"hall:{name}", args=[row.number])).status_code == 404
    assert stranger.post(reverse("hall:cancel", args=[row.number]), {}).status_code == 404
    assert f.again(row).state == "booked"


def test_pages_cost_few_statements(made, browser, django_assert_max_num_queries):
    assert Slot.objects.count() > 30
    with django_assert_max_num_queries(9):
        browser.get(reverse("hall:choose"), {"item": ITEM})
    with django_assert_max_num_queries(5):
        browser.get(reverse("hall:mine"))
