"""Search and the list of services: found by everyday words, narrowed by what exists, paged by key."""

import re
from datetime import timedelta

import pytest

from mingqu.cases.bundles.tests import factories as bundles
from mingqu.catalogue.models import SearchAsked
from mingqu.catalogue.search import selectors
from mingqu.catalogue.search.models import SearchEntry
from mingqu.catalogue.search.rebuilding import rebuild
from mingqu.catalogue.search.selectors import browsing
from mingqu.identity.errors import TooManyRequests
from mingqu.identity.services import traffic
from mingqu.identity.tests.factories import NOON
from mingqu.kernel import regions, training
from mingqu.kernel.models_regions import Region
from mingqu.portal.tests import samples


def page(response) -> str:
    return response.content.decode()


FOUND = 'href="/search/open/item/QH-SPJYXK/'


@pytest.mark.parametrize(
    "words",
    [
        "食品经营许可",
        "开饭店",
        "奶茶店",
        "平面布局图",
        "食品 许可",
        "餐饮店",
        "shipinjingying",
        "spjyxk",
        "食品经营许可正",
    ],
)
def test_a_service_is_found_by_its_name_other_names_materials_sounds_and_initials(client, w, words):
    text = page(client.get("/search/", {"q": words}))

    assert "找到1个事项" in text
    assert FOUND in text


@pytest.mark.parametrize("words", ["开个小饭店", "我想开奶茶店要什么证", "开一家小餐馆怎么办"])
def test_ones_own_words_lead_to_what_is_meant(client, w, words):
    """The search box asks for own words; nobody's own words are exactly an alias."""
    assert FOUND in page(client.get("/search/", {"q": words}))


def test_what_was_asked_for_is_set_off_and_why_it_was_found_is_said(client, w):
    assert "<mark>食品经营许可</mark>" in page(client.get("/search/", {"q": "食品经营许可"}))
    assert "材料、情形里有：平面" in page(client.get("/search/", {"q": "平面布局图"}))


def test_a_result_leads_to_its_guide_and_straight_to_applying(client, w):
    text = page(client.get("/search/", {"q": "食品经营许可"}))

    assert 'href="/apply/QH-SPJYXK/"' in text
    assert "可在线办理" in text
    answer = client.get("/search/open/item/QH-SPJYXK/", {"q": "食品经营许可"})
    assert answer["Location"] == "/services/QH-SPJYXK/"


def test_results_are_narrowed_and_the_way_back_is_shown(client, w):
    assert FOUND in page(
        client.get("/search/", {"q": "食品经营许可", "gate": "applicable", "audience": "legal"})
    )
    text = page(client.get("/search/", {"q": "食品经营许可", "kind": "enquiry"}))

    assert "没有找到" in text
    assert "去掉筛选条件" in text


def test_while_somebody_types_the_first_answers_appear(client, w):
    text = page(client.get("/search/suggestions/", {"q": "食品经"}))

    assert FOUND in text
    assert "<html" not in text
    assert "<li>" not in page(client.get("/search/suggestions/", {"q": "食"}))


def test_every_service_stands_under_its_first_letters(client, w):
    index = page(client.get("/services/letters/"))
    assert "?from=sp&amp;to=sp" in index

    names = page(client.get("/services/letters/?from=sp&to=sp"))
    assert 'href="/services/QH-SPJYXK/"' in names
    assert 'href="/apply/QH-SPJYXK/"' in names
    assert "QH-SPJYXK" not in page(client.get("/services/letters/?from=aa&to=ab"))


def test_many_services_with_the_same_first_letters_come_page_by_page(client, w, monkeypatch):
    monkeypatch.setattr(browsing, "UNDER_THE_SAME", 2)
    samples.many(5)
    names, address, pages = [], "/services/letters/?from=dj&to=dj", 0
    while address:
        text = page(client.get(address))
        names += re.findall(r'href="/services/(QH-M\d\d)/"', text)
        pages += 1
        on = re.search(r'href="(\?[^"]*)" rel="next"', text)
        address = f"/services/letters/{on.group(1)}".replace("&amp;", "&") if on else ""

    assert names == ["QH-M01", "QH-M02", "QH-M03", "QH-M04", "QH-M05"]
    assert pages == 3


