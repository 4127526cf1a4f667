"""告知承诺事后核查 on the desk: from the case to the promise, the finding, and its record."""

from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases import services
from mingqu.cases.models import AfterCheck
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import promising as p
from mingqu.workbench.tests.pages import key_in, text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return p.world()


@pytest.fixture
def duty(w):
    case = p.accepted(w, p.promised_case(w))
    while steps := [t.step for t in f.tasks.open_tasks(case.pk) if t.step != "decide"]:
        f.review(w, case, steps[0])
    services.decide_case(
        case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=f.FRIDAY_NOON, key=uuid4()
    )
    services.plan_after_checks(case_id=case.pk, at=f.FRIDAY_NOON)
    return AfterCheck.objects.select_related("case").get()


def test_the_case_leads_to_the_promise_and_what_was_found_is_written_down(duty, browse):
    reviewer, address = browse("reviewer"), url("after_check", duty.case, duty.id)
    assert address in reviewer.get(url("case", duty.case)).content.decode()
    page = reviewer.get(address)
    assert "承诺不实的，依法撤销行政许可" in text_of(page) and p.NAME in text_of(page)

    given = {"key": key_in(page), "finding": "broken", "text": "没有任何制度。"}
    asked = reviewer.post(address, given | {"stage": "check"})
    assert "通知信用部门" in text_of(asked) and AfterCheck.objects.get().finding == ""
    done = reviewer.post(address, given | {"stage": "do"})

    assert done.status_code == 302 and AfterCheck.objects.get().finding == "broken"
    text = text_of(reviewer.get(url("case", duty.case)))
    assert "与承诺不符" in text and "没有任何制度。" in text
    assert reviewer.get(address).status_code == 302  # done once


def test_without_finding_or_words_nothing_is_written_down(duty, browse):
    reviewer, address = browse("reviewer"), url("after_check", duty.case, duty.id)

    answer = reviewer.post(address, {"key": str(uuid4()), "stage": "do"})

    assert answer.status_code == 400 and "请选择“属实”或者“与承诺不符”。" in text_of(answer)
    assert AfterCheck.objects.get().finding == ""


def test_only_who_may_check_opens_it_and_an_unknown_duty_is_not_found(duty, browse):
    address = url("after_check", duty.case, duty.id)

    assert browse("leader").get(address).status_code == 403
    assert address not in browse("leader").get(url("case", duty.case)).content.decode()
    unknown = reverse("workbench:after_check", args=[duty.case.number, uuid4()])
    assert browse("reviewer").get(unknown).status_code == 404
