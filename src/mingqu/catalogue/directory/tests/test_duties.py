"""责任事项: a duty rests on an article in force and has a day; what was not done by it is said (CAT-03, CAT-02)."""

from datetime import date, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.tests import factories as f
from mingqu.catalogue.directory import errors, rules
from mingqu.catalogue.directory.duty_models import Duty, DutyDone
from mingqu.catalogue.directory.services import duties
from mingqu.identity import services as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.identity.types import Within
from mingqu.kernel import middleware, relay
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.types import Actor
from mingqu.law.services import import_laws
from mingqu.law.tests.made import TEXTS
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db
REGION, LAW = "990104000000", "样例摊位管理条例"
DUE, NEXT = date(2026, 9, 30), date(2026, 12, 30)
DUTIES = reverse("catalogue:duties")


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 10, 0, tzinfo=BEIJING)


def officer(role, name, *, region=REGION, department=None):
    post = people.post(department)
    within = Within(region, department)
    identity.grant_role(post_id=post, role=role, within=within, by=people.SYSTEM, at=people.NOON, key=uuid4())
    user = people.staff_user(name, post)
    return Actor("staff", user.person_id, post_id=post, user_id=user.pk, name=name)


class House:
    """A bureau with its head, who makes lists, who watches; a library of two laws."""

    def __init__(self):
        import_laws(TEXTS, by=f.SYSTEM, at=people.NOON)
        self.bureau = people.department("市场监督管理局", code="QH-SCJG")
        self.editor = officer("catalogue_editor", "叶知秋")
        self.supervisor = officer("efficiency_supervisor", "钟明")
        self.head = officer("department_head", "周正", department=self.bureau)
        self.elsewhere = officer("efficiency_supervisor", "何远", region="990105000000")

    def duty(self, **other):
        said = {"organ": "QH-SCJG", "name": "公布监督检查情况", "law": LAW, "article": 2}
        return duties.NewDuty(**said | {"due_on": DUE, "every_months": 3} | other)

    def keep(self, *, by=None, **other):
        kept = duties.keep_duty(duty=self.duty(**other), by=by or self.editor, at=at(9, 18), key=uuid4())
        return Duty.objects.get(pk=kept.duty_id)

    def record(self, duty, when, *, by=None, text="已在网站公布。", key=None):
        return duties.record_duty(duty_id=duty.pk, text=text, by=by or self.head, at=when, key=key or uuid4())

    def told(self):
        """Who has a message about a late duty."""
        while relay.round_once(at(12, 1)):
            pass
        return set(InboxMessage.objects.filter(kind="duty_overdue").values_list("person_id", flat=True))


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def house():
    return House()


@pytest.fixture
def browse(monkeypatch):
    monkeypatch.setattr(middleware, "timezone", SimpleNamespace(now=lambda: at(10, 8)))
    return lambda who: people.signed_in(Client(), User.objects.get(pk=who.user_id))


@pytest.mark.parametrize(
    ("first", "due", "every", "found"),
    [
        (date(2026, 1, 31), date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), date(2026, 2, 28), 1, date(2026, 3, 31)),
        (date(2026, 9, 30), date(2026, 9, 30), 12, date(2027, 9, 30)),
        (date(2028, 2, 29), date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_what_comes_again_keeps_its_day_of_the_month(first, due, every, found):
    assert rules.next_day(first, due, every) == found


def test_a_duty_not_done_by_its_day_is_told_once_to_who_makes_lists_who_watches_and_the_head(house):
    duty = house.keep()

    assert duties.flag_overdue(at(9, 30)) == 0  # the last day is not over
    assert duties.flag_overdue(at(10, 1)) == 1 and duties.flag_overdue(at(10, 2)) == 0

    assert house.told() == {house.editor.id, house.supervisor.id, house.head.id}
    message = InboxMessage.objects.filter(kind="duty_overdue").first()
    assert message.title == "责任事项逾期：公布监督检查情况"
    assert message.link == reverse("catalogue:duty", args=[duty.pk])


def test_what_is_done_in_time_is_not_told_and_comes_again_a_period_later(house):
    duty, key = house.keep(), uuid4()

    house.record(duty, at(9, 28), key=key)
    house.record(duty, at(9, 28), key=key)

    duty.refresh_from_db()
    done = DutyDone.objects.get(duty=duty)
    assert (duty.due_on, done.due_on, done.late) == (NEXT, DUE, False)
    assert duties.flag_overdue(at(10, 5)) == 0 and house.told() == set()
    assert duties.flag_overdue(at(12, 31)) == 1


def test_what_is_done_late_says_so_and_a_duty_of_one_time_is_over(house):
    duty = house.keep(every_months=0)

    house.record(duty, at(10, 9))

    duty.refresh_from_db()
    assert DutyDone.objects.get(duty=duty).late and duty.ended_reason == "已经履行"
    with pytest.raises(errors.DutyEnded):
        house.record(duty, at(10, 10))
    assert duties.flag_overdue(at(12, 1)) == 0


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"name": " "}, errors.DutyTextMissing),
        ({"due_on": date(2026, 9, 17)}, errors.DutyTooLate),
        ({"law": "没有这部法"}, errors.DutyWithoutBasis),
        ({"article": 1999}, errors.DutyWithoutBasis),
        ({"entry": "X"}, errors.DutyEntryUnknown),
    ],
)
def test_a_duty_without_words_basis_or_a_day_to_come_is_not_kept(house, said, refusal):
    with pytest.raises(refusal):
        house.keep(**said)

    assert not Duty.objects.exists()


