"""
For which firms a person acts. In a firm's name (its proved representative, a handler it appointed: identity) for that
firm alone, within the limits of the authority. As herself, as far as the data of applications say it:

- Who represents a firm (she is its 法定代表人 by the name she bears now) and either founded it by a bundle of her own,
  in which a clerk entered the licence and its code, or has an application for it under way or granted, her identity
  checked against a document: all its certificates, and applications about them.
- Who handled an application for a firm, granted and not taken back: what that application brought, to be seen. Under a
  project only while she is its handler.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from mingqu.cases import rules, selectors
from mingqu.cases.errors import CaseUnknown
from mingqu.cases.models import OPEN, Bundle, Case, Project
from mingqu.certificates.types import HeldFirm
from mingqu.identity import selectors as identity
from mingqu.identity.errors import SwitchFirst
from mingqu.identity.services import access
from mingqu.identity.types import CapacityView, CitizenActor, PersonView
from mingqu.kernel.types import Actor, Agency

DOCUMENT_SEEN = 2  # AAL2
GRANTED = Q(
    status__in=(Case.Status.DECIDED, Case.Status.DELIVERED, Case.Status.ARCHIVED),
    outcome=Case.Outcome.GRANTED,
)


@dataclass(frozen=True)
class _Filed:
    """An application of hers for a firm."""

    id: UUID
    firm_id: UUID
    bundle_id: UUID | None
    granted: bool


def firms_of(actor: Actor) -> list[HeldFirm]:
    """The firms this citizen acts for; two statements for whoever never filed for one, five for others."""
    if actor.agency is not None:
        return _acted_for(actor, actor.agency)
    filed = _filed(actor)
    bundles = _bundles(actor.id)
    founders = {bundle.party_id for bundle in bundles if _founds(bundle)}
    candidates = {one.firm_id for one in filed} | {firm_id for firm_id in founders if firm_id}
    if not candidates:
        return []
    person = identity.person(actor.id)
    handled = _still_handled(actor.id, bundles)
    found = []
    for firm in identity.firms_by_id(candidates):
        own = [one for one in filed if one.firm_id == firm.pk]
        if _represents(person, firm.legal_representative) and (
            firm.pk in founders or (own and person.assurance >= DOCUMENT_SEEN)
        ):
            found.append(HeldFirm(firm.pk, firm.name))
            continue
        brought = frozenset(one.id for one in own if one.granted and one.bundle_id in handled)
        if brought:
            found.append(HeldFirm(firm.pk, firm.name, brought))
    return found


def _acted_for(actor: Actor, agency: Agency) -> list[HeldFirm]:
    """The firm in whose name she acts; within limits only what its applications of these matters brought."""
    if not agency.for_firm:
        return []
    firm = identity.firm(agency.for_id)
    if not (isinstance(actor, CitizenActor) and actor.limits):
        return [HeldFirm(firm.pk, firm.name)]
    rows = Case.objects.filter(access.scope(actor, "certificate.see").q(theirs=Case.THEIRS), GRANTED)
    return [HeldFirm(firm.pk, firm.name, frozenset(rows.values_list("pk", flat=True)))]


def own_case(actor: Actor, held: Iterable[CapacityView], number: str) -> Case:
    """
    A case for its applicant's pages. Raises CaseUnknown; SwitchFirst for a firm's that one of the capacities she has
    (`held`) covers: she is told of it, and sees it in the firm's name.
    """
    try:
        return selectors.case_visible_to(actor, number)
    except CaseUnknown:
        case = Case.objects.filter(pk=selectors.case_id_of(number)).first()
        if case is not None and (firm := identity.in_whose_name(held, case)):
            raise SwitchFirst(name=firm.principal_name) from None
        raise


def founded(person_id: UUID, firm_id: UUID | None) -> bool:
    """Whether the firm got its number by a bundle of this person's."""
    if firm_id is None:
        return False
    rows = Bundle.objects.filter(applicant_id=person_id, party_id=firm_id)
    return any(_founds(row) for row in rows.only("kind", "status", "credit_code", "party_kind"))


def _founds(bundle: Bundle) -> bool:
    """A stage of a project is asked for in the name of a firm that was there before."""
    return (
        bundle.kind == "bundle"
        and bundle.party_kind == Case.PartyKind.FIRM
        and bundle.credit_code != ""
        and bundle.status != Bundle.Status.WITHDRAWN
    )


def _represents(person: PersonView, representative: str | None) -> bool:
    return rules.same_name(representative or "", person.name)


def _filed(actor: Actor) -> list[_Filed]:
    """
    What she filed for firms and what counts: accepted and undecided, or granted; under an authority that has ended
    nothing any more.
    """
    counts = Q(status=Case.Status.ACCEPTED) | GRANTED
    hers = access.scope(actor, "case.see").q(theirs=Case.THEIRS)
    rows = Case.objects.filter(hers, counts, applicant_id=actor.id, party_kind=Case.PartyKind.FIRM)
    return [
        _Filed(pk, firm_id, bundle_id, outcome == Case.Outcome.GRANTED)
        for pk, firm_id, bundle_id, outcome in rows.values_list("pk", "party_id", "bundle_id", "outcome")
        if firm_id
    ]


def _bundles(person_id: UUID) -> list[Bundle]:
    rows = Bundle.objects.filter(applicant_id=person_id, party_kind=Case.PartyKind.FIRM)
    return list(rows.only("kind", "status", "credit_code", "party_kind", "party_id", "project_id"))


def _still_handled(person_id: UUID, bundles: list[Bundle]) -> set[UUID | None]:
    """Her bundles without those of projects that another handles by now; None: what she filed by itself."""
    projects = {bundle.project_id for bundle in bundles if bundle.project_id}
    hers: set[UUID] = set()
    if projects:
        rows = Project.objects.filter(pk__in=projects, handler_id=person_id)
        hers = set(rows.values_list("pk", flat=True))
    return {None, *(b.pk for b in bundles if b.project_id is None or b.project_id in hers)}


def handlers_of(case_id: UUID, day: date) -> list[UUID]:
    """Who hears of what an application in a firm's name brought. None for a case that is not here."""
    case = Case.objects.filter(pk=case_id).first()
    return identity.whom_to_tell(case.applicant_id, case, day) if case else []


def under_way(certificate_id: UUID) -> bool:
    """Whether an application that acts on this certificate waits for its decision."""
    undecided = [status for status in OPEN if status != Case.Status.DECIDED]
    return Case.objects.filter(acts_on_id=certificate_id, status__in=undecided).exists()
