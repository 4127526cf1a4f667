"""建筑法 9: begun within three months of receipt, put off twice by three months each, else void by itself."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.certificates import errors, firms, rules, selectors, services
from mingqu.certificates.models import Certificate
from mingqu.certificates.services import reminders
from mingqu.certificates.tests import factories as c
from mingqu.clocks import errors as clock_errors
from mingqu.clocks.models import ClockEntry
from mingqu.clocks.services import check_stored, load_seed_calendar
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db
LAW = "中华人民共和国建筑法"
RULE = services.BeginRule(3, 2, 3, LAW, 9)


def text_of(answer) -> str:
    return re.sub(r"<[^>]+>|\s", "", answer.content.decode())


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _calendar():
    load_seed_calendar()


@pytest.fixture
def leader():
    return people.staff_actor("approver", department_id=c.organ())


def granted(decided_on: date = date(2026, 3, 2)):
    """Issued under a type whose licence is to be begun; not collected yet."""
    given = c.issued(given=c.grant(decided_on=decided_on))
    c.food_licence_type(begin=RULE)
    return given


def collect(given, on: date) -> Certificate:
    row = Certificate.objects.get(pk=given.certificate_id)
    at = noon(on.year, on.month, on.day)
    services.collected(case_id=row.case_id, type_code=c.TYPE, on=on, at=at)
    row.refresh_from_db()
    return row


def put_off(row, by, at, months=3, reason="冬季不能施工"):
    return services.extend_begin(
        certificate_id=row.pk, months=months, reason=reason, by=by, at=at, key=new_id()
    )


@pytest.mark.parametrize(
    ("collected", "last"),
    [
        (date(2026, 3, 10), date(2026, 6, 10)),
        (date(2026, 8, 31), date(2026, 11, 30)),  # no 31st in November: 民法典 202
        (date(2025, 11, 28), date(2026, 2, 28)),  # a working Saturday after Spring Festival
        (date(2025, 11, 30), date(2026, 2, 28)),  # month's end: 28 February
        (date(2026, 7, 1), date(2026, 10, 8)),  # 1 October is a holiday: the day after it ends, 民法典 203
    ],
)
def test_the_last_day_to_begin_is_the_corresponding_day_three_months_after_receipt(collected, last):
    """建筑法 9; 民法典 201 to 203."""
    assert collect(granted(date(2025, 11, 20)), collected).begin_by == last


def test_after_the_last_day_the_licence_is_void_by_itself():
    row = collect(granted(), date(2026, 3, 10))

    assert row.state_on(date(2026, 6, 10)) == "valid"
    assert row.state_on(date(2026, 6, 11)) == "lapsed"
    assert rules.WORDS["lapsed"] == "已自行废止"
    public = selectors.public_by_code(row.verification_code, noon(2026, 6, 11))
    assert (public.state, public.begin.lapsed) == ("lapsed", True)
    holder = [row.holder_id]
    assert selectors.valid_of_holder(holder, [c.TYPE], date(2026, 6, 10))
    assert selectors.valid_of_holder(holder, [c.TYPE], date(2026, 6, 11)) == {}


def test_it_is_put_off_twice_and_not_a_third_time(leader):
    """建筑法 9: 延期以两次为限，每次不超过三个月."""
    row = collect(granted(), date(2026, 5, 31))
    assert row.begin_by == date(2026, 8, 31)

    first = put_off(row, leader, noon(2026, 8, 31))
    assert first.begin_by == date(2026, 11, 30), "month's end to month's end"
    with pytest.raises(clock_errors.ExtensionTooLong, match="3个月"):
        put_off(row, leader, noon(2026, 9, 1), months=4)
    second = put_off(row, leader, noon(2026, 9, 1), months=1)
    assert second.begin_by == date(2026, 12, 31)
    with pytest.raises(clock_errors.ExtensionTwice, match="两次"):
        put_off(row, leader, noon(2026, 9, 2))

    begin = selectors.begin_of(row.pk, noon(2026, 9, 2))
    assert (begin.by, begin.left) == (date(2026, 12, 31), 0)
    assert begin.put_off == ((date(2026, 8, 31), 3), (date(2026, 9, 1), 1))
    assert selectors.history_of(row.pk)[0].what == "批准延期开工：最晚开工日2026年12月31日"
    assert check_stored() == []


def test_why_it_was_put_off_stands_in_no_ledger_in_the_clear(leader):
    row = collect(granted(), date(2026, 3, 10))
    put_off(row, leader, noon(2026, 6, 1), reason="出资人热依扎住院")

    entry = AuditEntry.objects.get(root_id=row.pk, action="certificate.extend_begin")
    assert "热依扎" not in str(entry.notes) and "reason" in entry.digests
    assert "热依扎" not in str(ClockEntry.objects.filter(root_id=row.pk).values_list())
    assert selectors.history_of(row.pk)[0].reason == "出资人热依扎住院"
    assert selectors.measures_of(row.pk) == [], "nothing was done to its use"


@pytest.mark.parametrize("reason", ["", "  "])
def test_it_is_put_off_for_a_reason(leader, reason):
    row = collect(granted(), date(2026, 3, 10))

    with pytest.raises(clock_errors.ReasonMissing):
        put_off(row, leader, noon(2026, 6, 1), reason=reason)
    assert selectors.history_of(row.pk)[0].what.startswith("送达持证人")


def test_a_licence_that_is_void_is_not_put_off(leader):
    row = collect(granted(), date(2026, 3, 10))

    with pytest.raises(errors.CertificateNotInForce, match="已自行废止"):
        put_off(row, leader, noon(2026, 6, 11))
    assert Certificate.objects.get(pk=row.pk).begin_by == row.begin_by


def test_who_begins_in_time_keeps_the_licence(leader):
    row = collect(granted(), date(2026, 3, 10))

    def begun(on: date, at: datetime) -> None:
        services.record_begun(certificate_id=row.pk, on=on, by=leader, at=at, key=new_id())

    with pytest.raises(errors.BeganTooEarly):
        begun(date(2026, 3, 1), noon(2026, 6, 20))
    with pytest.raises(errors.BeganTooEarly):
        begun(date(2026, 6, 21), noon(2026, 6, 20))
    with pytest.raises(errors.BeganTooLate, match="2026"):
        begun(date(2026, 6, 11), noon(2026, 6, 20))
    begun(date(2026, 6, 1), noon(2026, 6, 20))  # found out later that it was begun in time

    row.refresh_from_db()
    assert row.state_on(date(2027, 1, 1)) == "valid"
    with pytest.raises(errors.NothingToBegin):
        put_off(row, leader, noon(2026, 6, 20))
    assert check_stored() == []


def test_the_clock_starts_once_and_only_where_something_is_to_be_begun():
    given = granted()
    row = collect(given, date(2026, 3, 10))
    services.collected(case_id=row.case_id, type_code=c.TYPE, on=date(2026, 4, 1), at=noon(2026, 4, 1))
    row.refresh_from_db()
    assert row.begin_by == date(2026, 6, 10)
    other = c.issued()  # its type has nothing to begin
    assert collect(other, date(2026, 11, 20)).begin_by is None
    assert selectors.begin_of(other.certificate_id, noon(2026, 11, 20)) is None


@pytest.mark.parametrize("who", ["window_clerk", "elsewhere"])
def test_nobody_but_the_issuing_organ_puts_it_off(who):
    row = collect(granted(), date(2026, 3, 10))
    elsewhere = people.staff_actor("approver", department_id=people.department("清禾区水务局"))
    by = elsewhere if who == "elsewhere" else people.staff_actor(who, department_id=c.organ())

    with pytest.raises(NotAuthorised):
        put_off(row, by, noon(2026, 4, 1))


def test_the_organ_puts_it_off_on_its_page_and_the_public_page_says_so(leader, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: noon(2026, 6, 1)))
    row = collect(granted(), date(2026, 3, 10))
    client = people.signed_in(Client(), User.objects.get(pk=leader.user_id))
    public_page = reverse("certificates:verify_code", args=[row.verification_code])
    page = reverse("certificates:at_desk", args=[row.number])
    shown = client.get(page)
    assert "最晚2026年6月10日开工" in text_of(shown) and shown.context["put_off"]
    url = reverse("certificates:put_off", args=[row.number])
    given = {"key": str(shown.context["put_off"]["key"].value()), "months": "3", "reason": ""}
    assert client.post(url, given).status_code == 400
    too_long = client.post(url, given | {"months": "4", "reason": "资金"})
    assert too_long.status_code == 409 and "3个月" in text_of(too_long)

    done = client.post(url, given | {"reason": "冬季不能施工"})

    assert done.url == page
    public = text_of(Client().get(public_page))
    assert "最晚2026年9月10日开工" in public and "2026年6月1日批准延期3个月" in public
    again = text_of(client.get(page))
    assert "冬季不能施工" in again and "可以延1次" in again
    assert client.post(reverse("certificates:begun", args=[row.number]), {
        "key": str(new_id()), "on_year": "2026", "on_month": "5", "on_day": "20",
    }).url == page  # fmt: skip
    public = text_of(Client().get(public_page))
    assert "2026年5月20日已经开工" in public


def told(kind: str) -> list:
    """Who has a message certificate_begin_near or certificate_begin_lapsed."""
    return list(
        InboxMessage.objects.filter(kind=f"certificate_begin_{kind}").values_list("person_id", flat=True)
    )


def test_the_holder_is_told_once_that_the_day_comes_near_and_once_that_it_went_by():
    row = collect(granted(), date(2026, 3, 10))
    for day in (date(2026, 6, 2), date(2026, 6, 3), date(2026, 6, 10)):
        reminders.remind_of_beginning(noon(day.year, day.month, day.day))
    assert told("near") == [row.holder_id] and told("lapsed") == []

    for day in (11, 12):
        reminders.remind_of_beginning(noon(2026, 6, day))
    assert told("lapsed") == [row.holder_id] and told("near") == [row.holder_id]


def test_who_has_begun_hears_nothing_more(leader):
    row = collect(granted(), date(2026, 3, 10))
    services.record_begun(
        certificate_id=row.pk, on=date(2026, 5, 4), by=leader, at=noon(2026, 5, 5), key=new_id()
    )

    reminders.remind_of_beginning(noon(2026, 6, 9))
    reminders.remind_of_beginning(noon(2026, 6, 12))

    assert told("near") == told("lapsed") == []


def test_that_it_was_put_off_is_told_with_the_new_day(leader):
    row = collect(granted(), date(2026, 5, 31))
    put_off(row, leader, noon(2026, 8, 31))

    relay.round_once(noon(2026, 8, 31), roots=100)

    message = InboxMessage.objects.get(kind="certificate_begin_put_off")
    assert message.person_id == row.holder_id and "2026年11月30日" in message.body


def test_of_a_firms_certificate_the_person_hears_who_applied_for_it(monkeypatch):
    row, handler = collect(granted(), date(2026, 3, 10)), new_id()
    Certificate.objects.filter(pk=row.pk).update(holder_kind="firm", holder_id=new_id())
    monkeypatch.setattr(
        firms, "_handlers", [lambda case_id, _day: [handler] if case_id == row.case_id else []]
    )

    reminders.remind_of_beginning(noon(2026, 6, 9))

    assert told("near") == [handler]


def test_of_a_firms_certificate_whose_applicant_nobody_knows_nobody_hears(monkeypatch):
    row = collect(granted(), date(2026, 3, 10))
    Certificate.objects.filter(pk=row.pk).update(holder_kind="firm", holder_id=new_id(), case_id=None)
    monkeypatch.setattr(firms, "_handlers", [lambda case_id: new_id()])

    reminders.remind_of_beginning(noon(2026, 6, 9))

    assert told("near") == []
