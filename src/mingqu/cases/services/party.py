"""Whose application it is: the applicant's own, or that of a firm for which she acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mingqu.cases import acting, rules
from mingqu.cases.errors import PartyNotYours
from mingqu.cases.models import Case
from mingqu.identity import selectors as identity
from mingqu.identity.types import PersonView
from mingqu.kernel.errors import NotFound
from mingqu.kernel.types import Actor, Agency

CREDIT_CODE = "credit_code"  # of identity's directory of numbers
DOCUMENT_SEEN = acting.DOCUMENT_SEEN


@dataclass(frozen=True)
class Party:
    """As a case keeps it; a person who applies for herself is no party of her own (`id` None)."""

    kind: str = Case.PartyKind.PERSON
    id: UUID | None = None
    name: str = ""
    credit_code: str = ""


OWN = Party()


def firm_of(person: PersonView, credit_code: str) -> Party:
    """
    The firm with this number, if she is its legal representative (法定代表人、负责人).

    Who acts for a firm without representing it does so in its name (经办人授权, identity.Capacity).
    Raises PartyNotYours, the same for an unknown firm and for another's.
    """
    firm_id = identity.party_with_number(CREDIT_CODE, "".join(credit_code.split()))
    if firm_id is None:
        raise PartyNotYours(field=CREDIT_CODE)
    return _represented(person, firm_id)


def party_of(
    context: Mapping[str, Any], person: PersonView, *, of_bundle: bool = False, by: Actor | None = None
) -> Party:
    """
    The party a draft was begun for (`party`: the id of a firm): she must represent it still, by the name she bears
    now; at a window that is the one on her document, whatever she called herself when she began online. Who acts in a
    firm's name (经办人, or its proved representative: `by`) acts for that firm and no other, nor for herself. A part of
    a bundle is for the firm that the bundle itself brings. Raises PartyNotYours.
    """
    if by is not None and by.agency is not None:
        return _acted_for(context, by.agency)
    given = context.get("party")
    if not given:
        return OWN
    firm_id = UUID(str(given))
    return _firm(firm_id) if of_bundle else _represented(person, firm_id)


def _acted_for(context: Mapping[str, Any], agency: Agency) -> Party:
    """The command has asked whether the authority holds (kernel `use_agency_rule`)."""
    given = context.get("party")
    if (UUID(str(given)) if given else None) != (agency.for_id if agency.for_firm else None):
        raise PartyNotYours(field=CREDIT_CODE)
    return _firm(agency.for_id) if agency.for_firm else OWN


def owners(person: PersonView, party: Party, *, at_window: bool = False) -> list[UUID]:
    """
    Whose certificates may be looked up for this application. The firm's only where the person's identity was
    checked against a document, or where the firm came into being by her own application here: a name she told us
    herself must not open what another firm holds.
    """
    checked = at_window or person.assurance >= DOCUMENT_SEEN or acting.founded(person.id, party.id)
    return [person.id, *([party.id] if party.id and checked else [])]


def whose_certificate(person: PersonView, party: Party, *, at_window: bool = False) -> set[UUID]:
    """Who must hold the certificate that an application acts on: its party and nobody else; nobody as in `owners`."""
    return {party.id or person.id} & set(owners(person, party, at_window=at_window))


def _represented(person: PersonView, firm_id: UUID) -> Party:
    try:
        firm = identity.firm(firm_id)
    except NotFound as unknown:
        raise PartyNotYours(field=CREDIT_CODE) from unknown
    if not rules.same_name(firm.legal_representative or "", person.name):
        raise PartyNotYours(field=CREDIT_CODE)
    return Party(Case.PartyKind.FIRM, firm.id, firm.name, firm.credit_code)


def _firm(firm_id: UUID) -> Party:
    firm = identity.firm(firm_id)
    return Party(Case.PartyKind.FIRM, firm.id, firm.name, firm.credit_code)