def test_nothing_found_says_so_and_what_to_do_next(client, w):
    text = page(client.get("/search/", {"q": "结婚"}))

    assert "没有找到" in text
    assert "换个说法" in text
    assert 'href="/services/?audience=all"' in text
    assert "12345" in text


@pytest.mark.parametrize("words", ["开餐饮店一件事", "一件事", "餐饮 招牌", "开饭店", "我想开奶茶店要什么证"])
def test_a_bundle_is_found_by_its_name_and_by_the_services_in_it(client, w, words):
    bundles.world(w)
    text = page(client.get("/search/", {"q": words}))

    assert f'href="/search/open/bundle/{bundles.CODE}/' in text
    assert "没有找到" not in text


def test_an_empty_search_asks_for_words(client, w):
    assert "写上要办的事" in page(client.get("/search/?q=%20%20"))


@pytest.mark.parametrize("words", ["%00'--", "<script>alert(1)</script>", "长" * 5000, "%", "_", "\\"])
def test_whatever_is_typed_is_answered(client, w, words):
    for address in ("/search/", "/services/"):
        names = ("q",) if address == "/search/" else ("theme", "department", "life_event", "after", "before")
        for name in names:
            response = client.get(address, {name: words})
            assert response.status_code == 200
            assert "<script>alert" not in page(response)


def test_a_percent_sign_is_no_wildcard(client, w):
    assert "没有找到" in page(client.get("/search/", {"q": "%"}))


def test_the_list_is_narrowed_by_each_filter(client, w):
    samples.many(2)
    listed = lambda **filters: set(  # noqa: E731
        re.findall(r'href="/services/([A-Z0-9-]+)/"', page(client.get("/services/", filters)))
    )

    everything = {"QH-SPJYXK", "QH-M01", "QH-M02"}
    assert listed(audience="all") == everything
    assert listed(audience="legal") == {"QH-SPJYXK"}
    assert listed(audience="all", theme="社会保障") == {"QH-M01", "QH-M02"}
    assert listed(audience="all", life_event="restaurant") == {"QH-SPJYXK"}
    assert listed(audience="all", department="QH-SCJG") == everything
    assert listed(audience="all", department="QH-ZWZX") == set()


def test_a_life_event_shows_what_is_done_together_before_the_single_services(client, w):
    bundles.world(w)
    text = page(client.get("/services/?audience=all&life_event=restaurant"))

    assert 0 < text.index("开餐饮店一件事") < text.index('href="/services/QH-SPJYXK/"')
    assert "开餐饮店一件事" not in page(client.get("/services/?audience=all&life_event=birth"))


def test_a_life_event_says_what_comes_after_what_and_which_materials_are_given_once(client, w):
    """PRT-04: each of it leads to its own guide; what another system handles is named and leads nowhere."""
    bundles.world(w)
    text = page(client.get("/services/?audience=all&life_event=restaurant"))
    turns = re.findall(r"<li>(.*?)</li>", text.split('class="mq-turns">')[1].split("</ol>")[0], re.S)

    assert [re.sub("<[^>]+>", "", one)[:4] for one in turns] == [
        "营业执照",
        "食品经营",
        "公众聚集",
        "户外招牌",
        "污水排入",
    ]
    assert "在省经营主体登记系统办理" in turns[0] and "href" not in turns[0]
    assert 'href="/services/QH-SPJYXK/"' in turns[1] and "营业执照办成以后" in turns[1]
    assert "前面办出来的，后面不用交：营业执照。" in text and "只交一次：" not in text


def test_only_filters_that_lead_to_something_are_offered(client, w):
    text = page(client.get("/services/"))

    assert "准营准办" in text
    assert "婚姻登记" not in text
    assert "QH-ZWZX" not in text


def test_a_list_without_results_shows_the_way_back(client, w):
    text = page(client.get("/services/?theme=没有的主题"))

    assert "没有符合的事项" in text
    assert 'href="?audience=all"' in text


