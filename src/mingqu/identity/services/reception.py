"""
Who stands at the window: found by the document in the clerk's hands, exactly, or registered; and found again when
they sign in by telephone later, so that nobody exists twice.
"""

from dataclasses import replace
from uuid import UUID

from django.conf import settings

from mingqu.identity import selectors
from mingqu.identity.errors import NameDiffers, NotAuthorised, PhoneTaken, WrongDocument
from mingqu.identity.events import AccountBound
from mingqu.identity.models import Person, User
from mingqu.identity.services import access, limits
from mingqu.identity.services.people import (
    DOCUMENT_SEEN,
    enter_numbers,
    for_field,
    name_of,
    person_for_update,
    set_citizen_number,
    set_document,
)
from mingqu.identity.types import AssistingActor, Mandate, PersonView, SeenDocument, StaffActor
from mingqu.kernel.codelists import code_list
from mingqu.kernel.commands import command
from mingqu.kernel.errors import KeyReused
from mingqu.kernel.identifiers import CitizenNumber, IdentifierRefused, Phone
from mingqu.kernel.identifiers.documents import check_document
from mingqu.kernel.types import Actor, Instant

SEARCHED = "people_searched"  # limit: how often one member of staff may look for somebody by a number


def look_up_person(
    *, document: SeenDocument, purpose: str, by: Actor, at: Instant, key: UUID
) -> PersonView | None:
    """
    The person whose checked document this is, or None. Looking is an entry of the person's ledger, with its purpose;
    in vain, one of its own with a digest of the number, and numbers can't be tried one after the other.

    Raises NotAuthorised, TooManyAttempts, or what is wrong with the number.
    """
    access.require_may(by, "identity.see_people")
    number = checked_number(document)
    count_search(by, at)
    found = selectors.person_with_document(document.kind, number)
    with command("identity.look_up_person", found.id if found else key, by=by, at=at, key=key) as cmd:
        if not cmd.repeated:
            cmd.note(purpose=purpose, found=found is not None)
            if found is None:
                cmd.note_digest(number=number)
            cmd.done(None)
    return found


def count_search(by: Actor, at: Instant) -> None:
    """Before anybody of staff looks for a person by a number. Raises TooManyAttempts."""
    limits.spend(SEARCHED, str(by.id), at=at)


