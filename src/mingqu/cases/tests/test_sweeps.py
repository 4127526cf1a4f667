"""What comes round for cases: one that can't be written stops no other, and is not hidden."""

from datetime import timedelta

import pytest

from mingqu.cases import services, tasks
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.kernel.models import PeriodicRun
from mingqu.kernel.schedule import PERIODIC, _run

pytestmark = pytest.mark.django_db

AFTER_FIVE_DAYS = f.FRIDAY_NOON + timedelta(days=14)
DEEM = PERIODIC["cases.deem_accepted"]


def test_a_case_that_cannot_be_deemed_accepted_stops_no_other_and_is_told_to_the_page_of_health(monkeypatch):
    w = f.world()
    stuck, other = f.received_case(w), f.received_case(w)
    as_it_is = services.deem_accepted

    def fails_for_one(*, case_id, at):
        if case_id == stuck.pk:
            raise ZeroDivisionError("with a name in it")
        as_it_is(case_id=case_id, at=at)

    monkeypatch.setattr(services, "deem_accepted", fails_for_one)

    assert _run(DEEM, AFTER_FIVE_DAYS) == "1 × ZeroDivisionError"
    assert Case.objects.get(pk=other.pk).status == Case.Status.ACCEPTED
    assert Case.objects.get(pk=stuck.pk).status == Case.Status.RECEIVED


def test_a_turn_after_which_nothing_is_left_over_says_nothing():
    case = f.received_case(f.world())

    assert _run(DEEM, AFTER_FIVE_DAYS) == ""
    assert Case.objects.get(pk=case.pk).status == Case.Status.ACCEPTED


def test_what_failed_is_kept_with_the_turn(monkeypatch):
    f.received_case(f.world())
    monkeypatch.setattr(services, "deem_accepted", lambda **_: 1 / 0)
    monkeypatch.setattr("mingqu.kernel.schedule.PERIODIC", {DEEM.name: DEEM})

    from mingqu.kernel.schedule import run_due

    assert run_due(AFTER_FIVE_DAYS) == [DEEM.name]
    assert PeriodicRun.objects.get(name=DEEM.name).error == "1 × ZeroDivisionError"
    assert tasks.deem_accepted(AFTER_FIVE_DAYS) == "1 × ZeroDivisionError"
