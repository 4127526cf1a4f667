"""Issuing: once per case, with number, identifier and a file that anyone can check."""

from datetime import timedelta

import pytest
from django.db import connection

from mingqu.certificates import errors, rules, selectors, services
from mingqu.certificates.events import (
    CertificateDelayed,
    CertificateIssued,
    CertificateReady,
)
from mingqu.certificates.models import Certificate, CertificateDirectory
from mingqu.certificates.tests.factories import (
    AT,
    FIELDS,
    MINUTE,
    ORGAN,
    SYSTEM,
    TYPE,
    code_of,
    food_licence_type,
    grant,
    issued,
    make_files,
    organ,
    revoked,
    seen,
    with_file,
)  # fmt: skip
from mingqu.certificates.types import Holder
from mingqu.documents import services as documents
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import Department
from mingqu.identity.tests import factories as people
from mingqu.kernel.identifiers import CertificateId
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db


def issue(given, *, fields=None, holder=None, by=SYSTEM):
    return services.issue(
        grant=given,
        type_code=TYPE,
        holder=holder or Holder("person", new_id(), "张三"),
        fields=FIELDS if fields is None else fields,
        by=by,
        at=AT,
    )


def events_of(root_id) -> list[str]:
    return list(OutboxEvent.objects.filter(root_id=root_id).order_by("order").values_list("name", flat=True))


def test_a_grant_becomes_a_certificate_with_number_identifier_and_validity():
    given = issued()
    view = seen(given)

    assert given.number == "JY9901042026000001"
    assert (str(view.valid_from), str(view.valid_until)) == ("2026-11-20", "2031-11-19")
    identifier = CertificateId.parse(view.identifier, demo=True)
    assert (identifier.certificate_type, identifier.serial, identifier.version) == (TYPE, given.number, 1)
    assert (view.state, view.organ_name, view.holder_name) == ("valid", ORGAN, "张三")


def test_its_file_follows_in_a_job_and_verifies():
    certificate, data = with_file()

    report = documents.verify_pdf(data)
    assert report.valid
    assert report.signer == ORGAN
    assert events_of(certificate.certificate_id)[-1] == CertificateReady.name
    assert selectors.check_file(data, AT).finding == "in_force"


def test_a_decision_heard_twice_issues_one_certificate():
    given = grant()
    first = issued(given=given)

    assert issue(given) == first
    assert Certificate.objects.filter(case_id=given.case_id).count() == 1
    assert events_of(first.certificate_id).count(CertificateIssued.name) == 1


def test_numbers_run_without_gap_or_double():
    organ()
    food_licence_type()

    assert [issue(grant()).number[-6:] for _ in range(3)] == ["000001", "000002", "000003"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [({}, "经营者名称"), (FIELDS | {"name": " "}, "经营者名称"), (FIELDS | {"secret": "x"}, "secret")],
)
def test_a_certificate_with_a_line_missing_is_refused_and_leaves_nothing(fields, named):
    organ()
    food_licence_type()

    with pytest.raises(errors.CertificateFieldsInvalid, match=named):
        issue(grant(), fields=fields)
    assert not Certificate.objects.exists()
    assert not CertificateDirectory.objects.exists()


def test_an_unknown_type_is_refused():
    organ()

    with pytest.raises(errors.CertificateTypeUnknown):
        issue(grant())


def test_an_issuer_without_a_credit_code_is_refused_and_no_number_is_used_up():
    organ()
    food_licence_type()
    Department.objects.update(credit_code="")
    with pytest.raises(errors.IssuerWithoutCode, match=ORGAN):
        issue(grant())

    organ_code = "11110000000021135M"
    Department.objects.update(credit_code=organ_code)
    assert issue(grant()).number.endswith("000001")


def test_only_who_may_issue_issues():
    department_id = organ()
    food_licence_type()
    clerk = people.staff_actor("reviewer", department_id=department_id)

    with pytest.raises(NotAuthorised):
        issue(grant(), by=clerk)
    with pytest.raises(NotAuthorised):
        issue(grant(), by=Actor("citizen", new_id()))


@pytest.mark.parametrize(
    "broken", [{"code": "123"}, {"code": "11100000000013338WXYZ"}, {"name": ""}, {"fields": []}]
)
def test_a_type_that_is_not_whole_is_refused(broken):
    given = {
        "code": TYPE,
        "name": "x",
        "organ_code": "y",
        "fields": [rules.FieldSpec("a", "b")],
        "number_prefix": "Z",
    }

    with pytest.raises(errors.CertificateTypeInvalid):
        services.define_type(**(given | broken))


def test_what_is_personal_is_unreadable_in_the_tables():
    given = issued()

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM certificates_certificate c")
        row = cursor.fetchone()[0]
        cursor.execute("SELECT row_to_json(d)::text FROM certificates_certificatedirectory d")
        row += "".join(found for (found,) in cursor.fetchall())
    entry = AuditEntry.objects.filter(root_id=given.certificate_id).values_list("notes", flat=True)
    text = row + str(list(entry)) + str(list(OutboxEvent.objects.values_list("payload", flat=True)))
    hexed = ["张三".encode().hex(), "临河路".encode().hex(), b"990104199001011234".hex()]
    for secret in ["张三", "临河路", "990104199001011234", code_of(given), *hexed]:
        assert secret not in text


def test_a_holder_with_a_long_name_and_rare_characters_gets_a_certificate():
    _, data = with_file(name="𬱖古丽·阿卜杜热西提·买买提吐尔逊")

    assert documents.verify_pdf(data).valid


def test_a_file_that_can_not_be_made_is_told_to_the_case_and_can_be_made_later():
    leader = people.staff_actor("approver", department_id=organ())
    given = {"organ_code": "QH-SCJG", "at": AT}
    documents.ask_retirement(**given, reason="换章", by=leader, key=new_id())
    documents.retire_organ_key(**given, by=SYSTEM, key=new_id())
    food_licence_type()
    given = issue(grant())
    make_files()
    assert events_of(given.certificate_id)[-1] == CertificateDelayed.name

    organ()
    services.retry_file(certificate_id=given.certificate_id, by=leader, at=AT + MINUTE, key=new_id())
    make_files(AT + 2 * MINUTE)

    assert events_of(given.certificate_id)[-1] == CertificateReady.name


def test_attaching_the_same_file_twice_changes_nothing():
    certificate, _ = with_file()
    file_id = Certificate.objects.get().file_id

    services.attach_file(certificate_id=certificate.certificate_id, file_id=file_id, at=AT + 5 * MINUTE)

    assert events_of(certificate.certificate_id).count(CertificateReady.name) == 1


def test_an_expired_certificate_is_struck_off_not_revoked():
    leader = people.staff_actor("approver", department_id=organ())
    given = issued()

    with pytest.raises(errors.CertificateNotInForce, match="已过期"):
        revoked(given.certificate_id, leader, at=AT + timedelta(days=6 * 366))


def test_a_certificate_that_is_not_there_is_not_found():
    leader = people.staff_actor("approver", department_id=organ())

    with pytest.raises(errors.CertificateNotFound):
        services.revoke(certificate_id=new_id(), by=leader, at=AT, key=new_id())
    with pytest.raises(errors.CertificateNotFound):
        services.attach_file(certificate_id=new_id(), file_id=new_id(), at=AT)
    with pytest.raises(errors.CertificateNotFound):
        services.retry_file(certificate_id=new_id(), by=leader, at=AT, key=new_id())
