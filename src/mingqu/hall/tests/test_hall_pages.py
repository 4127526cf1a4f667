"""The terminal gives numbers in the hall only; who runs the hall opens times and closes a day, told whom that meets."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.hall import selectors, services
from mingqu.hall.errors import TerminalUnknown
from mingqu.hall.models import Booking, ClosedDay, QueueNumber, Slot, Terminal
from mingqu.hall.rules import Opening
from mingqu.hall.tests import factories as f
from mingqu.hall.views import terminal
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry

WORKING = f.NINE + timedelta(hours=1)


@pytest.fixture
def made(db, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: WORKING)
    return f.hall()


@pytest.fixture
def browser(made, client):
    """A terminal: registered by who manages the hall, and signed out."""
    manager = people.signed_in(client, User.objects.get(pk=made.manager.user_id))
    answer = manager.post(reverse("hall:register_terminal", args=["H1"]), {"key": str(new_id())})
    registered = Client()
    registered.cookies[terminal.COOKIE] = answer.cookies[terminal.COOKIE].value
    return registered


@pytest.fixture
def manager(made):
    return people.signed_in(Client(), User.objects.get(pk=made.manager.user_id))


def key_in(answer):
    return re.search(r'name="key" value="([^"]+)"', answer.content.decode())[1]


def test_a_press_gives_one_number_with_the_wait(made, browser):
    page = browser.get(reverse("hall:terminal"))
    press = {"key": key_in(page), "line": str(made.a)}
    first = browser.post(reverse("hall:terminal"), press)
    again = browser.post(reverse("hall:terminal"), press)

    assert first["Location"] == again["Location"]
    assert QueueNumber.objects.count() == 1
    assert "A001" in browser.get(first["Location"]).content.decode()


def test_nobody_takes_a_number_from_elsewhere(made):
    for cookies in ({}, {terminal.COOKIE: str(f.terminal(made))}, {terminal.COOKIE: "H1:forged:AAAA"}):
        client = Client()
        client.cookies.load(cookies)
        press = {"key": str(new_id()), "line": str(made.a)}
        assert client.post(reverse("hall:terminal"), press).status_code == 403
        assert client.get(reverse("hall:check_in")).status_code == 403
    assert not QueueNumber.objects.exists()


def test_a_terminal_that_was_ended_gives_no_number_and_the_others_still_do(made, browser, manager):
    other = f.terminal(made, at=WORKING, name="二楼")
    page = manager.get(reverse("hall:manage", args=["H1"]))
    end = reverse("hall:end_terminal", args=["H1", other])
    press = {"key": key_in(page)}

    assert manager.post(end, press).status_code == 302
    assert manager.post(end, press).status_code == 302, "a second click"
    assert browser.get(reverse("hall:terminal")).status_code == 200
    here = Terminal.objects.get(ended_at=None)
    assert manager.post(reverse("hall:end_terminal", args=["H1", here.pk]), press).status_code == 302

    assert browser.get(reverse("hall:terminal")).status_code == 403
    gone = manager.post(end, {"key": str(new_id())})
    assert gone.status_code == 404 and TerminalUnknown.sentence in gone.content.decode()
    assert "二楼" not in shown(manager)
    assert AuditEntry.objects.filter(action="hall.end_terminal").count() == 2


def shown(manager):
    return manager.get(reverse("hall:manage", args=["H1"])).content.decode()


def test_who_booked_takes_the_number_with_two_ends_of_numbers(made, browser):
    slot = next(one for one in f.slots(made) if one.begins_at >= WORKING + timedelta(minutes=1))
    row = f.booked(slot, people.citizen()[1])
    page = browser.get(reverse("hall:check_in"))
    wrong = browser.post(
        reverse("hall:check_in"), {"key": key_in(page), "tail": row.number[-6:], "phone_tail": "0000"}
    )
    assert wrong.status_code == 404 and "没有找到今天的这个预约" in wrong.content.decode()

    given = {"key": key_in(page), "tail": row.number[-6:], "phone_tail": f.PHONE[-4:]}
    answer = browser.post(reverse("hall:check_in"), given)
    assert answer.status_code == 302
    assert f.again(row).state == "checked_in"


def test_new_times_are_saved_and_offered_where_none_were_yet(made, manager):
    page = reverse("hall:manage", args=["H1"])
    body = manager.get(page).content.decode()
    assert "每30分钟一段，每段2个位子" in body

    given = {
        "key": str(new_id()),
        "line": str(made.b),
        "morning_from": "09:00",
        "morning_to": "11:00",
        "minutes": "60",
        "places": "3",
    }
    manager.post(reverse("hall:opening", args=["H1"]), given)
    days = selectors.free_days(made.b, WORKING)
    assert days and Slot.objects.filter(line_id=made.b, day=days[-1].day).count() == 2

    wrong = manager.post(
        reverse("hall:opening", args=["H1"]), given | {"key": str(new_id()), "morning_to": "08:00"}
    )
    assert wrong.status_code == 400 and "开放时间不对" in wrong.content.decode()


def test_before_a_day_is_closed_who_must_be_told_is_shown_masked(made, manager):
    slot = f.slots(made, days=1)[0]
    f.booked(slot, people.citizen()[1])
    day = {"day_year": slot.day.year, "day_month": slot.day.month, "day_day": slot.day.day}
    given = {"key": str(new_id()), **day, "reason": "停电检修"}
    asked = manager.post(reverse("hall:close", args=["H1"]), given)

    body = asked.content.decode()
    assert "有1个预约会取消" in body and "李*" in body and f.PHONE not in body and "李晓禾" not in body
    assert not ClosedDay.objects.exists()
    manager.post(reverse("hall:close", args=["H1"]), given | {"sure": "yes"})
    assert ClosedDay.objects.get().day == slot.day
    assert Booking.objects.get().state == "booked"  # the relay cancels and tells


def test_a_day_that_is_closed_offers_no_line_until_it_is_opened_again_by_one_press(made, browser, manager):
    today = {"hall_id": made.hall_id, "day": WORKING.date(), "by": made.manager, "at": WORKING}
    services.close_day(**today, reason="停电", key=new_id())
    shut = browser.get(reverse("hall:terminal")).content.decode()
    assert "今天大厅不办公" in shut and 'name="line"' not in shut
    assert "主导航" not in shut, "nothing leads away from the terminal"

    page = manager.get(reverse("hall:manage", args=["H1"]))
    assert "恢复办理" in page.content.decode()
    given = {"key": str(new_id()), "day": WORKING.date().isoformat()}
    manager.post(reverse("hall:reopen", args=["H1"]), given)
    assert 'name="line"' in browser.get(reverse("hall:terminal")).content.decode()
    again = manager.post(reverse("hall:reopen", args=["H1"]), given | {"key": str(new_id())}, follow=True)
    assert "这一天没有关闭" in again.content.decode()


def test_a_manager_of_another_hall_finds_nothing_here(made):
    other = people.signed_in(Client(), User.objects.get(pk=people.staff_actor("hall_manager").user_id))

    assert other.get(reverse("hall:manage", args=["H1"])).status_code == 404
    assert other.post(reverse("hall:close", args=["H1"]), {}).status_code == 404


def test_the_screen_shows_numbers_and_windows_and_no_names(made, client):
    row = f.booked(f.slots(made)[3], people.citizen()[1])

    services.check_in(booking_id=row.pk, by=f.SYSTEM, at=WORKING + timedelta(minutes=1), key=new_id())
    f.at_window(services.call_next, made, at=WORKING + timedelta(minutes=1))
    body = client.get(reverse("portal:display")).content.decode()

    assert (
        "A001" in body
        and "1号窗口" in body
        and "李" not in body.split("mq-wall__called")[1].split("</section>")[0]
    )


def test_the_room_without_times_says_so(db, client):
    f.hall(openings=(Opening(*(f.MORNING.begins, f.MORNING.ends), 30, 1),), at=f.NINE)
    monkey = client.get(reverse("hall:choose"))

    assert monkey.status_code == 200
