"""Show an officer what the pages mask; the showing is written down first."""

from datetime import timedelta
from uuid import UUID

from mingqu.cases import selectors
from mingqu.cases.errors import ReasonMissing, RevealOver
from mingqu.cases.types import REVEAL_PURPOSES, RevealedApplicant
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.models import CommandRecord
from mingqu.kernel.types import Actor, Instant

SHOWN_FOR = timedelta(minutes=10)


def reveal_applicant(*, case_id: UUID, by: Actor, at: Instant, key: UUID, why: str) -> RevealedApplicant:
    """
    Name, number and telephone of the applicant in the clear, for a stated purpose (REVEAL_PURPOSES).

    One entry in the ledger for each key; the same key shows it again for ten minutes (a page loaded anew),
    afterwards it must be asked for again. Nothing personal enters ledger or command record.
    Raises NotAuthorised, ReasonMissing, RevealOver.
    """
    with command("case.reveal", case_id, by=by, at=at, key=key) as cmd:
        case = selectors.case_for_update(case_id)
        access.require(by, "case.reveal", case)
        if why not in REVEAL_PURPOSES:
            raise ReasonMissing(field="why")
        if cmd.repeated:
            first = CommandRecord.objects.values_list("at", flat=True).get(root_id=case_id, key=key)
            if at - first > SHOWN_FOR:
                raise RevealOver()
        cmd.note(why=why)
    person = identity.person(case.applicant_id)
    return RevealedApplicant(
        name=case.applicant_name or "",
        number=person.citizen_number or person.document_number,
        phone=identity.phone_of(case.applicant_id),
    )
