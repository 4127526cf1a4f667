"""A holiday notice makes a new version of the calendar, and provisional last days become final ones."""

from contextlib import nullcontext
from datetime import date
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction

from mingqu.clocks import errors, selectors, services
from mingqu.clocks.models import CalendarDay, CalendarVersion
from mingqu.clocks.rules.notice import merge, read_notice, seed_calendar
from mingqu.clocks.services import calendar as service
from mingqu.clocks.services import copies
from mingqu.clocks.tests.ledgers import CALENDAR, day, noon
from mingqu.clocks.types import LICENCE, Kind, StoredDue
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db
OPERATOR = Actor("staff", new_id(), post_id=new_id())
# Made up: the notice of 2027 was not known when this was written.
NOTICE = """from,to,kind,name
2027-01-01,2027-01-03,holiday,元旦
2027-02-05,2027-02-12,holiday,春节
2027-02-20,2027-02-20,makeup_workday,春节
""".splitlines()


@pytest.fixture
def allowed(monkeypatch):
    monkeypatch.setattr(service.access, "require_may", lambda actor, action: None)


def bring(year=2027, lines=NOTICE, key=None, by=OPERATOR):
    return services.import_holiday_notice(
        year=year, lines=lines, source="国务院办公厅关于2027年部分节假日安排的通知", by=by,
        at=noon("2026-11-20"), key=key or uuid4(),
    )  # fmt: skip


def test_every_installation_has_the_calendar_of_2004_to_2026():
    found = selectors.current_calendar()

    assert (found.version, found.known_from, found.known_until) == (
        "2026.1",
        date(2004, 1, 1),
        date(2026, 12, 31),
    )
    assert found.days == seed_calendar().days
    services.load_seed_calendar()
    assert CalendarVersion.objects.count() == 1


def test_a_notice_makes_a_new_version_and_keeps_the_old_one(allowed):
    imported = bring()

    found = selectors.current_calendar()
    assert (imported.version, imported.known_until, imported.days) == ("2027.1", date(2027, 12, 31), 12)
    assert found.version == "2027.1"
    assert not found.provisional(day("2027-02-20"))
    assert found.working_day(day("2027-02-20"))
    assert found.working_day(day("2026-02-28"))  # the years before are still there
    assert CalendarDay.objects.filter(version__code="2026.1").count() == len(seed_calendar().days)


def test_the_same_import_again_gives_the_first_result(allowed):
    key = uuid4()

    assert bring(key=key) == bring(key=key)
    assert CalendarVersion.objects.count() == 2


def test_a_year_can_be_written_anew_when_the_state_changes_it(allowed):
    """As in January 2020, when the spring festival was prolonged."""
    bring()
    prolonged = [line.replace("2027-02-12", "2027-02-15") for line in NOTICE]

    again = bring(lines=prolonged)

    assert again.version == "2027.2"
    assert not selectors.current_calendar().working_day(day("2027-02-15"))


def test_provisional_last_days_are_rewritten_after_the_notice(allowed, monkeypatch):
    """Design section 2: an estimate, said in words, recomputed when the notice is imported."""
    root, stored = new_id(), {}
    monkeypatch.setattr(copies, "_owners", {})
    services.register_stored_due(
        StoredDue("cases", lambda: list(stored.items()), lambda r, due, at: stored.update({r: due}))
    )
    with command("case.test", root, by=OPERATOR, at=noon("2026-11-20"), key=uuid4()):
        stored[root] = services.start(root_id=root, clocks=[LICENCE], day=day("2026-11-20"), by=OPERATOR)
    other = new_id()
    with command("case.test", other, by=OPERATOR, at=noon("2027-01-20"), key=uuid4()):
        stored[other] = services.start(root_id=other, clocks=[LICENCE], day=day("2027-01-20"), by=OPERATOR)
    before = selectors.deadline_of(other, Kind.STATUTORY, noon("2027-01-20"))

    bring()
    rewritten = services.recompute_stored(noon("2026-11-20"))

    after = selectors.deadline_of(other, Kind.STATUTORY, noon("2027-01-20"))
    assert (before.provisional, before.due_on) == (True, day("2027-02-23"))
    assert (after.provisional, after.due_on) == (False, day("2027-02-24"))
    assert [(d.root_id, d.stored, d.computed) for d in rewritten] == [(other, before.due_on, after.due_on)]
    assert stored[other] == after.due_on
    assert "暂按法定节假日推算" not in "".join(
        selectors.explain(other, Kind.STATUTORY, noon("2027-01-20")).sentences
    )


