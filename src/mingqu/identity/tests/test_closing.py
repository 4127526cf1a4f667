"""Closing one's account: what bars it, the days to change one's mind, what goes, what stays, what a new one sees."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from mingqu.cases.tests import factories as cases
from mingqu.forms.models import Draft
from mingqu.identity import selectors, services
from mingqu.identity.account_errors import ClosingAsked, ClosingBarred, ClosingOver, ProofOver
from mingqu.identity.errors import ActingForAnother, UnknownAccount, WrongCode
from mingqu.identity.events import AccountClosed, ClosingAskedFor, ClosingEnded
from mingqu.identity.models import AccountClosing, Capacity, OutsideLink, PartyNumber, Person, User
from mingqu.identity.openid import links
from mingqu.identity.openid.types import Outsider
from mingqu.identity.services import accounts, closing, codes
from mingqu.identity.tests import factories as f
from mingqu.identity.tests import households
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.kernel.types import Actor
from mingqu.notifications.models import InboxMessage
from mingqu.portal.receivers import tell_of_closing_asked, tell_of_closing_stopped

pytestmark = pytest.mark.django_db
LATER = f.NOON + timedelta(days=7)


def ask(actor: Actor, at=f.NOON):
    return closing.ask(by=actor, at=at, key=new_id())


def closed(user: User) -> AccountClosing:
    """After its days, as the sweep does it."""
    asked = ask(accounts.as_actor(user))
    assert closing.close_due(LATER) == ""
    return AccountClosing.objects.get(pk=asked)


def test_after_its_days_nobody_signs_in_and_the_number_opens_a_new_account_that_sees_nothing_of_the_old():
    user, _actor = f.citizen("禾小满")
    phone = user.phone
    browser = f.signed_in(Client(), user)

    row = closed(user)

    user.refresh_from_db()
    assert (row.state, user.is_active, user.phone, user.phone_index) == ("done", False, None, None)
    assert browser.get("/my/profile/").status_code == 302, "open sessions ended"
    with pytest.raises(UnknownAccount):
        services.unlock_user(user_id=user.pk, by=f.SYSTEM, at=LATER, key=new_id())
    again = services.open_account(phone=phone, at=LATER)
    assert again.pk != user.pk and again.person_id != user.person_id
    assert selectors.person(again.person_id).name == ""


def test_who_never_had_anything_done_is_forgotten_whole_and_may_be_known_anew():
    user, _actor = f.citizen("禾小满")
    number = selectors.person(user.person_id).citizen_number
    Person.objects.filter(pk=user.person_id).update(assurance=2, contact_phone="19900001111")
    services.people.enter_numbers(Person.objects.get(pk=user.person_id))

    closed(user)

    person = Person.objects.get(pk=user.person_id)
    assert (person.name, person.citizen_number, person.contact_phone, person.assurance) == (
        None,
        None,
        None,
        0,
    )
    assert not PartyNumber.objects.filter(party_id=person.pk).exists()
    assert selectors.verified_person_id(number) is None


def test_a_filed_case_bars_it_and_once_withdrawn_keeps_who_filed_it():
    world = cases.world()
    case = cases.received_case(world)
    user = User.objects.get(person_id=case.applicant_id)
    actor = accounts.as_actor(user)
    name = selectors.person(user.person_id).name

    with pytest.raises(ClosingBarred) as barred:
        ask(actor)
    assert "1件申请还没有办完" in barred.value.message
    page = f.signed_in(Client(), user).get("/my/profile/close/").content.decode()
    assert f"/cases/{case.number}/progress/" in page and "获取验证码" not in page
    assert not AccountClosing.objects.exists()

    type(case).objects.filter(pk=case.pk).update(status="withdrawn")
    closed(user)

    assert selectors.person(user.person_id).name == name
    assert OutboxEvent.objects.filter(name=AccountClosed.name, payload__kept=True).exists()


def test_what_begins_in_the_days_between_stops_it():
    world = cases.world()
    case = cases.received_case(world)
    user = User.objects.get(person_id=case.applicant_id)
    type(case).objects.filter(pk=case.pk).update(status="withdrawn")
    asked = ask(accounts.as_actor(user))
    type(case).objects.filter(pk=case.pk).update(status="received")

    closing.close_due(LATER)

    user.refresh_from_db()
    assert user.is_active and AccountClosing.objects.get(pk=asked).state == "stopped"
    tell_of_closing_stopped(ClosingEnded(asked, user.person_id), at=LATER)
    assert InboxMessage.objects.filter(person_id=user.person_id, kind="closing_stopped").count() == 1


def test_she_may_change_her_mind_and_nobody_else_may_for_her():
    user, actor = f.citizen()
    asked = ask(actor)
    tell_of_closing_asked(ClosingAskedFor(asked, actor.id), at=f.NOON)
    told = InboxMessage.objects.get(person_id=actor.id, kind="closing_asked")
    assert "2026年11月27日（周五）12:00" in told.body and told.link == "/my/profile/close/"
    with pytest.raises(ClosingAsked):
        ask(actor)
    with pytest.raises(ClosingOver):
        closing.call_off(closing_id=asked, by=f.citizen()[1], at=f.NOON, key=new_id())

    closing.call_off(closing_id=asked, by=actor, at=f.NOON, key=new_id())

    closing.close_due(LATER)
    assert User.objects.get(pk=user.pk).is_active
    with pytest.raises(ClosingOver):
        closing.call_off(closing_id=asked, by=actor, at=f.NOON, key=new_id())


def test_before_the_last_instant_nothing_is_done_and_a_second_sweep_does_nothing_twice():
    user, actor = f.citizen()
    asked = ask(actor)
    closing.close_due(LATER - timedelta(seconds=1))
    assert User.objects.get(pk=user.pk).is_active

    closing.close_due(LATER)
    closing.carry_out(asked, LATER)
    closing.close_due(LATER + timedelta(days=1))

    assert AuditEntry.objects.filter(root_id=asked, action="identity.close_account").count() == 1


def test_authorities_of_both_sides_end_and_what_waits_under_the_number_is_declined():
    house = households.made(f.NOON)
    mother = accounts.as_actor(house.mother)
    ask(mother)

    closing.close_due(LATER)

    assert Capacity.objects.get(pk=house.relative).state == "ended"
    assert Capacity.objects.get(pk=house.offered).state == "declined"


def test_the_only_representative_ends_what_she_gave_for_the_firm_first():
    house = households.made(f.NOON)
    daughter = accounts.as_actor(house.daughter)
    given = households.Authority("邱桂芬", house.mother.phone or "", f.NOON.date() + timedelta(days=30))
    handler = services.appoint_handler(
        firm_id=house.firm, authority=given, by=daughter, at=f.NOON, key=new_id()
    )

    with pytest.raises(ClosingBarred) as barred:
        ask(daughter)

    assert "澜州市青澜文具有限公司" in barred.value.message
    services.end_capacity(capacity_id=handler, by=daughter, at=f.NOON, key=new_id())
    assert ask(daughter)


def test_links_and_drafts_go_with_it():
    user, actor = f.citizen()
    who = Outsider("https://id.example.org", "hers", 1)
    links.link(who=who, by=actor, at=f.NOON, key=new_id())
    row = closed(user)
    assert not OutsideLink.objects.filter(user_id=user.pk).exists() and links.account_of(who, LATER) is None

    from mingqu.forms.receivers import drafts_of_closed_account

    keep = {"form_digest": "x", "started_at": f.NOON, "saved_at": f.NOON, "expires_at": LATER}
    Draft.objects.create(about="a", owner_id=user.person_id, **keep)
    filed = Draft.objects.create(about="b", owner_id=user.person_id, filed_at=f.NOON, **keep)
    drafts_of_closed_account(AccountClosed(row.pk, user.person_id, user.pk, False), at=LATER)
    assert list(Draft.objects.filter(owner_id=user.person_id)) == [filed]


def test_the_database_knows_no_open_account_without_a_number():
    user, _actor = f.citizen()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(phone=None, phone_index=None, is_active=False)


def test_who_acts_for_another_does_not_close_that_persons_account():
    house = households.made(f.NOON)
    actor, _ = selectors.citizen_actor(
        house.daughter,
        "邱晓岚",
        selectors.capacities_of(house.daughter.person_id, f.NOON.date()),
        str(house.relative),
    )
    assert actor.id == house.mother.person_id
    with pytest.raises(ActingForAnother):
        ask(actor)


def test_the_pages_ask_for_the_telephone_again(monkeypatch):
    user, _actor = f.citizen()
    sent: dict[str, str] = {}
    monkeypatch.setattr(codes, "_sender", [lambda phone, code, minutes, at: sent.__setitem__(phone, code)])
    browser = f.signed_in(Client(), user)
    assert browser.get("/my/profile/close/code/")["Location"] == "/my/profile/close/"
    assert browser.post("/my/profile/close/", {}).status_code == 400
    assert browser.post("/my/profile/close/", {"understood": "on"})["Location"] == "/my/profile/close/code/"
    wrong = f"{(int(sent[user.phone]) + 1) % 1_000_000:06d}"
    refused = browser.post("/my/profile/close/code/", {"code": wrong})
    assert refused.status_code == 400 and WrongCode().message in refused.content.decode()
    assert not AccountClosing.objects.exists()

    browser.post("/my/profile/close/code/", {"code": sent[user.phone]})

    assert AccountClosing.objects.get().state == "waiting"
    assert "您已申请注销" in browser.get("/my/profile/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', browser.get("/my/profile/close/").content.decode())
    browser.post("/my/profile/close/keep/", {"key": key[1]})
    assert AccountClosing.objects.get().state == "called_off"


def test_a_code_proves_one_purpose_only(rf, monkeypatch):
    from mingqu.identity import confirming

    user, _actor = f.citizen()
    sent: dict[str, str] = {}
    monkeypatch.setattr(codes, "_sender", [lambda phone, code, minutes, at: sent.__setitem__(phone, code)])
    request = rf.get("/")
    request.user, request.at, request.session = user, f.NOON, {}
    confirming.begin(request, "take", copy="1")

    with pytest.raises(ProofOver):
        confirming.prove(request, "close", sent[user.phone])

    assert confirming.prove(request, "take", sent[user.phone]) == {"copy": "1"}
    with pytest.raises(ProofOver):
        confirming.prove(request, "take", sent[user.phone])
