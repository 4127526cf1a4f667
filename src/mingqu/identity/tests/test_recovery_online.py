"""A lost number asked online: facts that fit, days in which the old number may stop it, one answer for all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from mingqu.identity import selectors, services
from mingqu.identity.errors import PhoneTaken, RecoveryOver, SourceUnavailable, TooManyAttempts
from mingqu.identity.models import Person, PhoneRecovery, User
from mingqu.identity.services import accounts, codes, own_data, recovery, recovery_online
from mingqu.identity.sources import registry
from mingqu.identity.tests import factories as f
from mingqu.identity.types import IdentityFacts, SeenDocument
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.notifications.models import InboxMessage, Outgoing
from mingqu.portal.receivers import tell_of_recovery_asked

pytestmark = pytest.mark.django_db
OWN = "99010420261109000318"
LATER = f.NOON + timedelta(days=3)
UNTIL = "2038-09-01"


class Register:
    """Knows one person by all three facts."""

    def __init__(self, name, number):
        self.known = IdentityFacts(name, number, UNTIL)

    def matches(self, facts):
        return facts == self.known


@pytest.fixture
def lost(monkeypatch):
    """(account, claim) of somebody checked before, whose one application bears OWN."""
    user, _actor = f.citizen("禾小满")
    Person.objects.filter(pk=user.person_id).update(assurance=2)
    services.people.enter_numbers(Person.objects.get(pk=user.person_id))
    number = selectors.person(user.person_id).citizen_number
    monkeypatch.setattr(registry, "population", lambda: Register("禾小满", number))
    hers = own_data.Holding("cases", owns=lambda who, number: (who, number) == (user.person_id, OWN))
    monkeypatch.setitem(own_data._holdings, "cases", hers)
    return user, recovery_online.Claim(IdentityFacts("禾小满", number, UNTIL), OWN, f.phone())


def ask(claim, at=f.NOON, address="203.0.113.9"):
    return recovery_online.ask(claim=claim, address=address, at=at, key=new_id())


def test_after_its_days_the_new_number_signs_in_and_what_was_open_ended(lost):
    user, claim = lost
    browser = f.signed_in(Client(), user)
    assert ask(claim) is None

    assert recovery_online.finish_due(LATER - timedelta(seconds=1)) == ""
    assert User.objects.get(pk=user.pk).phone == user.phone
    assert recovery_online.finish_due(LATER) == ""

    assert selectors.citizen_with_phone(claim.phone).pk == user.pk
    assert browser.get("/my/profile/").status_code == 302
    ended = AuditEntry.objects.filter(
        action="identity.agree_recovery", root_id=PhoneRecovery.objects.get().pk
    )
    assert ended.count() == 1, "the same end as at a window, by the same command"


@pytest.mark.parametrize("wrong", ["name", "card", "own", "nobody"])
def test_what_does_not_fit_gets_the_same_answer_and_nothing_begins(wrong, lost):
    _user, claim = lost
    facts = {
        "name": replace(claim.facts, name="禾小明"),
        "card": replace(claim.facts, valid_until="2039-09-01"),
        "own": claim.facts,
        "nobody": replace(claim.facts, citizen_number=f.citizen_number()),
    }[wrong]
    own = "99010420261109000999" if wrong == "own" else OWN

    assert ask(replace(claim, facts=facts, own_number=own)) is None

    assert not PhoneRecovery.objects.exists()
    assert AuditEntry.objects.filter(root_id=accounts.NOBODY, action="identity.refuse_recovery").exists()


def test_who_has_the_old_number_is_told_stops_it_and_for_thirty_days_only_a_window_helps(lost, settings):
    settings.MINGQU_SMS_CHANNEL = "double"
    user, claim = lost
    ask(claim)
    row = PhoneRecovery.objects.get()
    tell_of_recovery_asked(recovery.PhoneRecoveryAsked(row.pk), at=f.NOON)
    assert InboxMessage.objects.get(person_id=user.person_id).link == "/my/profile/recovery/"
    sent = {one.to for one in Outgoing.objects.filter(kind="phone_recovery_online")}
    assert user.phone in sent and claim.phone not in sent

    with pytest.raises(RecoveryOver):
        recovery_online.stop(recovery_id=row.pk, by=f.citizen()[1], at=f.NOON, key=new_id())
    browser = f.signed_in(Client(), user)
    assert "不是我，停止换号" in browser.get("/my/profile/recovery/").content.decode()
    browser.post("/my/profile/recovery/", {"key": str(new_id())})

    row.refresh_from_db()
    recovery_online.finish_due(LATER)
    assert row.state == "stopped" and User.objects.get(pk=user.pk).phone == user.phone
    stopped = row.answered_at
    ask(claim, stopped + timedelta(days=29))
    assert PhoneRecovery.objects.count() == 1
    ask(claim, stopped + timedelta(days=31))
    assert PhoneRecovery.objects.count() == 2


def test_a_number_changed_meanwhile_or_taken_ends_it_quietly(lost):
    _user, claim = lost
    ask(claim)
    services.open_account(phone=claim.phone, at=f.NOON)

    assert recovery_online.finish_due(LATER) == ""

    assert PhoneRecovery.objects.get().state == "called_off"
    with pytest.raises(PhoneTaken):
        ask(claim, LATER)


def test_guesses_are_few_for_an_address_a_number_and_a_telephone(lost):
    _user, claim = lost
    wrong = replace(claim, own_number="0")
    for _ in range(3):
        ask(replace(wrong, phone=f.phone()))
    with pytest.raises(TooManyAttempts):
        ask(replace(wrong, phone=f.phone()))
    ask(claim, address="203.0.113.10")
    assert PhoneRecovery.objects.exists(), "a stranger's address keeps nobody out"


def test_a_silent_register_is_told_to_everybody(lost, monkeypatch):
    _user, claim = lost

    def silent():
        raise SourceUnavailable()

    monkeypatch.setattr(registry, "population", silent)
    for number in (claim.facts.citizen_number, f.citizen_number()):
        with pytest.raises(SourceUnavailable):
            ask(replace(claim, facts=replace(claim.facts, citizen_number=number)))


def test_who_comes_to_a_window_with_her_document_goes_before_what_was_asked_online(lost):
    user, claim = lost
    ask(claim)
    clerk, other = f.staff_actor("window_clerk"), f.staff_actor("window_clerk", name="郑窗口")
    phone = f.phone()
    document = SeenDocument("citizen_number", claim.facts.citizen_number, "禾小满", phone)

    asked = recovery.ask(document=document, reason="急用", by=clerk, at=f.NOON, key=new_id())
    recovery.agree(recovery_id=asked, by=other, at=f.NOON, key=new_id())
    recovery_online.finish_due(LATER)

    assert User.objects.get(pk=user.pk).phone == phone


def test_clerks_see_and_answer_recoveries_of_their_own_region_alone(lost):
    _user, claim = lost
    clerk = f.staff_actor("window_clerk")
    far = f.staff_actor("window_clerk", department_id=f.department(region="990103000000"))
    above = f.staff_actor("window_clerk", department_id=f.department(region="990100000000"))
    document = SeenDocument("citizen_number", claim.facts.citizen_number, "禾小满", f.phone())
    asked = recovery.ask(document=document, reason="停用", by=clerk, at=f.NOON, key=new_id())

    assert recovery.waiting(far) == [] and recovery.waits_for(far) == 0
    for deed in (recovery.agree, recovery.decline):
        with pytest.raises(RecoveryOver):
            deed(recovery_id=asked, by=far, at=f.NOON, key=new_id())
    with pytest.raises(RecoveryOver):
        recovery.one(asked, far)
    assert [line.id for line in recovery.waiting(above)] == [asked] and recovery.waits_for(above) == 1


def test_what_was_asked_online_is_no_clerks_to_agree_to(lost):
    _user, claim = lost
    ask(claim)
    clerk = f.staff_actor("window_clerk")

    assert recovery.waiting(clerk) == []
    with pytest.raises(RecoveryOver):
        recovery.agree(recovery_id=PhoneRecovery.objects.get().pk, by=clerk, at=LATER, key=new_id())


def test_the_pages_say_the_same_whatever_was_typed(lost, monkeypatch):
    _user, claim = lost
    sent: dict[str, str] = {}
    monkeypatch.setattr(codes, "_sender", [lambda phone, code, minutes, at: sent.__setitem__(phone, code)])
    answers = []
    for own in (OWN, "没有这个号"):
        phone, browser = f.phone(), Client()
        given = {
            "name": "禾小满",
            "citizen_number": claim.facts.citizen_number,
            "valid_until": "20380901",
            "own_number": own,
            "phone": phone,
            "consent": "on",
        }
        assert browser.post("/sign-in/recovery/", given | {"phone": "1"}).status_code == 400
        assert browser.post("/sign-in/recovery/", given)["Location"] == "/sign-in/recovery/code/"
        done = browser.post("/sign-in/recovery/code/", {"code": sent[phone]}, follow=True)
        answers.append(done.content.decode().partition("<main")[2].partition("</main>")[0])
    assert PhoneRecovery.objects.count() == 1
    assert answers[0] == answers[1] and "已收到" in answers[0]
