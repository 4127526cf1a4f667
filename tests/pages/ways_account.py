"""How one gets to the states of pages about the account as a whole, and of a lost number."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from mingqu.identity import confirming
from mingqu.identity.models import Person, PhoneRecovery
from mingqu.identity.services import accounts, closing, copies, recovery_online
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from tests.pages.made import Way
from tests.stage import Stage

NO_COPY = "00000000-0000-4000-8000-000000000000"


def asked_to_close(client: Client, stage: Stage) -> None:
    """A newcomer whose account closes in some days."""
    by, at = accounts.as_actor(stage.users["newcomer"]), timezone.now()
    if closing.waiting(stage.users["newcomer"].pk) is None:
        closing.ask(by=by, at=at, key=new_id())


def copy_made(client: Client, stage: Stage) -> None:
    """A newcomer whose copy of her data is ready."""
    by, at = accounts.as_actor(stage.users["newcomer"]), timezone.now()
    if not copies.copies_of(by.id):
        copies.make(copies.ask(by=by, at=at, key=new_id()), at)


def code_for(url_name: str) -> Way:
    """A code for this page is on its way to the newcomer's telephone."""

    def way(client: Client, stage: Stage) -> None:
        session = client.session
        session[confirming.KEPT] = {
            "purpose": {"identity:close_code": "close", "identity:take_code": "take"}[url_name],
            "facts": {"key": str(new_id()), "copy": NO_COPY},
            "code": "111111",
            "at": timezone.now().timestamp(),
            "issue": str(new_id()),
        }
        session.save()

    return way


def number_is_changing(client: Client, stage: Stage) -> None:
    """Somebody asked online for another number of this account."""
    user, at = stage.users["newcomer"], timezone.now()
    given = {"user_id": user.pk, "person_id": user.person_id, "old_phone": user.phone, "reason": ""}
    days = {"asked_at": at, "due_at": at + timedelta(days=3), "new_phone": people.phone()}
    if recovery_online.waiting(user.pk) is None:
        PhoneRecovery.objects.create(state="waiting", **given, **days)


def new_number_given(client: Client, stage: Stage) -> None:
    """Facts were typed and a code went to the new number."""
    phone, session = people.phone(), client.session
    facts = {
        "name": "禾小满",
        "citizen_number": people.citizen_number(),
        "valid_until": "long",
        "own_number": "1",
    }
    session["recover_online"] = {**facts, "phone": phone, "key": str(new_id())}
    sent = {"phone": phone, "code": "111111", "at": timezone.now().timestamp(), "issue": str(new_id())}
    session["phone_change"] = sent
    session.save()


def known_by_document(client: Client, stage: Stage) -> None:
    """Somebody whose document was checked, and nothing more yet."""
    user, _actor = people.citizen("禾小满", at=timezone.now())
    Person.objects.filter(pk=user.person_id).update(assurance=2)
    client.logout()
    people.signed_in(client, user)


def face_begun(client: Client, stage: Stage) -> None:
    """A check of the face was begun in this session."""
    session = client.session
    session["face"] = {"reference": "r1", "next": "", "key": str(new_id()), "at": timezone.now().timestamp()}
    session.save()
