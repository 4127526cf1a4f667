"""What is told upwards of citizens with an account (用户): never a number or a name in the clear."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F

from mingqu.identity.models import Person, User
from mingqu.kernel.crypto import blind_index
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name

PURPOSE = "identity.reported_user"


@dataclass(frozen=True, slots=True)
class RegisteredUser:
    """`pseudonym`: a keyed digest, the same for the same person, that leads nobody back; `name` is masked."""

    id: UUID
    pseudonym: str
    name: str
    assurance: int
    registered_on: date
    active: bool


def registered_ids(*, after: UUID | None = None, limit: int = 1000) -> list[UUID]:
    """Persons there are, by id; whether they have an account is looked at when they are told."""
    rows = Person.objects.order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.values_list("pk", flat=True)[:limit])


def registered(person_ids: Sequence[UUID]) -> list[RegisteredUser]:
    """Those of these persons that have a citizen's account, by id; two statements."""
    accounts = {
        one.person_id: one
        for one in User.objects.filter(kind=User.Kind.CITIZEN, person_id__in=person_ids).order_by(
            F("closed_at").asc(nulls_last=True)
        )
    }  # of a person who closed one account and has another now, the one she has
    people = Person.objects.filter(pk__in=accounts).only("name", "assurance").order_by("pk")
    return [
        RegisteredUser(
            id=one.pk,
            pseudonym=pseudonym(one.pk),
            name=mask_name(one.name or ""),
            assurance=one.assurance,
            registered_on=legal_day(accounts[one.pk].created_at),
            active=accounts[one.pk].is_active,
        )
        for one in people
    ]


def pseudonym(person_id: UUID) -> str:
    return bytes(blind_index(PURPOSE, str(person_id))).hex()[:32]
