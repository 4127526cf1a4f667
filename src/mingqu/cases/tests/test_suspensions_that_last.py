"""特别程序 past the day that was told: seen, told once, put off with a reason in writing, said to the applicant."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from mingqu.cases import errors, services
from mingqu.cases import tasks as periodic
from mingqu.cases.events import SuspensionLasts
from mingqu.cases.expecting import selectors as expecting
from mingqu.cases.overview import overview
from mingqu.cases.tests import factories as f
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.relay import round_once
from mingqu.notifications.models import InboxMessage
from mingqu.process.models import Task
from mingqu.workbench.selectors.suspended import waiting_suspensions

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 10, 12)
DAY = timedelta(days=1)


def at(day):
    return datetime(day.year, day.month, day.day, 23, 55, tzinfo=BEIJING)


@pytest.fixture
def w():
    return f.world()


def paused(w):
    case = f.accepted_case(w)
    services.pause_case(
        case_id=case.pk, ground="testing", expected_until=UNTIL, reason="送检", by=w.reviewer,
        at=f.FRIDAY_NOON + 3 * DAY, key=uuid4(),
    )  # fmt: skip
    case.refresh_from_db()
    return case


def later(w, case, until, reason="机构要求补送样品", on=UNTIL + DAY):
    services.expect_later(
        case_id=case.pk, expected_until=until, reason=reason, by=w.reviewer, at=at(on), key=new_id()
    )
    case.refresh_from_db()


def told(kind, day):
    while round_once(at(day)):
        pass
    return InboxMessage.objects.filter(kind=kind).count()


def what(case, day):
    return str(overview(case, at(day), own=True).turn.what)


def test_its_officers_are_told_once_that_the_day_has_passed_and_see_it(w):
    case = paused(w)
    assert case.suspended_until == UNTIL

    periodic.watch_suspensions(at(UNTIL))  # the last day itself is not past
    assert (told("suspension_past", UNTIL), waiting_suspensions(w.reviewer, at(UNTIL))) == (0, None)
    for _ in range(2):
        periodic.watch_suspensions(at(UNTIL + DAY))

    assert told("suspension_past", UNTIL + DAY) >= 1
    assert AuditEntry.objects.filter(root_id=case.pk, action="case.tell_it_lasts").count() == 1
    assert waiting_suspensions(w.reviewer, at(UNTIL + DAY)).words.startswith("1件")
    rows, more = expecting.standing(w.reviewer, UNTIL + DAY, only_past=True)
    assert [(row.number, row.past, more) for row in rows] == [(case.number, 1, "")]
    assert expecting.standing(w.reviewer, UNTIL, only_past=True) == ([], "")


def test_the_applicant_is_told_honestly_by_when_and_that_the_day_has_passed(w):
    case = paused(w)

    assert "预计到2026年10月12日完成" in what(case, UNTIL)
    assert "原来预计2026年10月12日完成，已经超过" in what(case, UNTIL + DAY)


def test_a_later_day_is_told_in_writing_with_its_reason_and_begins_the_watch_anew(w):
    case = paused(w)
    periodic.watch_suspensions(at(UNTIL + DAY))

    later(w, case, UNTIL + 10 * DAY)

    assert (case.suspended_until, case.suspension_told, case.due_on) == (UNTIL + 10 * DAY, False, None)
    assert told("case_suspended_longer", UNTIL + DAY) == 1
    entry = AuditEntry.objects.get(root_id=case.pk, action="case.expect_later")
    assert entry.notes["expected_until"] == "2026-10-22" and entry.notes["document_number"]
    assert "预计到2026年10月22日完成" in what(case, UNTIL + DAY)
    assert expecting.to_tell(UNTIL + 10 * DAY) == [] and expecting.to_tell(UNTIL + 11 * DAY) == [case.pk]
    assert SuspensionLasts.name == "cases.suspension_lasts"


@pytest.mark.parametrize(
    ("until", "reason", "refusal"),
    [
        (UNTIL, "补样", errors.ExpectedDayMissing),  # no later than what was told
        (UNTIL - DAY, "补样", errors.ExpectedDayMissing),
        (None, "补样", errors.ExpectedDayMissing),
        (UNTIL + 9 * DAY, "  ", errors.ReasonMissing),
    ],
)
def test_a_day_that_is_not_later_or_says_no_reason_changes_nothing(w, until, reason, refusal):
    case = paused(w)

    with pytest.raises(refusal):
        later(w, case, until, reason)

    case.refresh_from_db()
    assert case.suspended_until == UNTIL
    assert not AuditEntry.objects.filter(root_id=case.pk, action="case.expect_later").exists()


def test_what_ended_is_watched_no_more(w):
    case = paused(w)
    services.resume_case(case_id=case.pk, reason="合格", by=w.reviewer, at=at(UNTIL), key=uuid4())

    case.refresh_from_db()
    assert case.suspended_until is None and expecting.to_tell(UNTIL + 9 * DAY) == []
    with pytest.raises(errors.NotSuspended):
        later(w, case, UNTIL + 20 * DAY)


def test_open_steps_are_later_by_the_days_that_the_clock_left_out(w):
    """Two working days from 09-18 on: 09-21 was the first day of the pause, so both come after it."""
    case = paused(w)
    steps = Task.objects.filter(root_id=case.pk, status=Task.State.OPEN)
    assert set(steps.values_list("due_on", flat=True)) == {date(2026, 9, 22)}

    services.resume_case(
        case_id=case.pk, reason="", by=w.reviewer, at=f.FRIDAY_NOON + 24 * DAY, key=uuid4()
    )  # on 10-12

    assert set(steps.values_list("due_on", flat=True)) == {date(2026, 10, 13)}