def test_who_makes_lists_keeps_duties_and_the_organ_says_that_they_are_done(house):
    duty = house.keep()

    for who, deed in ((house.head, house.keep), (house.supervisor, house.keep)):
        with pytest.raises(NotAuthorised):
            deed(by=who)
    for who in (house.editor, house.supervisor):
        with pytest.raises(NotAuthorised):
            house.record(duty, at(9, 28), by=who)
    with pytest.raises(errors.DutyTextMissing):
        house.record(duty, at(9, 28), text=" ")
    assert not DutyDone.objects.exists()


def test_the_late_one_stands_in_red_for_who_watches_and_does_not_exist_for_another_region(house, browse):
    duty = house.keep()
    address = reverse("catalogue:duty", args=[duty.pk])
    duties.flag_overdue(at(10, 8))
    house.told()

    text = browse(house.supervisor).get(DUTIES, {"which": "late"}).content.decode()
    desk = browse(house.supervisor).get(reverse("notifications:desk_messages")).content.decode()

    assert "有1条已经逾期" in text and "公布监督检查情况" in text and "已逾期" in text
    assert "责任事项逾期：公布监督检查情况" in desk and address in desk
    assert "公布监督检查情况" not in browse(house.elsewhere).get(DUTIES).content.decode()
    assert browse(house.elsewhere).get(address).status_code == 404


def test_a_duty_is_kept_done_and_ended_on_its_pages(house, browse):
    editor, head = browse(house.editor), browse(house.head)
    new = reverse("catalogue:new_duty")
    day = {"due_on_year": "2026", "due_on_month": "11", "due_on_day": "30"}
    said = {"organ": "QH-SCJG", "name": "公布计划", "law": LAW, "article": "2", "every_months": "12"} | day

    wrong = editor.post(new, {"key": str(uuid4()), **said, "article": "1999"})
    made = editor.post(new, {"key": str(uuid4()), **said})
    none = head.post(made.url, {"key": str(uuid4()), "deed": "record", "text": ""})
    done = head.post(made.url, {"key": str(uuid4()), "deed": "record", "text": "已经公布。"})
    foreign = editor.post(made.url, {"key": str(uuid4()), "deed": "record", "text": "替他登记。"})
    ended = editor.post(made.url, {"key": str(uuid4()), "deed": "end", "reason": "法规修改了。"})

    assert wrong.status_code == 400 and "法定职责要有生效的依据" in wrong.content.decode()
    assert (made.status_code, none.status_code, done.status_code) == (302, 400, 302)
    assert (foreign.status_code, ended.status_code) == (403, 302)
    page = head.get(made.url).content.decode()
    assert "已经公布。" in page and "周正" in page and "法规修改了。" in page and "2027年11月30日" not in page


def test_messages_at_the_desk_are_ones_own_and_can_be_marked_as_seen(house, browse):
    house.keep()
    duties.flag_overdue(at(10, 8))
    house.told()
    editor = browse(house.editor)

    assert "1条还没有看" in editor.get(reverse("notifications:desk_messages")).content.decode()
    editor.post(reverse("notifications:desk_read_all"))

    assert "都看过了" in editor.get(reverse("notifications:desk_messages")).content.decode()
    assert InboxMessage.objects.filter(person_id=house.head.id, read_at=None).count() == 1
