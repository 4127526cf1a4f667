"""ARC-06: one search leads to services, bundles, laws, entries of lists, open decisions and figures."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from mingqu.cases.tests import factories as f
from mingqu.config.demo import lists_in_force
from mingqu.identity.tests.factories import NOON, SYSTEM
from mingqu.kernel import regions, training
from mingqu.kernel.models_regions import Region
from mingqu.law.services import import_laws


@pytest.fixture
def house(w):
    """The service, the demo's articles, one list."""
    regions.load_demo_district()
    import_laws(lists_in_force.LAWS, by=SYSTEM, at=NOON)
    lists_in_force.bring_in("power", NOON)
    return w


def page(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def beyond(client, words) -> str:
    """Where the page of results leads, without scripts."""
    text = page(client.get("/search/", {"q": words}))
    link = re.search(r'<a href="(/search/elsewhere/[^"]*)"', text).group(1)
    assert f'hx-get="{link}"' in text, "scripts fetch the same"
    return page(client.get(html.unescape(link)))


def test_one_search_leads_to_the_service_the_article_and_the_entry_of_the_list(client, house):
    assert "/search/open/item/QH-SPJYXK/" in page(client.get("/search/", {"q": "食品"}))
    text = beyond(client, "食品")

    article = re.search(r'href="(/laws/[a-z-]+/\?version=[^"#]+)#(\w+)"', text)
    entry = re.search(r'href="(/lists/power/990104000000/1/entry/\?code=[^"]+)"', text)
    assert f'id="{article.group(2)}"' in page(client.get(article.group(1)))
    assert "食品经营许可" in page(client.get(entry.group(1)))
    assert "清禾区权责清单" in text


def test_the_same_search_leads_to_open_decisions_and_to_the_figures(client, house):
    case = f.decided_case(house, at=timezone.now() - timedelta(days=3))
    text = beyond(client, "食品")

    assert "行政许可决定" in text and case.applicant_name not in text
    everything = re.search(r'href="(/results/\?item=QH-SPJYXK)"', text).group(1)
    assert "准予的决定" in page(client.get(everything))
    figures = page(client.get(re.search(r'href="(/efficiency/\?item=QH-SPJYXK)"', text).group(1)))
    assert "办件1件，平均到现场0.00次，一次也没跑的1件" in figures


def test_everyday_words_are_read_as_official_ones_for_laws_and_lists_too(client, house):
    text = beyond(client, "开饭店")

    assert 'value="食品经营许可"' in text
    assert "code=QH-SPJYXK" in text


def test_a_law_is_found_by_its_name(client, house):
    assert re.search(r'<a href="/laws/[a-z-]+/">《.*食品安全法', beyond(client, "食品安全法"))


def test_what_stands_nowhere_is_said_and_leads_back_to_services(client, house):
    text = beyond(client, "火星移民")

    assert "法规条文、清单和公开的决定里都没有写" in text
    assert 'href="/search/?q=%E7%81%AB%E6%98%9F%E7%A7%BB%E6%B0%91"' in text


def test_entries_of_a_training_region_are_not_found(client, house):
    assert "/lists/power/" in page(client.get("/search/elsewhere/?q=食品"))
    Region.objects.filter(code="990104000000").update(training=True)
    training.known.read_at = None

    assert "/lists/power/" not in page(client.get("/search/elsewhere/?q=食品"))


def test_the_search_in_laws_and_lists_takes_few_statements(client, house, django_assert_max_num_queries):
    client.get("/search/elsewhere/?q=食品&item=QH-SPJYXK")
    with django_assert_max_num_queries(16):
        assert "/laws/" in page(client.get("/search/elsewhere/?q=食品&item=QH-SPJYXK"))


@pytest.mark.parametrize("words", ["", "%", "长" * 5000, "<script>alert(1)</script>", "'--"])
def test_whatever_is_typed_is_answered_there_too(client, house, words):
    assert "<script>alert" not in page(client.get("/search/elsewhere/", {"q": words}))
