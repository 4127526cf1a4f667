"""Once a morning an officer is told what waits at the post, in one message."""

from datetime import datetime, timedelta

import pytest

from mingqu.cases.tests import factories as f
from mingqu.kernel.legal_day import BEIJING
from mingqu.notifications.models import InboxMessage
from mingqu.workbench.digest import tell_all

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 9, 21, 8, 0, tzinfo=BEIJING)


def told(actor) -> list[InboxMessage]:
    return list(InboxMessage.objects.filter(person_id=actor.id, kind="desk_digest"))


def test_who_has_cases_waiting_is_told_once_a_morning_on_working_days():
    w = f.world()
    f.received_case(w)
    for at in (MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=5), MONDAY - timedelta(days=2)):
        tell_all(at)  # too early, too late, a Saturday
    assert told(w.clerk) == []
    tell_all(MONDAY)
    tell_all(MONDAY + timedelta(minutes=30))

    (message,) = told(w.clerk)
    assert "待受理1件" in message.body and "9月21日" in message.title
    tell_all(MONDAY + timedelta(days=1))
    assert len(told(w.clerk)) == 2


def test_nobody_is_told_that_nothing_waits():
    w = f.world()
    tell_all(MONDAY)

    assert not InboxMessage.objects.exists() and told(w.clerk) == []