def test_pages_of_the_list_go_on_and_back_by_key_and_each_takes_few_statements(
    client, w, django_assert_max_num_queries
):
    samples.many(41)
    with django_assert_max_num_queries(6):
        client.get("/services/")
    seen, address, pages = [], "/services/?audience=all", 0
    while address:
        text = page(client.get(address))
        seen += re.findall(r'<a class="mq-found__name" href="/services/([A-Z0-9-]+)/"', text)
        pages += 1
        on = re.search(r'href="(\?[^"]*)" rel="next"', text)
        address = f"/services/{on.group(1)}".replace("&amp;", "&") if on else ""

    assert pages == 3
    assert len(seen) == len(set(seen)) == 42
    back = re.search(r'href="(\?[^"]*)" rel="prev"', text).group(1).replace("&amp;", "&")
    second = page(client.get(f"/services/{back}"))
    assert re.findall(r'<a class="mq-found__name" href="/services/([A-Z0-9-]+)/"', second) == seen[20:40]


def test_a_stale_cursor_shows_the_first_page(client, w):
    assert "食品经营许可" in page(client.get("/services/?after=gone"))


def test_the_index_made_anew_from_what_is_published_answers_the_same(w):
    """`mingqu search rebuild` after an upgrade or a restored backup."""
    samples.many(2)
    asked = ("开饭店", "登记事项01", "平面布局图", "shipinjingying")
    before = [selectors.find(words) for words in asked]
    SearchEntry.objects.all().delete()

    assert rebuild() == 3
    assert [selectors.find(words) for words in asked] == before
    assert all(found.hits for found in before)


def test_searching_is_free_but_one_address_fills_no_statistics(client, w, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"search_noted_address": (2, 600)}
    for words in ("开饭店", "招牌", "排水", "下水道"):
        assert client.get("/search/", {"q": words}).status_code == 200

    assert SearchAsked.objects.count() == 2


READ_GENTLY = ("/search/?q=招牌", "/search/suggestions/?q=招牌", "/services/letters/", "/services/", "/laws/")


def test_who_reads_without_end_is_asked_to_come_back_and_told_when(client, w, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"reading_address": (len(READ_GENTLY), 600)}
    for address in READ_GENTLY:
        assert client.get(address).status_code == 200

    for address in READ_GENTLY:
        refused = client.get(address)
        assert refused.status_code == 429
        assert 0 < int(refused["Retry-After"]) <= 600
        text = page(refused)
        assert "访问太多，请过10分钟再来" in text and "too_many_requests" in text
    assert client.get("/services/QH-SPJYXK/").status_code == 200  # a guide somebody stands before is read on


def test_counting_readers_costs_no_statement_but_one_in_fifty_requests(w, django_assert_num_queries):
    with django_assert_num_queries(0):
        for _ in range(traffic.PORTION - 1):
            traffic.count("reading_address", "192.0.2.1", at=NOON)
    with django_assert_num_queries(1):
        traffic.count("reading_address", "192.0.2.1", at=NOON)


def test_processes_share_what_an_address_has_read_and_the_refused_cost_nothing(
    w, settings, django_assert_num_queries
):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"reading_address": (120, 600)}

    def read(times):
        for _ in range(times):
            traffic.count("reading_address", "192.0.2.1", at=NOON)

    read(100)
    traffic.seen.clear()  # another process of the same installation
    with pytest.raises(TooManyRequests):
        read(50)
    with django_assert_num_queries(0), pytest.raises(TooManyRequests):
        read(1)
    traffic.count("reading_address", "192.0.2.2", at=NOON)
    traffic.count("reading_address", "192.0.2.1", at=NOON + timedelta(minutes=10))


def test_where_nothing_is_found_the_training_region_can_be_asked_for_and_only_then_answers(
    client, w, settings
):
    settings.MINGQU_SITE = {**settings.MINGQU_SITE, "region_code": "990104000000"}
    regions.load_demo_district()
    samples.publish(code="QH-LIANXI", name="练习小食杂店许可", aliases=[], region_code="990104100000")
    assert "练习小食杂店许可" in page(client.get("/services/", {"audience": "all"}))
    Region.objects.filter(code="990104100000").update(training=True)
    training.known.read_at = None

    nothing = page(client.get("/search/", {"q": "练习小食杂店"}))
    asked = page(client.get("/search/", {"q": "练习小食杂店", "region": "990104100"}))

    assert "没有找到" in nothing
    assert "QH-LIANXI" not in nothing
    assert 'region=990104100"' in nothing
    assert "QH-LIANXI" in asked
    assert "培训区域" in asked
