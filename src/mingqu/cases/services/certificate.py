"""The certificate of a granted case; called after the decision is committed, safe to repeat."""

from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import selectors
from mingqu.cases.models import Case, Decision
from mingqu.catalogue import selectors as catalogue
from mingqu.certificates import services as certificates
from mingqu.certificates.types import Grant, Holder, IssuedCertificate
from mingqu.identity import selectors as identity
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, CommandKey, Instant

ISSUER = Actor.system("certificate-issue")


def issue_certificate(*, case_id: UUID, at: Instant) -> IssuedCertificate:
    """Issue what the decision granted and note its id on the case. Raises CaseUnknown."""
    case = Case.objects.get(pk=case_id)
    definition = selectors.definition_of(case)
    decision = Decision.objects.get(case=case, kind=Decision.Kind.GRANTED)
    department = identity.department(case.department_id)
    values = catalogue.certificate_values(
        definition,
        {"form": case.answers, "situation": case.situation, "applicant": {"name": case.applicant_name}},
    )
    assert case.decided_on is not None
    issued = certificates.issue(
        grant=Grant(case.pk, case.decided_on, department.code, case.region_code, case.item_type),
        type_code=definition.result.certificate_type,
        holder=Holder("person", case.applicant_id, case.applicant_name),
        fields=values,
        by=Actor("staff", decision.person_id, post_id=decision.post_id),
        at=at,
    )
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:certificate:{case_id}"))
    with command("case.note_certificate", case_id, by=ISSUER, at=at, key=key) as cmd:
        if not cmd.repeated:
            selectors.case_for_update(case_id)
            Case.objects.filter(pk=case_id).update(certificate_id=issued.certificate_id)
            cmd.note(certificate=issued.number)
            cmd.done(None)
    return issued
