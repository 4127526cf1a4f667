"""
The certificate of a case: which one it acts on, and what a grant does to it.

`require_certificate` is asked when the application is handed in; `issue_certificate` after the decision is committed,
safe to repeat.
"""

from collections.abc import Collection
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import legal, rules, selectors
from mingqu.cases.discretion import selectors as uses
from mingqu.cases.errors import (
    CertificateBusy,
    CertificateNotChosen,
    CertificateNotYours,
    CertificateOfAnotherKind,
    CertificateUnusable,
    NothingToRenew,
    RenewalOver,
    RenewalTooEarly,
    RenewalTooLate,
)
from mingqu.cases.models import OPEN, Case, Decision
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition, HandlingItem
from mingqu.certificates import selectors as certificates
from mingqu.certificates import services
from mingqu.certificates.errors import CertificateNotFound
from mingqu.certificates.types import CertificateView, Grant, Holder, IssuedCertificate
from mingqu.identity import selectors as identity
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.ui.text import zh_day

ISSUER = Actor.system("certificate-issue")


def require_certificate(
    definition: Definition, certificate_id: Any, holders: Collection[UUID], at: Instant
) -> UUID | None:
    """
    The certificate this application acts on, locked until the caller's command ends; None for a new one.

    `holders`: the party whose application it is, and nobody else. Raises CertificateNotChosen, CertificateNotYours,
    CertificateOfAnotherKind, CertificateUnusable, RenewalTooEarly, RenewalTooLate, NothingToRenew, or CertificateBusy
    (another application on it is open: two at once would each change what the other one rests on).
    """
    handling = definition.handling_item
    if not handling.acts_on_certificate:
        return None
    found = find_certificate(definition, certificate_id, holders, at)
    services.mark_used(found.id, at)
    # Again, now that nobody else can: what was free a moment ago may be another's by now.
    return find_certificate(definition, str(found.id), holders, at).id


def find_certificate(
    definition: Definition, given: Any, holders: Collection[UUID], at: Instant
) -> CertificateView:
    """The same without the lock, for pages. `given` is its id, or its number where nobody was signed in yet."""
    handling = definition.handling_item
    if not given:
        raise CertificateNotChosen(field="certificate", handling=handling.name)
    try:
        found = certificates.held(str(given), holders, at)
    except CertificateNotFound as unknown:
        raise CertificateNotYours(field="certificate") from unknown
    check_certificate(definition, found, holders)
    require_no_other(found, handling)
    return found


def check_certificate(definition: Definition, found: CertificateView, holders: Collection[UUID]) -> None:
    """The same without the lock and without a look at other applications: for pages. Raises what is said there."""
    handling, result = definition.handling_item, definition.result
    if found.holder_id not in holders:
        raise CertificateNotYours(field="certificate")
    if found.type_code != result.certificate_type:
        raise CertificateOfAnotherKind(
            field="certificate",
            given=found.type_name,
            handling=handling.name,
            wanted=result.certificate_name,
        )
    if handling.kind == "renew":
        _require_renewable(found, definition.item.type)
        return
    then = {"change": "changed", "replace": "replaced", "cancel": "cancelled"}[handling.kind]
    if not certificates.may_become(found, then):
        raise _unusable(found, handling)


def _require_renewable(found: CertificateView, item_type: str) -> None:
    """行政许可法 50. Late but before the end is no refusal: the page says what may come of it."""
    if found.state not in {"valid", "expired"}:
        raise CertificateUnusable(
            field="certificate", number=found.number, state=found.state_words, handling="延续"
        )
    if found.valid_until is None:
        raise NothingToRenew(field="certificate", number=found.number)
    until = zh_day(found.valid_until)
    if found.renewal == "over":
        over = RenewalTooLate if rules.is_licence(item_type) else RenewalOver
        raise over(field="certificate", number=found.number, until=until)
    if found.renewal == "early":
        assert found.renew_from is not None
        raise RenewalTooEarly(
            field="certificate", number=found.number, until=until, opens=zh_day(found.renew_from)
        )


def _unusable(found: CertificateView, handling: HandlingItem) -> CertificateUnusable:
    return CertificateUnusable(
        field="certificate", number=found.number, state=found.state_words, handling=handling.name
    )


