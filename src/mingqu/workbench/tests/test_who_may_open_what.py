"""
Default deny: cases of others are as if they did not exist. That every role gets from every address what its mark
gives, is tested for the whole site at once in tests/architecture.
"""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.documents import selectors as documents
from mingqu.identity.tests import factories as people
from mingqu.ui.access import AccessRule
from mingqu.workbench.tests.pages import url
from mingqu.workbench.urls import urlpatterns

pytestmark = pytest.mark.django_db


def rule_of(pattern) -> AccessRule:
    return pattern.callback.access_rule


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda p: p.name)
def test_every_page_is_for_staff_with_an_action(pattern):
    assert rule_of(pattern).kind == "staff"
    assert rule_of(pattern).action


def strangers(role):
    """Posts with the same role: of another department, of another region."""
    other = people.department("清禾区水务局")
    region = people.department("澜州市海棠区市场监督管理局", region="990105000000")
    return [
        people.signed_in(Client(), people.staff_user("陌生", people.post(department, role)))
        for department in (other, region)
    ]


@pytest.mark.parametrize("role", ["reviewer", "approver", "department_head"])
def test_a_case_of_others_does_not_exist(w, role):
    case = f.reviewed_case(w)
    file_id = documents.files_of(case.pk)[0].id
    before = Case.objects.filter(pk=case.pk).values().get()
    given = {"key": str(uuid4()), "stage": "do", "why": "verify", "outcome": "granted", "reason": "x"}

    for client in strangers(role):
        assert case.number not in client.get("/desk/?tab=all").content.decode()
        assert client.get(reverse("workbench:search"), {"q": case.number}).status_code == 200
        for name in (
            "case",
            "reveal",
            "accept",
            "correct",
            "refuse_acceptance",
            "decide",
            "archive",
            "opinion",
        ):
            for answer in (client.get(url(name, case)), client.post(url(name, case), given)):
                assert answer.status_code in {403, 404, 405}, name
        assert client.get(url("file", case, file_id)).status_code == 404
    assert Case.objects.filter(pk=case.pk).values().get() == before


def test_a_file_opens_only_under_its_own_case(w, browse):
    mine, other = f.received_case(w), f.received_case(w)
    file_id = documents.files_of(other.pk)[0].id
    clerk = browse("clerk")

    assert clerk.get(url("file", mine, file_id)).status_code == 404
    shown = clerk.get(url("file", other, file_id))
    assert shown.status_code == 200
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Type"] == "image/png"


def test_what_the_applicant_took_back_is_not_shown(w, browse):
    from mingqu.cases.services.files import Upload, add_correction_files, remove_correction_file

    case = f.correction_case(w)
    added = add_correction_files(
        case_id=case.pk,
        material="floor-plan",
        uploads=[Upload("新.png", f.PNG)],
        by=w.citizen,
        at=f.FRIDAY_NOON,
    )
    clerk = browse("clerk")
    assert clerk.get(url("file", case, added[0])).status_code == 404, "not handed in yet"

    remove_correction_file(case_id=case.pk, file_id=added[0], by=w.citizen)

    assert clerk.get(url("file", case, added[0])).status_code == 404


def test_buttons_of_others_are_not_shown(w, browse):
    case = f.accepted_case(w)

    seen = browse("leader").get(url("case", case)).context["page"].acts
    assert {act.label for act in seen} == {"延期", "终止办理", "申请回避"}, "the decision is not open yet"
    assert browse("inspector").get(url("case", case)).context["opinion"] is None
    assert browse("reviewer").get(url("case", case)).context["opinion"] is not None
