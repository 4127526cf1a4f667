"""The front page: what can be done here, how my cases stand, real figures, nothing that leads nowhere."""

import re
from uuid import uuid4

import pytest
from django.urls import resolve
from django.utils import timezone

from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.evaluation import services as evaluation
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day
from mingqu.portal.tests import samples
from mingqu.ui.context import AUDIENCE_COOKIE


def page(response) -> str:
    return response.content.decode()


def test_every_link_on_the_front_page_leads_to_a_page(client, w):
    text = page(client.get("/"))
    links = {link for link in re.findall(r'href="(/[^"#?]*)', text) if not link.startswith("/static/")}

    assert len(links) > 8
    for link in links:
        assert client.get(link).status_code in {200, 302}, link


def test_applying_is_two_clicks_from_the_front_page(client, w):
    assert 'href="/services/QH-SPJYXK/"' in page(client.get("/"))
    assert 'href="/apply/QH-SPJYXK/?_handling=01"' in page(client.get("/services/QH-SPJYXK/"))
    assert resolve("/apply/QH-SPJYXK/").view_name == "cases:start"


def test_without_any_service_the_page_says_what_to_do(client, db):
    text = page(client.get("/"))

    assert "这里还没有可以网上办的事项" in text
    assert "按主题找" not in text
    assert "网上能办：" not in text


def test_whoever_chose_legal_sees_services_of_legal_persons(client, w):
    samples.publish(code="QH-P", name="社保卡申领", audience=["natural_person"])

    assert "社保卡申领" in page(client.get("/"))
    assert "社保卡申领" not in page(client.get("/?audience=legal"))
    client.cookies[AUDIENCE_COOKIE] = "legal"
    text = page(client.get("/"))
    assert "社保卡申领" not in text
    assert "食品经营许可" in text
    assert "社保卡申领" in page(client.get("/?audience=all"))


def test_the_switch_leads_back_to_the_page_without_the_choice_of_its_address(client, w):
    text = page(client.get("/services/?audience=legal&theme=准营准办"))

    next_page = re.search(r'name="next" value="(/services/[^"]*)"', text).group(1)
    assert "audience" not in next_page
    assert "theme" in next_page


def test_a_citizen_sees_the_latest_open_cases_and_whose_turn_it_is(citizen, w):
    f.correction_case(w)
    ended = f.decided_case(w)
    from mingqu.cases import services as cases

    cases.deliver_case(
        case_id=ended.pk, served=Served.at_window("李晓禾"), by=w.clerk, at=f.FRIDAY_NOON, key=uuid4()
    )
    for _ in range(3):
        f.received_case(w)

    text = page(citizen.get("/"))

    strip = text[text.index('aria-labelledby="mine"') : text.index('aria-labelledby="services"')]
    assert strip.count("<li>") == 3
    assert ended.number not in strip
    assert "最晚" in strip


def test_the_strip_names_what_is_to_be_corrected(citizen, w):
    f.correction_case(w)

    text = page(citizen.get("/"))

    assert "轮到您：" in text
    assert "经营场所平面布局图" in text


def test_without_open_cases_or_sign_in_there_is_no_strip(client, citizen, w):
    assert "我的办件</h2>" not in page(citizen.get("/"))
    client.logout()
    f.received_case(w)
    assert 'aria-labelledby="mine"' not in page(client.get("/"))


def test_nobody_sees_the_cases_of_another(client, w):
    f.received_case(w)
    other, _ = people.citizen("李四")

    assert 'aria-labelledby="mine"' not in page(people.signed_in(client, other).get("/"))


def test_without_ratings_the_page_says_so_and_with_few_it_shows_no_rate(client, w):
    assert "近30天还没有收到评价" in page(client.get("/"))

    today = legal_day(timezone.now())
    for _ in range(9):
        evaluation.count_rating(w.bureau, "QH-SPJYXK", today, 5)
    text = page(client.get("/"))
    assert "近30天收到9条评价，不满10条" in text
    assert "%</span>" not in text

    evaluation.count_rating(w.bureau, "QH-SPJYXK", today, 1)
    assert "90.0%</span>" in page(client.get("/"))


def test_the_front_page_takes_at_most_ten_statements_signed_in(citizen, w, django_assert_max_num_queries):
    f.correction_case(w)
    f.received_case(w)
    f.accepted_case(w)
    citizen.get("/")

    with django_assert_max_num_queries(10):
        citizen.get("/")


def test_the_front_page_takes_at_most_four_statements_for_anybody(client, w, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get("/")


@pytest.mark.parametrize("address", ["/", "/search/", "/services/", "/services/QH-SPJYXK/", "/ledger/"])
def test_public_pages_are_only_read(client, w, address):
    if address != "/ledger/":
        assert client.post(address).status_code == 405
    assert client.put(address).status_code == 405


def test_life_events_stand_by_name_in_the_order_of_life_and_lead_to_their_services(client, w):
    for number, event in enumerate(("after_death", "birth", "old_age")):
        samples.publish(
            code=f"QH-E{number}", name=f"大事{number}", audience=["natural_person"], life_events=[event]
        )
    text = page(client.get("/"))

    assert text.index(">出生<") < text.index(">养老<") < text.index(">身后<")
    assert "QH-E1" in page(client.get("/services/?audience=personal&life_event=birth"))
