"""What the papers of a case say where the law asks for it."""

from uuid import uuid4

import pytest

from mingqu.cases import services
from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.services.files import Upload, add_correction_files
from mingqu.cases.tests import factories as f
from mingqu.certificates.models import Certificate
from mingqu.documents.models import DocumentRequest
from mingqu.identity.models import Department, Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return f.world()


def printed(case, kind):
    return DocumentRequest.objects.get(root_id=case.pk, kind=kind).data


def test_a_grant_names_what_it_rests_on_what_it_allows_and_how_long(w):
    paper = printed(f.decided_case(w), "decision_granted")

    assert paper["basis"] == [
        "《中华人民共和国食品安全法》第三十五条",
        "《中华人民共和国食品安全法》第三十三条",
        "《中华人民共和国行政许可法》第三十八条第一款",
    ]
    assert "经营场所：青澜街道示例路1号" in paper["scope"]
    assert "经营项目：热食" in paper["scope"]
    assert (paper["valid_from"], paper["valid_until"]) == ("2026-09-18", "2031-09-17")


def test_a_refusal_rests_on_the_second_paragraph_and_names_each_remedy(w):
    paper = printed(f.decided_case(w, outcome="refused"), "decision_refused")

    assert paper["basis"][-1] == "《中华人民共和国行政许可法》第三十八条第二款"
    assert (paper["reconsideration_organ"], paper["court"]) == (
        "澜州市清禾区人民政府",
        "澜州市清禾区人民法院",
    )
    assert paper["reconsideration_online"] == "https://fuyi.qinghe.example/", "行政复议法 22"


def test_after_a_correction_the_papers_still_name_the_day_of_the_application(w):
    case = f.correction_case(w)
    later = f.FRIDAY_NOON + 5 * f.DAY
    add_correction_files(
        case_id=case.pk, material="floor-plan", uploads=[Upload("新图.png", f.PNG)], by=w.citizen, at=later
    )
    services.supplement_case(case_id=case.pk, by=w.citizen, at=later, key=uuid4())
    services.accept_case(case_id=case.pk, by=w.clerk, at=later, key=uuid4())

    paper = printed(case, "acceptance_notice")
    assert (paper["received_on"], paper["accepted_on"]) == ("2026-09-18", "2026-09-23")


def test_a_decision_is_headed_numbered_and_sealed_by_the_organ_that_decides(w):
    """行政许可法 22, 38: who decides decides in its own name, also where the item is another organ's."""
    hall = Department.objects.get(code="QH-ZWZX")
    Post.objects.filter(code="SCJG-LEAD").update(department=hall)

    case = f.decided_case(w)

    asked = DocumentRequest.objects.get(root_id=case.pk, kind="decision_granted")
    assert (asked.organ_code, asked.data["organ"]) == (hall.code, hall.name)
    assert asked.data["number"].startswith(f"{hall.name}许〔2026〕")
    assert printed(case, "acceptance_notice")["organ"] == case.department.name

    done = issue_certificate(case_id=case.pk, at=f.FRIDAY_NOON)
    certificate = Certificate.objects.get(pk=done.certificate_id)
    asked = DocumentRequest.objects.get(root_id=certificate.pk, kind="licence")
    assert (asked.organ_code, asked.data["organ"]) == (hall.code, hall.name)
    assert (certificate.organ_name, certificate.department_id) == (hall.name, case.department_id)
    assert hall.credit_code in certificate.identifier
