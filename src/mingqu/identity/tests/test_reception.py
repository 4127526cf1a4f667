"""Who stands at the window is one person: found by the document seen, registered once, found again at sign-in."""

from uuid import uuid4

import pytest

from mingqu.forms import services as forms
from mingqu.forms.receivers import drafts_follow_their_owner
from mingqu.forms.selectors import drafts_of
from mingqu.identity import selectors, services
from mingqu.identity.errors import NameDiffers, NameMissing, NotAuthorised, WrongDocument
from mingqu.identity.events import AccountBound
from mingqu.identity.models import Person
from mingqu.identity.tests import factories as f
from mingqu.identity.types import SeenDocument
from mingqu.kernel.identifiers import IdentifierRefused
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return f.staff_actor("window_clerk")


def seen(number, name="禾小满", phone="", kind="citizen_number"):
    return SeenDocument(kind, number, name, phone)


def received(clerk, document):
    return services.receive_person(document=document, by=clerk, at=f.NOON, key=uuid4())


def looked_up(clerk, document, purpose="窗口办事"):
    return services.look_up_person(document=document, purpose=purpose, by=clerk, at=f.NOON, key=uuid4())


def account(phone):
    user = services.open_account(phone=phone, at=f.NOON)
    return user, Actor("citizen", user.person_id, user_id=user.id)


def bind(user, actor, name, number):
    return services.bind_account(
        user_id=user.id, name=name, citizen_number=number, by=actor, at=f.NOON, key=uuid4()
    )


def test_a_walk_in_is_registered_once_and_found_by_her_number(clerk):
    number = f.citizen_number()
    first = received(clerk, seen(number))

    assert received(clerk, seen(number)) == first
    assert looked_up(clerk, seen(number)).id == first
    assert looked_up(clerk, seen(f.citizen_number())) is None


def test_looking_somebody_up_is_an_entry_of_her_ledger_with_its_purpose(clerk):
    number = f.citizen_number()
    her = received(clerk, seen(number))

    looked_up(clerk, seen(number))

    entry = AuditEntry.objects.get(root_id=her, action="identity.look_up_person")
    assert entry.notes["purpose"] == "窗口办事" and entry.post_id == clerk.post_id


def test_a_household_register_and_an_identity_card_carry_the_same_number(clerk):
    number = f.citizen_number()

    assert received(clerk, seen(number)) == received(clerk, seen(number, kind="household_register"))


@pytest.mark.parametrize(
    ("document", "refusal"),
    [
        (seen("990104198002290017", name=""), NameMissing),
        (seen("990104198002290018"), IdentifierRefused),
        (seen("A1", kind="declared_name"), WrongDocument),
        (seen("990104198002290017", phone="12"), IdentifierRefused),
    ],
)
def test_what_is_not_right_on_the_document_is_refused_and_nobody_registered(clerk, document, refusal):
    before = Person.objects.count()
    if refusal is NameMissing:
        document = seen(f.citizen_number(), name=" ")

    with pytest.raises(refusal):
        received(clerk, document)

    assert Person.objects.count() == before


def test_a_number_under_another_name_is_a_typing_error_not_a_new_person(clerk):
    number = f.citizen_number()
    received(clerk, seen(number))

    with pytest.raises(NameDiffers):
        received(clerk, seen(number, name="何小满"))


def test_only_windows_look_people_up_and_register_them():
    reviewer = f.staff_actor("reviewer")

    with pytest.raises(NotAuthorised):
        looked_up(reviewer, seen(f.citizen_number()))
    with pytest.raises(NotAuthorised):
        received(reviewer, seen(f.citizen_number()))


def test_who_typed_a_number_online_is_not_found_by_it_until_her_document_is_seen(clerk):
    number = f.citizen_number()
    user, actor = account(f.phone())
    services.declare_identity(
        person_id=user.person_id, name="禾小满", citizen_number=number, by=actor, at=f.NOON, key=uuid4()
    )

    assert looked_up(clerk, seen(number)) is None
    assert received(clerk, seen(number, phone=user.phone)) == user.person_id
    assert Person.objects.get(pk=user.person_id).assurance == 2


def test_somebody_elses_account_with_my_number_does_not_become_mine(clerk):
    """Anyone can type a number; without the telephone that account proved, the person at the window is somebody new."""
    number = f.citizen_number()
    user, actor = account(f.phone())
    services.declare_identity(
        person_id=user.person_id, name="禾小满", citizen_number=number, by=actor, at=f.NOON, key=uuid4()
    )

    assert received(clerk, seen(number)) != user.person_id
    assert received(clerk, seen(number, phone=f.phone())) != user.person_id


def test_she_signs_in_with_the_telephone_the_clerk_noted_and_is_the_same_person(clerk):
    number, phone = f.citizen_number(), f.phone()
    her = received(clerk, seen(number, phone=phone))
    user, actor = account(phone)
    was = user.person_id
    begun = forms.start_draft(about="x", form_digest="d", context={}, by=actor, at=f.NOON)

    assert bind(user, actor, "禾小满", number)
    drafts_follow_their_owner(AccountBound(her, was, user.id), at=f.NOON)

    user.refresh_from_db()
    assert user.person_id == her and selectors.contact_of(her) == phone
    assert [d.draft_id for d in drafts_of(Actor("citizen", her), at=f.NOON)] == [begun.draft_id]


@pytest.mark.parametrize("wrong", ["name", "number", "phone", "no phone"])
def test_one_thing_that_differs_binds_nothing_and_tells_nothing(clerk, wrong):
    number, phone = f.citizen_number(), f.phone()
    her = received(clerk, seen(number, phone="" if wrong == "no phone" else phone))
    user, actor = account(f.phone() if wrong == "phone" else phone)
    said = {"name": "禾大满" if wrong == "name" else "禾小满"}
    given = f.citizen_number() if wrong == "number" else number

    assert not bind(user, actor, said["name"], given)

    user.refresh_from_db()
    assert user.person_id != her


def test_an_account_that_said_who_it_is_before_stays_what_it_is(clerk):
    number, phone = f.citizen_number(), f.phone()
    user, actor = account(phone)
    services.declare_identity(
        person_id=user.person_id,
        name="另一人",
        citizen_number=f.citizen_number(),
        by=actor,
        at=f.NOON,
        key=uuid4(),
    )
    received(clerk, seen(number, phone=phone))

    assert not bind(user, actor, "禾小满", number)


def test_nobody_binds_another_ones_account(clerk):
    user, _actor = account(f.phone())
    _other, stranger = account(f.phone())

    with pytest.raises(NotAuthorised):
        bind(user, stranger, "禾小满", f.citizen_number())


def test_a_wrong_number_is_left_to_the_form_that_asks_for_it(clerk):
    user, actor = account(f.phone())

    assert not bind(user, actor, "禾小满", "12345")
