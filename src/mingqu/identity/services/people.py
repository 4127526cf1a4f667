"""Commands about natural persons and firms."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from mingqu.identity.errors import IdentityVerified, NameMissing, NumberTaken, WrongDocument
from mingqu.identity.models import Firm, PartyNumber, Person
from mingqu.identity.services import access
from mingqu.identity.types import NewFirm, NewPerson
from mingqu.kernel.codelists import code_list
from mingqu.kernel.commands import command
from mingqu.kernel.errors import NotFound
from mingqu.kernel.fields import blind_index
from mingqu.kernel.identifiers import CitizenNumber, CreditCode, IdentifierRefused
from mingqu.kernel.identifiers.documents import check_document
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.kernel.unseen import without_unseen

DOCUMENT_SEEN = 2  # AAL2: a clerk saw the document, or a source confirmed it
SELF_DECLARED = 1


def create_person(*, draft: NewPerson, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    Register a natural person; returns the id (which is `key`). From AAL2 on the numbers are entered in the
    directory, where each stands once.

    Raises NameMissing, WrongDocument, IdentifierRefused, DocumentNumberRefused, NumberTaken, NotAuthorised.
    """
    with command("identity.create_person", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        access.require_may(by, "identity.create_person")
        person = Person(id=key, name=name_of(draft.name), assurance=draft.assurance, created_at=at)
        if draft.citizen_number:
            set_citizen_number(person, draft.citizen_number, at)
        if draft.document:
            set_document(person, *draft.document)
        person.save(force_insert=True)
        if draft.assurance >= DOCUMENT_SEEN:
            enter_numbers(person)
        cmd.note(assurance=draft.assurance, provisional=not person.citizen_number)
        cmd.note_digest(name=person.name, citizen_number=person.citizen_number)
        cmd.done(None)
    return key


def declare_identity(
    *, person_id: UUID, name: str, citizen_number: str, by: Actor, at: Instant, key: UUID
) -> None:
    """
    A citizen tells name and number (AAL1, checked only for form). May be changed until someone verifies it.

    Raises NotAuthorised for another's identity, IdentityVerified, NameMissing, IdentifierRefused.
    """
    with command("identity.declare_identity", person_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.declare_identity", Own((person_id,)))
        person = person_for_update(person_id)
        if person.assurance >= DOCUMENT_SEEN:
            raise IdentityVerified()
        person.name = name_of(name)
        set_citizen_number(person, citizen_number, at)
        person.assurance = SELF_DECLARED
        person.save(update_fields=["name", "citizen_number", "citizen_number_index", "assurance"])
        cmd.note(assurance=SELF_DECLARED)
        cmd.note_digest(name=person.name, citizen_number=person.citizen_number)
        cmd.done(None)


def create_firm(*, draft: NewFirm, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    Register a firm; returns the id (which is `key`).

    Raises NameMissing, IdentifierRefused, WrongDocument (neither number), NumberTaken, NotAuthorised.
    """
    with command("identity.create_firm", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        access.require_may(by, "identity.create_firm")
        code = ""
        if draft.credit_code:
            code = str(for_field("credit_code", CreditCode.parse, draft.credit_code))
        reserved = draft.reserved_name_number.strip()
        if not code and not reserved:
            raise WrongDocument(field="credit_code")
        Firm.objects.create(
            id=key,
            name=name_of(draft.name, longest=200),
            credit_code=code,
            reserved_name_number=reserved,
            legal_representative=draft.legal_representative.strip() or None,
            created_at=at,
        )
        if code:
            enter_number(PartyNumber.Kind.CREDIT_CODE, code, key, field="credit_code")
        cmd.note(credit_code=code, provisional=not code)
        cmd.note_digest(name=draft.name)
        cmd.done(None)
    return key


@dataclass(frozen=True)
class Own:
    """One's own person, as an object of access."""

    party_ids: tuple[UUID, ...]
    department_id: UUID | None = None
    region_code: str = ""
    item_type: str = ""


def person_for_update(person_id: UUID) -> Person:
    """Raises NotFound."""
    found = Person.objects.select_for_update().filter(pk=person_id).first()
    if found is None:
        raise NotFound()
    return found


def name_of(text: str, longest: int = 100) -> str:
    """The name of a person or a firm as it is kept, without signs that nobody sees. Raises NameMissing."""
    name = " ".join(without_unseen(text).split())
    if not name or len(name) > longest:
        raise NameMissing(field="name")
    return name


def set_citizen_number(person: Person, text: str, at: Instant) -> None:
    number = str(for_field("citizen_number", CitizenNumber.parse, text, today=legal_day(at)))
    person.citizen_number = number
    person.citizen_number_index = blind_index("identity.citizen_number", number)


def for_field(field: str, parse: Any, text: str, **given: Any) -> Any:
    """An identifier's refusal, told to the form field it belongs to."""
    try:
        return parse(text, demo=settings.MINGQU_DEMO, **given)
    except IdentifierRefused as refused:
        refused.field = field
        raise


def set_document(person: Person, kind: str, number: str) -> None:
    kinds = code_list("identity_document")
    entry = kinds.require(kind, field="document_kind").attributes
    if entry["audience"] != "natural_person" or entry["validator"] == "citizen_number":
        raise WrongDocument(field="document_kind")
    number = check_document(kind, number, demo=settings.MINGQU_DEMO, field="document_number")
    person.document_kind, person.document_number = kind, number
    person.document_number_index = blind_index("identity.document_number", f"{kind}:{number}")


def enter_numbers(person: Person) -> None:
    if person.citizen_number:
        enter_number(
            PartyNumber.Kind.CITIZEN_NUMBER, person.citizen_number, person.id, field="citizen_number"
        )
    if person.document_number:
        number = f"{person.document_kind}:{person.document_number}"
        enter_number(PartyNumber.Kind.DOCUMENT, number, person.id, field="document_number")


def enter_number(kind: str, number: str, party_id: UUID, *, field: str) -> None:
    """
    The directory's unique constraint decides between two who register one number at the same moment. Raises
    NumberTaken.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_partynumber (id, kind, number_index, party_id) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [new_id(), kind, blind_index("identity.party_number", number), party_id],
        )
        if not cursor.rowcount:
            raise NumberTaken(field=field)