def require_no_other(found: CertificateView, handling: HandlingItem) -> None:
    """One application at a time acts on a certificate. Raises CertificateBusy."""
    other = Case.objects.filter(acts_on_id=found.id, status__in=_UNDECIDED).first()
    if other is None and (granted := _not_yet_done(found.id)):
        other = granted
    if other is not None:
        raise CertificateBusy(
            field="certificate", number=found.number, handling=other.handling_item, case=other.number
        )


_UNDECIDED = tuple(status for status in OPEN if status != Case.Status.DECIDED)


def _not_yet_done(certificate_id: UUID) -> Case | None:
    """Granted, and what was granted is not written into the register yet."""
    granted = Case.objects.filter(acts_on_id=certificate_id, outcome=Case.Outcome.GRANTED)
    return granted.filter(certificate_id=None).first()


def require_still_usable(case: Case, at: Instant) -> None:
    """
    Before a grant: the certificate it acts on was not revoked, struck off or replaced while the case was under review.

    Costs nothing for a case that acts on none. Raises CertificateUnusable.
    """
    if case.acts_on_id is None:
        return
    definition = selectors.definition_of(case)
    found = certificates.certificate(case.acts_on_id, at)
    kind = definition.handling_item.kind
    then = {"change": "changed", "renew": "renewed", "replace": "replaced", "cancel": "cancelled"}[kind]
    if not certificates.may_become(found, then):
        raise _unusable(found, definition.handling_item)


def issue_certificate(*, case_id: UUID, at: Instant) -> IssuedCertificate:
    """
    Do what the decision granted: issue, change, renew, replace or strike off; note the certificate's id on the case.

    Raises what the certificates room refuses.
    """
    case = Case.objects.get(pk=case_id)
    decision = Decision.objects.get(case=case, kind__in=(Decision.Kind.GRANTED, Decision.Kind.DEEMED))
    done = _do(case, decision, at)
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:certificate:{case_id}"))
    with command("case.note_certificate", case_id, by=ISSUER, at=at, key=key) as cmd:
        if not cmd.repeated:
            selectors.case_for_update(case_id)
            Case.objects.filter(pk=case_id).update(certificate_id=done.certificate_id)
            cmd.note(certificate=done.number)
            cmd.done(None)
    return done


def _decider(decision: Decision) -> Actor:
    """Who decided; what the law itself granted (行政许可法 50) nobody did."""
    if decision.kind == Decision.Kind.DEEMED:
        return ISSUER
    return Actor("staff", decision.person_id, post_id=decision.post_id)


def _organ(decision: Decision) -> str:
    """
    In whose name it was decided, as on the paper of the decision: the organ of the post that decided, also where the
    item is another organ's (行政许可法 22, 38, 39). Empty: the item's own, as where the law granted it.
    """
    return identity.organ_of_post(decision.post_id).code if decision.post_id else ""


def _do(case: Case, decision: Decision, at: Instant) -> IssuedCertificate:
    definition, by = selectors.definition_of(case), _decider(decision)
    assert case.decided_on is not None
    department = identity.department(case.department_id)
    grant = Grant(
        case.pk,
        case.decided_on,
        department.code,
        case.region_code,
        case.item_type,
        _organ(decision),
        uses.years_of(case, definition) if definition.discretions else None,
    )
    holder = holder_of(case)
    values = catalogue.certificate_values(
        definition,
        {"form": case.answers, "situation": case.situation, "applicant": {"name": case.applicant_name}},
    )
    common: dict[str, Any] = {"grant": grant, "holder": holder, "by": by, "at": at}
    if case.acts_on_id is None:
        type_code = definition.result.certificate_type
        return services.issue(type_code=type_code, fields=values, **common)
    common["certificate_id"] = case.acts_on_id
    match case.handling_kind:
        case "change":
            return services.change(fields=values, **common)
        case "renew":
            return services.renew(fields=values, **common)
        case "replace":
            return services.replace_lost(**common)
        case "cancel":
            law = legal.bracketed("cancellation", case.item_type)
            ground = f"依持证人申请注销{law}，办件编号{case.number}"
            return services.cancel(ground=ground, **common)
    raise ValueError(f"a case of kind {case.handling_kind} acts on a certificate")


def holder_of(case: Case) -> Holder:
    """Whose certificate it is: the party's, by default the applicant's own."""
    if case.party_id is None:
        return Holder("person", case.applicant_id, case.applicant_name)
    if case.party_kind == Case.PartyKind.PERSON:
        return Holder("person", case.party_id, case.party_name)
    return Holder("firm", case.party_id, case.party_name, identity.firm(case.party_id).credit_code)
