"""Who lost her number gets another at the window: by her document, a code on the new number, and a second clerk."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from mingqu.identity import selectors, services
from mingqu.identity.errors import (
    NameDiffers,
    NotAuthorised,
    PhoneTaken,
    RecoveryAsked,
    RecoveryOver,
    RecoveryUnknown,
    ScanOver,
    TooManyAttempts,
)
from mingqu.identity.events import PhoneRecovered, PhoneRecoveryAsked
from mingqu.identity.models import PhoneRecovery, User
from mingqu.identity.openid import links
from mingqu.identity.openid.types import Outsider
from mingqu.identity.services import accounts, codes, recovery, scanning
from mingqu.identity.tests import factories as f
from mingqu.identity.tests.applications import Application
from mingqu.identity.types import SeenDocument
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import OutboxEvent
from mingqu.kernel.second_person import DeedReasonMissing, SecondPersonNeeded
from mingqu.notifications.models import InboxMessage, Outgoing
from mingqu.portal.receivers import tell_of_recovery, tell_of_recovery_asked

pytestmark = pytest.mark.django_db
NAME, REASON = "禾小满", "号码停用，身份证原件"


@pytest.fixture
def clerk():
    return f.staff_actor("window_clerk")


@pytest.fixture
def other():
    return f.staff_actor("window_clerk", name="郑窗口")


@pytest.fixture
def lost(clerk):
    """(account, number) of somebody whose document was seen once, and who signed in with a number she has no more."""
    number, phone = f.citizen_number(), f.phone()
    document = SeenDocument("citizen_number", number, NAME, phone)
    person = services.receive_person(document=document, by=clerk, at=f.NOON, key=new_id())
    user = services.open_account(phone=phone, at=f.NOON)
    actor = f.Actor("citizen", user.person_id, user_id=user.pk)
    services.bind_account(
        user_id=user.pk, name=NAME, citizen_number=number, by=actor, at=f.NOON, key=new_id()
    )
    user = User.objects.get(pk=user.pk)
    assert user.person_id == person
    return user, number


def ask(clerk, number, phone="", name=NAME, reason=REASON):
    document = SeenDocument("citizen_number", number, name, phone or f.phone())
    return recovery.ask(document=document, reason=reason, by=clerk, at=f.NOON, key=new_id())


def agree(recovery_id, by):
    recovery.agree(recovery_id=recovery_id, by=by, at=f.NOON, key=new_id())


def test_one_clerk_asks_another_agrees_and_the_new_number_signs_in(clerk, other, lost):
    user, number = lost
    browser, app = f.signed_in(Client(), user), Application()
    given = app.tokens(app.code(browser)).json()
    phone = f.phone()

    agree(ask(clerk, number, phone), other)

    assert (
        selectors.citizen_with_phone(phone).pk == user.pk and selectors.citizen_with_phone(user.phone) is None
    )
    assert browser.get("/my/profile/").status_code == 302, "what was open on the lost telephone has ended"
    assert app.facts(given["access_token"]).status_code == 401


def test_who_asked_does_not_agree_and_the_database_holds_it(clerk, lost):
    user, number = lost
    asked = ask(clerk, number)

    with pytest.raises(SecondPersonNeeded):
        agree(asked, clerk)

    assert User.objects.get(pk=user.pk).phone == user.phone
    with pytest.raises(DatabaseError), transaction.atomic():
        PhoneRecovery.objects.filter(pk=asked).update(state="done", answered_by=clerk.id)


def test_what_was_opened_with_the_lost_telephone_is_no_way_in_any_more(clerk, other, lost):
    user, number = lost
    thief, by = Outsider("https://id.example.org", "of-the-finder", 1), accounts.as_actor(user)
    links.link(who=thief, by=by, at=f.NOON, key=new_id())
    waiting = scanning.ask(browser="Chrome", address="203.0.113.9", at=f.NOON)
    given = {"scan_id": waiting.id, "secret": waiting.scan, "picked": waiting.number}
    scanning.answer(**given, by=by, at=f.NOON, key=new_id())

    agree(ask(clerk, number), other)

    assert links.account_of(thief, f.NOON) is None
    with pytest.raises(ScanOver):
        scanning.spend(scan_id=waiting.id, own=waiting.own, at=f.NOON)


def test_a_request_ends_with_a_number_she_changed_herself_and_with_its_days(clerk, other, lost):
    user, number = lost
    asked, phone = ask(clerk, number), f.phone()
    with pytest.raises(RecoveryOver):
        recovery.agree(recovery_id=asked, by=other, at=f.NOON + recovery.HOLDS * 2, key=new_id())

    by = f.Actor("citizen", user.person_id, user_id=user.pk)
    accounts.change_phone(user_id=user.pk, phone=phone, by=by, at=f.NOON, key=new_id())

    with pytest.raises(RecoveryOver):
        agree(asked, other)
    assert User.objects.get(pk=user.pk).phone == phone


@pytest.mark.parametrize("who", ["clerk", "other"])
def test_what_is_called_off_or_refused_changes_nothing_and_is_over(who, clerk, other, lost):
    user, number = lost
    asked, by = ask(clerk, number), {"clerk": clerk, "other": other}[who]

    recovery.decline(recovery_id=asked, by=by, at=f.NOON, key=new_id())

    assert PhoneRecovery.objects.get().state == {"clerk": "called_off", "other": "refused"}[who]
    with pytest.raises(RecoveryOver):
        agree(asked, other)
    assert User.objects.get(pk=user.pk).phone == user.phone


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"name": "别人"}, NameDiffers),
        ({"number": "other"}, RecoveryUnknown),
        ({"reason": " "}, DeedReasonMissing),
        ({"phone": "taken"}, PhoneTaken),
    ],
)
def test_a_request_that_does_not_fit_is_refused(changed, refusal, clerk, lost):
    given = {"number": lost[1]} | changed
    if given["number"] == "other":
        given["number"] = f.citizen_number()
    if "phone" in given:
        given["phone"] = f.citizen()[0].phone

    with pytest.raises(refusal):
        ask(clerk, **given)

    assert not PhoneRecovery.objects.exists()


def test_an_account_that_only_claims_the_number_is_nobodys_to_recover(clerk):
    user, _actor = f.citizen(NAME)

    with pytest.raises(RecoveryUnknown):
        ask(clerk, selectors.person(user.person_id).citizen_number)


def test_one_request_waits_at_a_time_and_a_number_taken_meanwhile_is_told(clerk, other, lost):
    _user, number = lost
    phone = f.phone()
    asked = ask(clerk, number, phone)
    with pytest.raises(RecoveryAsked):
        ask(other, number)
    services.open_account(phone=phone, at=f.NOON)

    with pytest.raises(PhoneTaken):
        agree(asked, other)

    assert PhoneRecovery.objects.get().state == "waiting"


def test_looking_for_people_this_way_is_counted_and_for_clerks_alone(clerk, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"people_searched": (1, 3600)}
    with pytest.raises(NotAuthorised):
        ask(f.staff_actor("hall_manager"), f.citizen_number())
    with pytest.raises(RecoveryUnknown):
        ask(clerk, f.citizen_number())
    with pytest.raises(TooManyAttempts):
        ask(clerk, f.citizen_number())


def test_the_old_number_hears_of_it_before_and_after(clerk, other, lost, settings):
    settings.MINGQU_SMS_CHANNEL = "double"
    user, number = lost
    asked = ask(clerk, number)
    names = set(OutboxEvent.objects.values_list("name", flat=True))
    assert PhoneRecoveryAsked.name in names and PhoneRecovered.name not in names

    tell_of_recovery_asked(PhoneRecoveryAsked(asked), at=f.NOON)
    agree(asked, other)
    tell_of_recovery(PhoneRecovered(asked), at=f.NOON)

    sent = [
        (row.kind, row.to) for row in Outgoing.objects.filter(kind__startswith="phone_recover").order_by("id")
    ]
    assert ("phone_recovery_asked", user.phone) in sent and ("phone_recovered", user.phone) in sent
    assert InboxMessage.objects.filter(person_id=user.person_id, kind="phone_recovered").count() == 1


def test_the_pages_of_two_clerks(lost, monkeypatch):
    user, number = lost
    received: dict[str, str] = {}
    monkeypatch.setattr(
        codes, "_sender", [lambda phone, code, minutes, at: received.__setitem__(phone, code)]
    )
    first = f.signed_in(Client(), f.staff_user("周敏", f.post(None, "window_clerk")))
    second = f.signed_in(Client(), f.staff_user("郑窗口", f.post(None, "window_clerk")))
    phone = f.phone()
    given = {
        "kind": "citizen_number",
        "number": number,
        "name": NAME,
        "phone": phone,
        "reason": REASON,
        "seen": "on",
    }

    assert first.post("/staff/recoveries/new/", given | {"seen": ""}).status_code == 400
    assert first.post("/staff/recoveries/new/", given)["Location"] == "/staff/recoveries/new/code/"
    wrong = f"{(int(received[phone]) + 1) % 1_000_000:06d}"
    assert first.post("/staff/recoveries/new/code/", {"code": wrong}).status_code == 400
    first.post("/staff/recoveries/new/code/", {"code": received[phone]})

    assert "等别人复核" in first.get("/staff/recoveries/").content.decode()
    page = second.get("/staff/recoveries/").content.decode()
    asked = PhoneRecovery.objects.get()
    assert NAME in page and number not in page and phone not in page
    assert REASON in second.get(f"/staff/recoveries/{asked.pk}/agree/").content.decode()
    second.post(f"/staff/recoveries/{asked.pk}/agree/", {"stage": "do", "key": str(new_id())})
    assert User.objects.get(pk=user.pk).phone == phone
    assert second.get(f"/staff/recoveries/{asked.pk}/agree/").status_code == 409
