"""The page of a case says how its result comes: collected where and when, or sent where and how far it is."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases import selectors as case_questions
from mingqu.cases import services as case_services
from mingqu.cases.models import Case
from mingqu.cases.tests import applying as a
from mingqu.cases.tests import factories as cases
from mingqu.hall.tests import factories as f
from mingqu.hall.tests.test_where_results_are_sent import HOUR, NOON, TO, arrived, choose, readdress
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return cases.world()


@pytest.fixture
def browser(w, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone.now", lambda: NOON + HOUR)
    return people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))


def panel(browser, case) -> str:
    page = a.body(browser.get(reverse("cases:progress", args=[case.number])))
    assert page.count('id="coming"') <= 1
    return page.partition('id="coming"')[2].partition("</section>")[0]


def test_before_the_decision_the_page_says_where_it_will_be_collected_or_sent(w, browser):
    case = cases.received_case(w)
    assert "电子送达" in panel(browser, case) and "改送达方式" in panel(browser, case)

    choose(w, case, way="window", to=None)
    collected = panel(browser, case)
    window = case_questions.definition_of(case).guide.windows[0]
    assert "窗口领取" in collected and window.name in collected and window.hours in collected

    choose(w, case)
    sent = panel(browser, case)
    assert "寄递" in sent and "199****1234" in sent and "李*" in sent and "清禾区青澜街道****" in sent
    assert TO.address not in sent and window.name not in sent
    done = a.body(browser.get(reverse("cases:done", args=[case.number])))
    assert "清禾区青澜街道****" in done and reverse("cases:delivery", args=[case.number]) in done


def test_after_it_the_page_says_where_it_lies_how_far_its_parcel_is_and_that_it_is_served(w, browser):
    case = arrived(w)
    readdress(w, case, None)
    lies = panel(browser, case)
    assert "清禾区政务服务大厅" in lies and "青澜街道大厅路1号" in lies and "请带身份证件" in lies
    readdress(w, case, TO)
    assert "等窗口交给快递" in panel(browser, case) and reverse(
        "hall:readdress", args=[case.number]
    ) in panel(browser, case)

    readdress(w, case, None)
    row = f.parcel(w, case, at=NOON)
    row.refresh_from_db()
    moving = panel(browser, case)
    assert row.waybill in moving and "演示快递" in moving and "快递员已取件" in moving
    assert reverse("hall:readdress", args=[case.number]) not in moving, "the parcel is made"
    page = a.body(browser.get(reverse("cases:progress", args=[case.number])))
    assert "结果已经交给快递" in page and "轮到您" not in page and "在哪里领" not in moving


def test_a_case_without_a_result_says_nothing_of_one_and_a_stranger_with_the_code_no_address(w, browser):
    case = cases.received_case(w)
    choose(w, case)
    anonymous = Client()
    code = Case.objects.get(pk=case.pk).query_code
    anonymous.post(reverse("cases:query"), {"number": case.number, "code": code})
    seen = a.body(anonymous.get(reverse("cases:public_progress", args=[case.number])))
    assert "结果怎么给您" in seen and "199****1234" not in seen and "青澜街道****" not in seen
    case_services.withdraw_case(case_id=case.pk, by=w.citizen, at=NOON, key=uuid4())

    assert panel(browser, case) == ""
