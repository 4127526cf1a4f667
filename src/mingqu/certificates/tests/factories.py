"""Certificates as they come to be: a type is defined, a grant is issued, the job makes the file."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from mingqu.certificates import rules, selectors, services
from mingqu.certificates.types import CertificateView, Grant, Holder, IssuedCertificate
from mingqu.documents import services as documents
from mingqu.documents.models import DocumentRequest
from mingqu.identity.models import Department
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.identifiers import CreditCode
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DECIDED_ON = date(2026, 11, 20)
MINUTE = timedelta(minutes=1)
SYSTEM = Actor.system("demo")
TYPE = "11100000000013338W011"
ORGAN = "清禾区市场监督管理局"
FIELDS = {
    "name": "清禾区张三小吃店",
    "address": "澜州市清禾区青澜街道临河路18号一层",
    "scope": "热食类食品制售；自制饮品制售",
}
SPECS = [
    rules.FieldSpec("name", "经营者名称", public=True),
    rules.FieldSpec("address", "经营场所"),
    rules.FieldSpec("scope", "经营项目", public=True),
    rules.FieldSpec("remark", "备注", required=False),
]


def organ(code: str = "QH-SCJG", name: str = ORGAN) -> UUID:
    """A department with a credit code of the demo district, and its seal."""
    found = Department.objects.filter(code=code).first()
    if found is None:
        department_id = people.department(name, code=code)
        credit_code = str(CreditCode.build("1", "1", "990104", "00000001"))
        Department.objects.filter(pk=department_id).update(credit_code=credit_code)
        found = Department.objects.get(pk=department_id)
    documents.provide_organ_key(
        founding=True, organ_code=code, organ_name=name, by=SYSTEM, at=AT, key=new_id()
    )
    return found.pk


def food_licence_type(**options: Any) -> None:
    given = {"number_prefix": "JY", "validity_years": 5, "renew_before_days": 30} | options
    services.define_type(code=TYPE, name="食品经营许可证", organ_code="QH-SCJG", fields=SPECS, **given)


def grant(case_id: UUID | None = None, decided_on: date = DECIDED_ON) -> Grant:
    return Grant(case_id or new_id(), decided_on, "QH-SCJG", "990104000000", "01")


def issued(
    holder: UUID | None = None, *, name: str = "张三", given: Grant | None = None
) -> IssuedCertificate:
    """Issued, its file not made yet."""
    organ()
    food_licence_type()
    return services.issue(
        grant=given or grant(),
        type_code=TYPE,
        holder=Holder("person", holder or new_id(), name, "990104199001011234"),
        fields=FIELDS,
        by=SYSTEM,
        at=AT,
    )


REVOKED = services.RevocationOrder(
    ground="deceit",
    reason="申请时提交的租赁合同系伪造",
    heard="statement",
    statement="当事人称由中介代办，不予采纳",
    told_on=date(2026, 1, 5),
    reconsideration_organ="清禾区人民政府",
    court="清禾区人民法院",
    harmless=True,
)
"""With all that 行政许可法 69 and 7 ask for."""


def revoked(
    certificate_id: UUID, by: Actor, order: services.RevocationOrder = REVOKED, at: datetime = AT
) -> None:
    """撤销 by two: an officer of the organ proposes, `by` decides."""
    here = selectors.Certificate.objects.get(pk=certificate_id).department_id
    officer = people.staff_actor("reviewer", department_id=here)
    services.propose_revocation(certificate_id=certificate_id, order=order, by=officer, at=at, key=new_id())
    services.revoke(certificate_id=certificate_id, by=by, at=at, key=new_id())


def make_files(at: datetime = AT + MINUTE) -> None:
    """What worker and relay do: every waiting document is made, every event delivered."""
    for row in DocumentRequest.objects.filter(state="waiting"):
        documents.make_document(root_id=row.root_id, request_id=row.id, at=at)
    while relay.round_once(at):
        pass


def with_file(holder: UUID | None = None, **options: Any) -> tuple[IssuedCertificate, bytes]:
    certificate = issued(holder, **options)
    make_files()
    file_id = selectors.Certificate.objects.get(pk=certificate.certificate_id).file_id
    return certificate, documents.read_file(certificate.certificate_id, file_id)


def code_of(certificate: IssuedCertificate) -> str:
    return str(selectors.Certificate.objects.get(pk=certificate.certificate_id).verification_code)


def seen(certificate: IssuedCertificate, at: datetime = AT) -> CertificateView:
    return selectors._view(
        selectors.Certificate.objects.select_related("type").get(pk=certificate.certificate_id), legal_day(at)
    )
