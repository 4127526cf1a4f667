"""People and firms: numbers checked, unique once verified, unreadable in the tables."""

from dataclasses import asdict

import pytest
from django.db import connection

from mingqu.identity import selectors, services
from mingqu.identity.errors import (
    IdentityVerified,
    NameMissing,
    NotAuthorised,
    NumberTaken,
    PhoneTaken,
    WrongDocument,
)
from mingqu.identity.models import Person, User
from mingqu.identity.tests import factories
from mingqu.identity.types import NewFirm, NewPerson
from mingqu.kernel.codelists import UnknownCode
from mingqu.kernel.errors import NotFound
from mingqu.kernel.identifiers import CreditCode, IdentifierRefused
from mingqu.kernel.identifiers.documents import DocumentNumberRefused
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db

BY = {"by": factories.SYSTEM, "at": factories.NOON}


def person(**given):
    return services.create_person(draft=NewPerson(**{"name": "李晓禾"} | given), **BY, key=new_id())


def firm(**given):
    return services.create_firm(draft=NewFirm(**given), **BY, key=new_id())


def test_a_clerk_registers_a_person_once():
    number = factories.citizen_number()
    person_id = person(citizen_number=number)

    assert selectors.verified_person_id(number) == person_id
    with pytest.raises(NumberTaken):
        person(citizen_number=number)
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "refusal", "field"),
    [
        ({"citizen_number": "990104198002290021"}, IdentifierRefused, "citizen_number"),
        ({"citizen_number": "123"}, IdentifierRefused, "citizen_number"),
        ({"name": "  "}, NameMissing, "name"),
        ({"document": ("passport", "!")}, DocumentNumberRefused, "document_number"),
        ({"document": ("library_card", "A1234567")}, UnknownCode, "document_kind"),
        ({"document": ("credit_code", "A1234567")}, WrongDocument, "document_kind"),
    ],
)
def test_a_wrong_person_is_refused_with_its_field_and_leaves_nothing(given, refusal, field):
    with pytest.raises(refusal) as refused:
        person(**given)

    assert refused.value.field == field
    assert not Person.objects.exists()


def test_a_newborn_exists_with_the_number_of_the_birth_certificate():
    person_id = person(document=("birth_certificate", "t990000001"))

    found = selectors.person(person_id)
    assert found.provisional
    assert found.document_number == "T990000001"


def test_typing_anothers_number_takes_nothing_from_them():
    number = factories.citizen_number()
    owner = person(citizen_number=number)
    user, actor = factories.citizen()
    services.declare_identity(
        person_id=user.person_id,
        name="冒名",
        citizen_number=number,
        by=actor,
        at=factories.NOON,
        key=new_id(),
    )

    assert selectors.verified_person_id(number) == owner
    assert [p.assurance for p in selectors.people_with_number(number)] == [2, 1]


def test_nobody_declares_for_another():
    _, actor = factories.citizen()

    with pytest.raises(NotAuthorised):
        services.declare_identity(
            person_id=person(citizen_number=""),
            name="某某",
            citizen_number=factories.citizen_number(),
            by=actor,
            at=factories.NOON,
            key=new_id(),
        )


def test_a_verified_identity_is_not_changed_online():
    person_id = person(citizen_number=factories.citizen_number())

    with pytest.raises(IdentityVerified):
        services.declare_identity(
            person_id=person_id,
            name="别名",
            citizen_number=factories.citizen_number(),
            by=Actor(kind="citizen", id=person_id),
            at=factories.NOON,
            key=new_id(),
        )


def test_a_firm_begins_with_the_number_of_its_reserved_name():
    firm_id = firm(name="清禾面馆", reserved_name_number="ZS20260001")

    assert selectors.firm(firm_id).credit_code == ""
    with pytest.raises(WrongDocument):
        firm(name="无号")


def test_a_credit_code_belongs_to_one_firm():
    code = str(CreditCode.build("9", "1", "990104", "MA0000001"[:8]))
    firm(name="甲", credit_code=code)

    with pytest.raises(NumberTaken):
        firm(name="乙", credit_code=code)


def test_a_telephone_opens_one_account():
    number = factories.phone()

    first, second = (services.open_account(phone=number, at=factories.NOON) for _ in range(2))

    assert first.pk == second.pk
    assert Person.objects.count() == 1


def test_a_telephone_in_use_can_not_be_moved_to_another_account():
    (user, actor), (other, _) = factories.citizen(), factories.citizen()

    with pytest.raises(PhoneTaken):
        services.change_phone(user_id=user.id, phone=other.phone, by=actor, at=factories.NOON, key=new_id())
    services.change_phone(
        user_id=user.id, phone=(new := factories.phone()), by=actor, at=factories.NOON, key=new_id()
    )
    assert selectors.citizen_with_phone(new).pk == user.pk


def test_no_table_shows_a_name_a_number_or_a_telephone():
    name, number, telephone = "欧阳明禾", factories.citizen_number(), factories.phone()
    user = services.open_account(phone=telephone, at=factories.NOON)
    actor = Actor(kind="citizen", id=user.person_id, user_id=user.id)
    services.declare_identity(
        person_id=user.person_id, name=name, citizen_number=number, by=actor, at=factories.NOON, key=new_id()
    )
    person(name=name, citizen_number=number, document=("passport", "E99010400"))
    factories.staff_user(name)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        rows = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row[0] for row in cursor.fetchall()]
    everything = "\n".join(rows)
    for secret in (name, number, telephone, "E99010400"):
        assert secret not in everything
        assert secret.encode().hex() not in everything
    assert len(rows) > 20


def test_what_a_person_did_is_in_the_ledger_without_the_values():
    user, _ = factories.citizen("李晓禾")

    entry = AuditEntry.objects.get(root_id=user.person_id, action="identity.declare_identity")
    assert entry.notes == {"assurance": 1}
    assert set(entry.digests) == {"assurance", "name", "citizen_number"}


def test_a_person_view_does_not_print_what_it_holds():
    person_id = person(citizen_number=(number := factories.citizen_number()))

    view = selectors.person(person_id)
    assert number not in repr(view)
    assert asdict(view)["citizen_number"] == number


def test_an_unknown_person_is_not_found():
    with pytest.raises(NotFound):
        selectors.person(new_id())


def test_where_a_person_is_told_things():
    user, _ = factories.citizen()

    assert selectors.phone_of(user.person_id) == User.objects.get(pk=user.pk).phone
    assert selectors.phone_of(new_id()) == ""
