"""
人脸核验: AAL3 for who is known by her document (AAL2), asked only when a matter wants it. What is kept is that it was
passed, when, and the consent it rests on (个人信息保护法 29); no picture comes here.
"""

from uuid import UUID

from mingqu.identity import selectors
from mingqu.identity.account_errors import FaceDiffers
from mingqu.identity.acting import in_own_name
from mingqu.identity.errors import ConsentMissing, IdentityVerified, RealNameNeeded
from mingqu.identity.services import access, limits
from mingqu.identity.services.people import DOCUMENT_SEEN, Own, person_for_update
from mingqu.identity.sources import faces
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant

FACE_SEEN = 3  # AAL3
CONSENT = "2026-11-23"  # the text the person agreed to (identity/face.html), by the day it was written
PERSON = "face_person"  # limit


def available() -> bool:
    """Whether a face service is connected."""
    return faces.available()


def begin(*, reference: str, back: str, consent: bool, by: Actor, at: Instant) -> str:
    """
    Where to send her. Raises ConsentMissing, RealNameNeeded, IdentityVerified (she has this level), SourceUnavailable,
    TooManyAttempts, ActingForAnother, NotAuthorised.
    """
    in_own_name(by)
    access.require(by, "identity.verify_face", Own((by.id,)))
    if not consent:
        raise ConsentMissing(field="consent")
    person = selectors.person(by.id)
    if person.assurance < DOCUMENT_SEEN or not person.citizen_number:
        raise RealNameNeeded()
    if person.assurance >= FACE_SEEN:
        raise IdentityVerified()
    limits.spend(PERSON, str(by.id), at=at)
    return faces.faces().begin(name=person.name, number=person.citizen_number, reference=reference, back=back)


def finish(*, reference: str, ticket: str, by: Actor, at: Instant, key: UUID) -> None:
    """She came back with a ticket: the service is asked whether it was her. Raises FaceDiffers, SourceUnavailable."""
    in_own_name(by)
    passed = faces.faces().passed(reference, ticket)
    with command("identity.verify_face", by.id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            passed = bool(cmd.first_result(bool))
        else:
            access.require(by, "identity.verify_face", Own((by.id,)))
            person = person_for_update(by.id)
            if passed and person.assurance == DOCUMENT_SEEN:
                person.assurance = FACE_SEEN
                person.save(update_fields=["assurance"])
            cmd.note(matched=passed, consent=CONSENT)
            cmd.done(passed)
    if not passed:
        raise FaceDiffers()
