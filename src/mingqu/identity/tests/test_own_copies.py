"""A copy of one's own data: made by a job, taken after a code, gone after its days, nothing of others in it."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.test import Client

from mingqu.cases.tests import factories as cases
from mingqu.identity import selectors
from mingqu.identity.account_errors import CopyAsked, CopyGone, OnTerminal
from mingqu.identity.errors import TooManyAttempts
from mingqu.identity.events import CopyReady
from mingqu.identity.models import OwnCopy, User
from mingqu.identity.services import accounts, codes, copies, own_data
from mingqu.identity.tests import factories as f
from mingqu.identity.tests import households
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.notifications.models import InboxMessage
from mingqu.portal.receivers import tell_of_own_copy

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def ask(actor, at=f.NOON):
    return copies.ask(by=actor, at=at, key=new_id())


def taken(actor, copy_id, at=f.NOON):
    _name, data = copies.take(copy_id=copy_id, by=actor, at=at, key=new_id())
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return json.loads(file.read("data.json")), file.read("我的数据.html").decode()


def made(actor, at=f.NOON):
    found = ask(actor, at)
    copies.make(found, at)
    return found


def test_it_shows_a_filed_case_with_what_was_filled_in_and_masks_other_people():
    world = cases.world()
    case = cases.received_case(world)
    actor = accounts.as_actor(User.objects.get(person_id=case.applicant_id))
    me = selectors.person(case.applicant_id)

    data, page = taken(actor, made(actor))

    parts = data["parts"]
    assert parts["person"]["rows"][0]["citizen_number"] == me.citizen_number
    assert [row["number"] for row in parts["cases"]["rows"]] == [case.number] and case.number in page
    answers = {row["question"]: row["answer"] for row in parts["answers"]["rows"]}
    assert "清禾小馆" in answers.values()
    assert "19900001234" not in page, "the manager's telephone is not hers"


def test_what_was_forgotten_while_it_was_gathered_does_not_come_back(monkeypatch):
    """An account closed in between: its copies are deleted once, nothing would delete what came after."""
    _user, actor = f.citizen("禾小满")
    found = ask(actor)

    def forgotten(person_id):
        copies.forget(person_id, f.NOON)
        return []

    monkeypatch.setattr(own_data, "holdings", lambda: [own_data.Holding("late", copy=forgotten)])
    copies.make(found, f.NOON)

    row = OwnCopy.objects.get(pk=found)
    assert (row.state, row.parts, row.made_at) == ("gone", [], None)


def test_agent_and_family_are_masked():
    house = households.made(f.NOON)
    mother = accounts.as_actor(house.mother)

    data, page = taken(mother, made(mother))

    shown = json.dumps(data, ensure_ascii=False)
    assert "邱桂芬" in shown and "邱晓岚" not in shown + page
    assert house.daughter.phone not in shown + page and len(data["parts"]["authorities"]["rows"]) == 2


def test_once_an_hour_one_at_a_time():
    _user, actor = f.citizen()
    first = ask(actor)
    with pytest.raises(CopyAsked):
        ask(actor, f.NOON + HOUR)
    copies.make(first, f.NOON)
    with pytest.raises(TooManyAttempts):
        ask(actor, f.NOON + HOUR / 2)

    assert ask(actor, f.NOON + HOUR)


def test_it_is_its_owners_alone_and_gone_after_its_days():
    _user, actor = f.citizen()
    found = made(actor)
    with pytest.raises(CopyGone):
        taken(f.citizen()[1], found)
    assert taken(actor, found)
    after = f.NOON + timedelta(days=7)
    with pytest.raises(CopyGone):
        taken(actor, found, after)

    assert copies.sweep(after) == ""

    row = OwnCopy.objects.get(pk=found)
    assert (row.state, row.parts, row.taken) == ("gone", [], 1)
    said = AuditEntry.objects.filter(root_id=found).values_list("action", flat=True)
    assert {"identity.ask_own_copy", "identity.make_own_copy", "identity.take_own_copy"} < set(said)


def test_made_twice_it_is_made_once_and_a_lost_job_is_given_again():
    _user, actor = f.citizen()
    found = ask(actor)
    copies.sweep(f.NOON + timedelta(minutes=3))
    assert OwnCopy.objects.get(pk=found).queued_at == f.NOON + timedelta(minutes=3)

    copies.make(found, f.NOON)
    copies.make(found, f.NOON + HOUR)

    assert OwnCopy.objects.get(pk=found).made_at == f.NOON
    tell_of_own_copy(CopyReady(found, actor.id), at=f.NOON)
    assert InboxMessage.objects.get(person_id=actor.id, kind="own_copy_ready").link == "/my/data/"


def test_the_page_asks_for_a_code_and_a_terminal_gives_nothing(monkeypatch):
    user, _actor = f.citizen()
    sent: dict[str, str] = {}
    monkeypatch.setattr(codes, "_sender", [lambda phone, code, minutes, at: sent.__setitem__(phone, code)])
    browser = f.signed_in(Client(), user)
    browser.post("/my/data/", {"key": str(new_id())})
    found = OwnCopy.objects.get(person_id=user.person_id)
    copies.make(found.pk, found.asked_at)

    assert "获取验证码" in browser.get("/my/data/").content.decode()
    assert browser.post(f"/my/data/{found.pk}/take/")["Location"] == "/my/data/code/"
    file = browser.post("/my/data/code/", {"code": sent[user.phone]})
    assert file["Content-Type"] == "application/zip" and "no-store" in file["Cache-Control"]
    assert browser.post("/my/data/code/", {"code": sent[user.phone]}).status_code == 302, "a code counts once"
    browser.cookies["mq_kiosk"] = "on"
    refused = browser.post(f"/my/data/{found.pk}/take/")
    assert refused.status_code == 403 and OnTerminal().message in refused.content.decode()