def receive_person(*, document: SeenDocument, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    The person before the clerk, whose document the clerk has seen (AAL2): who was registered before; else who told
    this number online and whose proved telephone is the one the person names; else somebody new, whose id is `key`.

    A number alone that somebody typed online never makes that account this person's: anyone can type a number.
    Raises NameMissing, NameDiffers, WrongDocument, NumberTaken, KeyReused, NotAuthorised, TooManyAttempts (each asks
    who has a number, like a search), or what is wrong with a number.
    """
    access.require_may(by, "identity.create_person")
    number, phone = checked_number(document), _phone(document.phone)
    name = name_of(document.name)
    count_search(by, at)
    known = selectors.person_with_document(document.kind, number)
    if known is not None:
        return _known(known, replace(document, name=name, phone=phone), by, at, key)
    claimed = _who_claims(document.kind, number, phone)
    root = claimed.id if claimed else key
    with command("identity.receive_person", root, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return root
        person = person_for_update(root) if claimed else _somebody_new(root, at)
        person.name, person.assurance = name, DOCUMENT_SEEN
        if selectors.carries_citizen_number(document.kind):
            set_citizen_number(person, number, at)
        else:
            set_document(person, document.kind, number)
        person.contact_phone = phone or person.contact_phone
        person.save()
        enter_numbers(person)
        cmd.note(assurance=DOCUMENT_SEEN, document=document.kind, registered=claimed is None)
        if document.consent:
            cmd.note(consent=document.consent)
        cmd.note_digest(name=name, number=number, phone=phone)
        cmd.done(None)
    return root


def _somebody_new(person_id: UUID, at: Instant) -> Person:
    """Her id is the key a page made up: one that names somebody already is a forged one. Raises KeyReused."""
    if Person.objects.filter(pk=person_id).exists():
        raise KeyReused()
    return Person(id=person_id, created_at=at)


def _known(known: PersonView, told: SeenDocument, by: Actor, at: Instant, key: UUID) -> UUID:
    """Registered before: the document must bear the same name; a telephone named now replaces the one before."""
    phone = told.phone
    if known.name != told.name:
        raise NameDiffers(field="name")
    if phone and phone != known.contact_phone:
        with command("identity.note_contact", known.id, by=by, at=at, key=key) as cmd:
            if not cmd.repeated:
                Person.objects.filter(pk=known.id).update(contact_phone=phone)
                cmd.note_digest(phone=phone)
                if told.consent:
                    cmd.note(consent=told.consent)
                cmd.done(None)
    return known.id


def _who_claims(kind: str, number: str, phone: str) -> PersonView | None:
    """Who told this citizen number online and proved this telephone."""
    if not phone or not selectors.carries_citizen_number(kind):
        return None
    for person in selectors.people_with_number(number):
        if person.assurance < DOCUMENT_SEEN and selectors.phone_of(person.id) == phone:
            return person
    return None


def bind_account(*, user_id: UUID, name: str, citizen_number: str, by: Actor, at: Instant, key: UUID) -> bool:
    """
    The account becomes that of the person a clerk registered, if its proved telephone is the one that person named
    at the window, and name and number are that person's. True if so; what the account's empty person had begun
    follows (AccountBound). Anything else changes nothing and tells nothing.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None or by.user_id != user_id or user.kind != User.Kind.CITIZEN:
        raise NotAuthorised()
    found = _registered_as(user, name, citizen_number)
    if found is None:
        return False
    with command("identity.bind_account", found, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return True
        person_for_update(found)
        user = User.objects.select_for_update().get(pk=user_id)
        before = user.person_id
        if selectors.account_of(found) is not None:
            raise PhoneTaken(field="phone")  # another account became hers at this moment
        user.person_id = found
        user.save(update_fields=["person_id"])
        cmd.note(user=user_id)
        cmd.publish(AccountBound(found, before, user_id))
        cmd.done(None)
    return True


def _registered_as(user: User, name: str, citizen_number: str) -> UUID | None:
    """The person with this checked number and name who named this account's telephone and has no account yet."""
    try:
        number = str(CitizenNumber.parse(citizen_number, demo=settings.MINGQU_DEMO))
    except IdentifierRefused:
        return None  # the command that takes the number says what is wrong with it
    found = selectors.verified_person_id(number)
    if found is None or found == user.person_id or not user.phone_verified_at:
        return None
    if selectors.person(user.person_id).assurance > 0:
        return None  # this account said who it is before: two people's things are never mixed by a form
    person = selectors.person(found)
    same = person.name == " ".join(name.split()) and person.contact_phone == user.phone
    return found if same and selectors.account_of(found) is None else None


def limited_to(given: Mandate, by: Actor, *, keeping: frozenset[str]) -> StaffActor:
    """
    A member of staff with one mandate more, which a room gives for the deed at hand (a delegation, an agreement), and
    of what the own post may do only what is named: nobody gets both at once. Raises NotAuthorised without a post.
    """
    if by.post_id is None:
        raise NotAuthorised(action=given.role)
    known = by if isinstance(by, StaffActor) else None
    held = known.mandates if known else selectors.mandates_of(by.post_id)
    own = tuple(replace(one, permissions=one.permissions & keeping) for one in held)
    return StaffActor(
        "staff",
        by.id,
        by.post_id,
        by.user_id,
        by.name,
        deputy_for=by.deputy_for,
        mandates=(*own, given),
        post=known.post if known else None,
    )


def assisting(by: Actor | None, applicant_id: UUID) -> AssistingActor:
    """The clerk as one who fills in for this person. Raises NotAuthorised."""
    access.require_may(by, "case.file")
    if by is None or by.kind != "staff" or by.post_id is None:
        raise NotAuthorised(action="case.file")
    known = by if isinstance(by, StaffActor) else None
    return AssistingActor(
        "staff",
        by.id,
        by.post_id,
        by.user_id,
        by.name,
        mandates=known.mandates if known else selectors.mandates_of(by.post_id),
        post=known.post if known else None,
        applicant_id=applicant_id,
    )


def checked_number(document: SeenDocument) -> str:
    """In canonical form. Raises WrongDocument for a document no person has, or what is wrong with the number."""
    entry = code_list("identity_document").require(document.kind, field="kind")
    if entry.attributes["audience"] != "natural_person":
        raise WrongDocument(field="kind")
    try:
        return check_document(document.kind, document.number, demo=settings.MINGQU_DEMO, field="number")
    except IdentifierRefused as refused:
        refused.field = "number"
        raise


def _phone(text: str) -> str:
    return str(for_field("phone", Phone.parse, text)) if text.strip() else ""
