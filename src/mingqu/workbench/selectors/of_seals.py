"""电子印章: what waits for the security officer."""

from mingqu.documents import services as documents
from mingqu.identity.services import access
from mingqu.kernel import second_person
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting


def seals_to_agree(actor: Actor, at: Instant) -> Waiting | None:
    """Seals to be made, exchanged or retired, as another officer asked."""
    if not access.may(actor, "system.agree_seals"):
        return None
    found = second_person.waiting_for(actor, [documents.MAKE_SEAL, documents.RETIRE_SEAL])
    return Waiting(f"{len(found)}件等您复核") if found else None