def test_who_may_not_edit_the_calendar_does_not(monkeypatch):
    def refuse(actor, action):
        assert action == "clock.edit_calendar"
        raise NotAuthorised(action=action)

    monkeypatch.setattr(service.access, "require_may", refuse)
    with pytest.raises(NotAuthorised):
        bring()
    assert CalendarVersion.objects.count() == 1


def test_a_post_without_the_permission_is_refused():
    with pytest.raises(NotAuthorised):
        bring(by=Actor("citizen", new_id()))


@pytest.mark.parametrize(
    ("refusal", "year", "lines"),
    [
        (errors.NoticeSkipsYear, 2028, NOTICE),
        (errors.NoticeSkipsYear, 2003, NOTICE),
        (errors.NoticeUnreadable, 2027, NOTICE[:1]),
        (errors.NoticeUnreadable, 2026, NOTICE),
        (errors.NoticeUnreadable, 2027, [*NOTICE, "2027-02-30,2027-02-30,holiday,春节"]),
    ],
)
def test_a_notice_that_does_not_fit_changes_nothing(allowed, refusal, year, lines):
    with pytest.raises(refusal):
        bring(year=year, lines=lines)
    assert CalendarVersion.objects.count() == 1


def test_days_of_the_neighbouring_december_may_be_named():
    notice = read_notice([*NOTICE[:1], "2026-12-27,2026-12-27,makeup_workday,元旦", *NOTICE[1:2]])

    until, days = merge(CALENDAR, 2027, notice)

    assert until == date(2027, 12, 31)
    assert [d.day for d in days if d.day >= date(2026, 12, 1)] == [
        date(2026, 12, 27),
        *(date(2027, 1, n) for n in (1, 2, 3)),
    ]


def test_two_imports_at_once_do_not_both_succeed(allowed, monkeypatch):
    bring()
    monkeypatch.setattr(service, "_code", lambda year: "2027.1")
    with pytest.raises(errors.CalendarMoved):
        bring()


def test_a_newer_product_adds_its_years_to_what_the_site_has_changed(allowed, monkeypatch):
    own = ["from,to,kind,name", "2026-12-28,2026-12-28,holiday,本地节日"]
    bring(year=2026, lines=own)
    until, days = merge(CALENDAR, 2027, read_notice(NOTICE))
    newer = type(CALENDAR)("2027.1", CALENDAR.known_from, until, days)
    monkeypatch.setattr(service, "seed_calendar", lambda: newer)

    services.load_seed_calendar()

    found = selectors.current_calendar()
    assert (found.version, found.known_until) == ("2027.1", date(2027, 12, 31))
    assert not found.working_day(day("2026-12-28"))
    assert found.working_day(day("2027-02-20"))


def test_without_any_calendar_nothing_is_computed(monkeypatch):
    class Nothing:
        """A database that holds no version."""

        def execute(self, *_given):
            pass

        def fetchone(self):
            return None

    monkeypatch.setattr(selectors, "kept_plans", lambda: nullcontext(Nothing()))
    with pytest.raises(errors.CalendarMissing):
        selectors.current_calendar()


@pytest.mark.parametrize(("model", "field"), [(CalendarVersion, "source"), (CalendarDay, "name")])
def test_the_application_can_not_change_a_published_day(model, field):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.update(**{field: "x"})
