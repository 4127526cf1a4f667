"""A certificate at the desk leads to the case it was issued for, for who may see that."""

import pytest
from django.urls import reverse

from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.tests import factories as f
from mingqu.identity.models import Department
from mingqu.identity.tests import factories as people
from mingqu.workbench.selectors.of_certificates import case_of

pytestmark = pytest.mark.django_db


def test_the_desk_of_a_certificate_leads_to_its_case(w, browse):
    case = f.decided_case(w)
    issued = issue_certificate(case_id=case.pk, at=f.FRIDAY_NOON)

    page = browse("leader").get(reverse("certificates:at_desk", args=[issued.number])).content.decode()

    assert f'href="{reverse("workbench:case", args=[case.number])}"' in page


def test_a_data_steward_is_not_led_to_a_case(w):
    case = f.decided_case(w)
    steward = people.staff_actor(
        "data_steward", department_id=Department.objects.get(code="QH-SCJG").pk, name="数据管理员"
    )

    assert case_of(steward, case.pk) is None and case_of(w.leader, case.pk).number == case.number
