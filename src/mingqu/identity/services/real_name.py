"""
实名认证: name, number and the last day of the card are checked against the population register (AAL2).

The register is asked before anything is written; what it said is an entry of the person's ledger, with the consent the
step rests on (个人信息保护法 29) and without the facts.
"""

from dataclasses import replace
from uuid import UUID

from django.conf import settings

from mingqu.identity import selectors
from mingqu.identity.errors import (
    ActingForAnother,
    ConsentMissing,
    FactsDiffer,
    HasAccount,
    IdentityVerified,
    SourceUnavailable,
    TooManyAttempts,
)
from mingqu.identity.services import access, limits
from mingqu.identity.services.people import (
    DOCUMENT_SEEN,
    Own,
    enter_numbers,
    for_field,
    name_of,
    person_for_update,
    set_citizen_number,
)
from mingqu.identity.sources import registry
from mingqu.identity.types import IdentityFacts
from mingqu.kernel.commands import command
from mingqu.kernel.identifiers import CitizenNumber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

# Limits: of an account; of an account at one number, which nobody else can use up; of a number, by all accounts.
PERSON, HERE, NUMBER = "real_name_person", "real_name_person_number", "real_name_number"
CONSENT = "2026-11-22"  # the text the person agreed to (identity/real_name.html), by the day it was written


def verify_identity(*, facts: IdentityFacts, consent: bool, by: Actor, at: Instant, key: UUID) -> None:
    """
    The signed-in person is who she says: all facts are those of one person in the register.

    Five attempts a day for a person; her first two at a number are hers alone, the others count for the number whoever
    tries it: who knows a number neither finds the last day of its card by guessing with many accounts, nor keeps its
    owner out. Raises ConsentMissing, IdentityVerified, FactsDiffer, HasAccount (another account is this
    person's), NumberTaken, SourceUnavailable, TooManyAttempts, NotAuthorised, or what is wrong with a fact.
    """
    if by.stands_in:
        raise ActingForAnother()
    access.require(by, "identity.verify_identity", Own((by.id,)))
    if not consent:
        raise ConsentMissing(field="consent")
    number = str(for_field("citizen_number", CitizenNumber.parse, facts.citizen_number, today=legal_day(at)))
    facts = replace(facts, name=name_of(facts.name), citizen_number=number)
    if selectors.person(by.id).assurance >= DOCUMENT_SEEN:
        raise IdentityVerified()
    left, shared = _attempts_left(by.id, number, at)
    try:
        matches = registry.population().matches(facts)
    except SourceUnavailable:
        limits.give_back(PERSON, str(by.id))
        limits.give_back(HERE, f"{by.id}:{number}")
        if shared:
            limits.give_back(NUMBER, number)
        raise
    with command("identity.verify_identity", by.id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            matches = bool(cmd.first_result(bool))
        else:
            if matches:
                _verified(by.id, facts, at)
            cmd.note(matched=matches, consent=CONSENT)
            cmd.note_digest(name=facts.name, citizen_number=number)
            cmd.done(matches)
    if not matches:
        raise FactsDiffer(left=left)


def _attempts_left(person_id: UUID, number: str, at: Instant) -> tuple[int, bool]:
    """How many attempts are left after this one, and whether it counts for the number. Raises TooManyAttempts."""
    own = _spent(PERSON, str(person_id), at)
    most, _seconds = settings.MINGQU_LIMITS[HERE]
    here, _until = limits.add(HERE, f"{person_id}:{number}", 1, at=at)
    if here > most:
        return min(own, _spent(NUMBER, number, at)), True
    return min(own, most - here + limits.left(NUMBER, number, at=at)), False


def _spent(action: str, subject: str, at: Instant) -> int:
    """Count one attempt; how many are left. Raises TooManyAttempts."""
    most, _seconds = settings.MINGQU_LIMITS[action]
    spent, until = limits.add(action, subject, 1, at=at)
    if spent > most:
        raise TooManyAttempts(minutes=max(1, -int(-(until - at).total_seconds() // 60)))
    return most - spent


def _verified(person_id: UUID, facts: IdentityFacts, at: Instant) -> None:
    person = person_for_update(person_id)
    if person.assurance >= DOCUMENT_SEEN:
        raise IdentityVerified()
    known = selectors.verified_person_id(facts.citizen_number)
    if known is not None and selectors.account_of(known) is not None:
        raise HasAccount()
    person.name, person.assurance = facts.name, DOCUMENT_SEEN
    set_citizen_number(person, facts.citizen_number, at)
    person.save(update_fields=["name", "citizen_number", "citizen_number_index", "assurance"])
    enter_numbers(person)  # NumberTaken: registered at a window, where both are put together
