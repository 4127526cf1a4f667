"""A clerk sits down at a window, calls, and goes on to the documents of who came."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.hall.models import QueueNumber
from mingqu.hall.tests import factories as f
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people


@pytest.fixture
def made(db, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: f.NINE)
    return f.hall()


@pytest.fixture
def clerk(made):
    client = people.signed_in(Client(), User.objects.get(pk=made.clerk.user_id))
    client.post(reverse("workbench:queue"), {"window": str(made.one)})
    return client


def page(client) -> str:
    return client.get(reverse("workbench:queue")).content.decode()


def press(client, act, number=None, **more):
    key = re.search(r'name="key" value="([^"]+)"', page(client))[1]
    given = {"key": key, "act": act, **more} | ({"number": str(number.id)} if number else {})
    return client.post(reverse("workbench:queue_act"), given, follow=True).content.decode()


def test_first_the_window_is_chosen_then_the_next_one_is_called_and_finished(made, clerk):
    number = f.taken(made.a)
    assert "下一位：A001" in page(clerk)
    called = press(clerk, "call_next")

    assert "A001叫到了" in called and reverse("workbench:window") in called
    assert "A001办结" in press(clerk, "finish", number)
    assert f.again(number).state == "done"


def test_who_did_not_come_is_skipped_recalled_and_transferred(made, clerk):
    number = f.taken(made.a)
    press(clerk, "call_next")
    assert "过号" in press(clerk, "skip", number)
    assert "重叫了" in press(clerk, "recall", number)
    press(clerk, "transfer", number, line=str(made.b))

    number = f.again(number)
    assert (number.state, number.line_id, number.window_id) == ("waiting", made.b, None)


def test_what_is_refused_is_said_and_changes_nothing(made, clerk):
    f.taken(made.a)
    number = f.taken(made.a)

    assert "不在这一步" in press(clerk, "finish", number)
    assert set(QueueNumber.objects.values_list("state", flat=True)) == {"waiting"}


def test_a_clerk_of_another_hall_has_no_window_here(made):
    other = people.signed_in(Client(), User.objects.get(pk=people.staff_actor("window_clerk").user_id))
    other.post(reverse("workbench:queue"), {"window": str(made.one)})

    assert "没有大厅窗口" in page(other)
