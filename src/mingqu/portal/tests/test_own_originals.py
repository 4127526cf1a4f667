"""我的原件: a person sees what others hold of hers, since when, and where she gets it back."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.tests import factories as f
from mingqu.documents import services as documents
from mingqu.hall import selectors as halls
from mingqu.hall import services as hall
from mingqu.hall.tests import factories as made_halls
from mingqu.hall.types import NewPaper, Returned
from mingqu.identity import selectors as identity
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.outreach import services as outreach
from mingqu.outreach.models import Collected
from mingqu.outreach.tests import factories as near_home
from mingqu.portal.selectors.originals import originals

pytestmark = pytest.mark.django_db
NOON = f.FRIDAY_NOON
PAPERS = (NewPaper("房屋租赁合同", "original", 1), NewPaper("平面图", "copy", 2))
PAGE = "/my/originals/"


@pytest.fixture
def w():
    return f.world()


@pytest.fixture
def browser(w, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone.now", lambda: NOON)
    return people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))


def keep(case, by, papers=PAPERS):
    hall.keep_papers(case_id=case.pk, papers=papers, by=by, at=NOON, key=uuid4())
    return [(one.case_id, one.id) for one in halls.papers_of_case(by, case.pk)]


def text(answer):
    return answer.content.decode()


def test_who_has_nothing_with_others_reads_so(browser):
    page = browser.get(PAGE)

    assert page.status_code == 200 and "没有原件在别人手里" in text(page)
    assert PAGE in text(browser.get("/my/"))


def test_she_reads_what_the_window_has_since_when_and_where_its_hall_is(w, browser):
    case = f.received_case(w)
    department = identity.acting_post(w.clerk).department_id
    made_halls.hall(at=NOON, department=department)
    keep(case, w.clerk)

    shown = text(browser.get(PAGE))

    for words in (
        "房屋租赁合同",
        "原件1份",
        "复印件2份",
        "2026年9月18日",
        "清禾区政务服务大厅",
        "青澜街道大厅路1号",
    ):
        assert words in shown.replace("\u2060", ""), words
    assert case.number[:6] in shown and "有2种材料在别人手里" in shown


def test_of_an_organ_without_a_hall_the_windows_of_the_guide_are_named(w):
    case = f.received_case(w)
    keep(case, w.reviewer)

    ((of,), returned) = originals(w.citizen).cases, originals(w.citizen).returned

    assert [place.name for place in of.held[0].places] and of.held[0].places[0].address
    assert not of.held[0].agent and returned == []


def test_what_is_on_its_way_is_still_with_who_sent_it_and_says_whereto(w, browser):
    case = f.received_case(w)
    chosen = keep(case, w.clerk)
    hall.send_papers(chosen=chosen, department_id=w.bureau, by=w.clerk, at=NOON, key=uuid4())

    assert "对方点数签收以前仍算在这里" in text(browser.get(PAGE))


def test_what_was_given_back_is_no_more_there_but_stands_as_given_back(w, browser):
    case = f.received_case(w)
    chosen = keep(case, w.clerk)
    returned = Returned(
        tuple(one for _case, one in chosen), "李晓禾", "self", drawn=documents.check_upload(f.PNG)
    )
    hall.give_back_papers(case_id=case.pk, returned=returned, by=w.clerk, at=NOON, key=uuid4())

    shown = text(browser.get(PAGE))

    assert "没有原件在别人手里" in shown and "最近退还的" in shown and "本人签收" in shown
    assert browser.get(signature_of(shown, case)).status_code == 200


def signature_of(shown, case):
    start = reverse("cases:progress", args=[case.number]).replace("progress/", "files/")
    assert start in shown
    return start + shown.split(start)[1].split('"')[0]


def test_what_an_agent_has_leads_to_his_point_and_to_what_she_signed(w, monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone.now", lambda: near_home.NOON)
    place = near_home.place(w)
    helped = near_home.with_telephone(place.clerk)
    row = near_home.by_paper(place, near_home.errand(place, person=helped))
    near_home.hand_in(place, row, near_home.begun(place, row))
    relay.deliver_root(row.draft_id, near_home.NOON)
    outreach.collect_papers(
        errand_id=row.pk,
        papers=PAPERS,
        drawn=documents.check_upload(f.PNG),
        by=place.agent,
        at=near_home.NOON,
        key=uuid4(),
    )

    (of,) = originals(helped).cases
    assert of.held[0].agent and of.held[0].places[0].telephone == place.point.telephone
    assert [(one.errand, one.many) for one in of.signed] == [(row.number, 2)]

    client = people.signed_in(Client(), User.objects.get(pk=helped.user_id))
    page = text(client.get(PAGE))
    own = reverse("outreach:own_signature", args=[row.number, of.signed[0].signature_id])
    assert own in page and client.get(own).status_code == 200
    other = reverse("outreach:own_signature", args=[row.number, uuid4()])
    assert client.get(other).status_code == 404, "no other file of the errand"
    stranger, _actor = people.citizen("张三")
    assert people.signed_in(Client(), stranger).get(own).status_code == 404
    assert Collected.objects.count() == 1


def test_nobody_sees_the_originals_of_somebody_else(w):
    keep(f.received_case(w), w.clerk)
    _user, other = people.citizen("张三")

    assert originals(other).cases == []


def test_however_many_papers_it_takes_as_many_statements(w, django_assert_max_num_queries):
    for _ in range(3):
        keep(f.received_case(w), w.clerk)

    with django_assert_max_num_queries(12):
        assert originals(w.citizen).many == 6
