"""Certificates taken over from the paper register come to whoever proves to be their holder."""

from uuid import uuid5

from mingqu.certificates import rules
from mingqu.certificates.models import Certificate
from mingqu.certificates.services.register import REGISTER, locked
from mingqu.identity import selectors as identity
from mingqu.kernel.commands import command
from mingqu.kernel.fields import blind_index
from mingqu.kernel.types import Actor, CommandKey, Instant

DOCUMENT_SEEN = 2  # AAL2: a clerk saw the document, or a source confirmed it
HOLDER = "certificates.holder"


def claim_existing(by: Actor, at: Instant) -> int:
    """
    Bind imported certificates to the person who has their number; how many. Only for a number that was checked against
    a document: a number somebody typed opens nothing. A name that differs stays unbound, for a clerk to look at.
    """
    person = identity.person(by.id)
    if person.assurance < DOCUMENT_SEEN or not person.citizen_number:
        return 0
    waiting = Certificate.objects.filter(
        holder_index=blind_index(HOLDER, person.citizen_number.upper()), holder_id=None
    )
    bound = 0
    for certificate in waiting:
        if rules.same_name(certificate.holder_name, person.name):
            bound += _bind(certificate, by, at)
    return bound


def _bind(certificate: Certificate, by: Actor, at: Instant) -> bool:
    key = CommandKey(uuid5(certificate.pk, f"bind:{by.id}"))
    with command("certificate.bind_holder", certificate.pk, by=REGISTER, at=at, key=key) as cmd:
        if cmd.repeated:
            return False
        row = locked(certificate.pk)
        if row.holder_id is not None:
            return False
        row.holder_id, row.holder_index = by.id, None
        row.save(update_fields=["holder_id", "holder_index"])
        cmd.note(number=row.number, holder=str(by.id))
        cmd.done(None)
        return True
