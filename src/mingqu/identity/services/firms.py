"""A firm gets its number: what had only a reserved name is bound to its credit code."""

from uuid import UUID

from mingqu.identity.errors import FirmBound, NumberTaken
from mingqu.identity.models import Firm, PartyNumber
from mingqu.identity.services import access
from mingqu.identity.services.people import enter_number, for_field, name_of
from mingqu.kernel.commands import command
from mingqu.kernel.errors import NotFound
from mingqu.kernel.fields import blind_index
from mingqu.kernel.identifiers import CreditCode
from mingqu.kernel.types import Actor, Instant


def checked_code(text: str) -> str:
    """The credit code as it is kept. Raises IdentifierRefused, told to the field credit_code."""
    return str(for_field("credit_code", CreditCode.parse, text))


def bind_firm(*, firm_id: UUID, credit_code: str, name: str = "", by: Actor, at: Instant, key: UUID) -> str:
    """
    Bind the credit code to a firm that was registered by its reserved name (名称自主申报); its id stays, so that
    what was begun for it goes on. `name`: as registered, where it differs from the reserved one. Returns the code.

    Binding the same code again changes nothing. Raises IdentifierRefused, FirmBound (it has another code),
    NumberTaken (another firm has this code: that is for two people to merge, not for a form), NotAuthorised.
    """
    code = checked_code(credit_code)
    with command("identity.bind_firm", firm_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return code
        access.require_may(by, "identity.bind_firm")
        firm = Firm.objects.select_for_update().filter(pk=firm_id).first()
        if firm is None:
            raise NotFound()
        if firm.credit_code and firm.credit_code != code:
            raise FirmBound(field="credit_code")
        if not firm.credit_code:
            enter_number(PartyNumber.Kind.CREDIT_CODE, code, firm_id, field="credit_code")
            cmd.change(firm, credit_code=code, name=name_of(name, longest=200) if name.strip() else firm.name)
        cmd.note(credit_code=code)
        cmd.note_digest(name=firm.name)
        cmd.done(None)
    return code


def require_free(credit_code: str, firm_id: UUID | None) -> None:
    """
    Nobody but this firm has this code: asked before anything is written down that rests on it. The directory decides
    in the end. Raises NumberTaken.
    """
    index = blind_index("identity.party_number", checked_code(credit_code))
    taken = PartyNumber.objects.filter(kind=PartyNumber.Kind.CREDIT_CODE, number_index=index)
    if firm_id is not None:
        taken = taken.exclude(party_id=firm_id)
    if taken.exists():
        raise NumberTaken(field="credit_code")
