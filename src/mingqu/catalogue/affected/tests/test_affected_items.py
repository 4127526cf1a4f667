"""A change of a law finds the items that rest on it."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingqu.cases.tests import factories as f
from mingqu.catalogue import services
from mingqu.catalogue.affected import rules, selectors
from mingqu.catalogue.affected import services as kept
from mingqu.catalogue.affected.models import CitedPlace, ReadForCitations
from mingqu.catalogue.affected.selectors import Asked
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.law.services import confirm_change, record_change
from mingqu.law.tests.made import bring_in, folder
from mingqu.law.types import Change

pytestmark = pytest.mark.django_db
STALLS = "样例摊位管理条例"
FEES = "样例收费规定"
SLUG = "yang-li-tan-wei-guan-li-tiao-li"
ON = date(2026, 11, 20)


@pytest.fixture
def w(tmp_path):
    bring_in(folder(tmp_path), people.NOON)
    made = f.world()
    document = f.food_licence()
    document["basis"] = [
        {"law": STALLS, "article": 3, "says": "设立摊位提交申请书。", "confirmed_by": "石敏"},
        {"law": FEES, "article": 1, "says": "收费一元。", "confirmed_by": "石敏"},
    ]
    document["item"]["summary"] = f"依据《{STALLS}》办理。"
    services.publish_revision(document=document, by=f.SYSTEM, at=people.NOON, key=new_id())
    return made


def touched(**kwargs):
    lines, _ = selectors.lines(Asked(ON, **kwargs))
    return [(line.item.code, place.words, place.standing.state) for line in lines for place in line.places]


def test_what_a_definition_cites_is_found_wherever_it_stands():
    document = {
        "basis": [{"law": "甲法", "article": 3, "paragraph": 1}],
        "item": {"summary": "见《乙办法》。"},
        "sources": {"basis": {"from": "《丙法》"}},
    }

    assert [(c.law, c.article, c.paragraph, c.where) for c in rules.cited(document)] == [
        ("甲法", 3, 1, "设定依据“第1项”"),
        ("乙办法", 0, 0, "事项 · 简介"),
    ]


def test_a_repealed_basis_and_one_the_library_has_not_got_are_listed(w):
    found = touched()

    assert ("QH-SPJYXK", f"《{FEES}》第一条", "repealed") in found
    assert any(state == "unknown_law" for _, _, state in found)
    assert all(state != "in_force" for _, _, state in found)


def test_a_recorded_repeal_makes_the_items_appear_at_once(w):
    assert ("QH-SPJYXK", f"《{STALLS}》第三条", "repealed") not in touched()

    recorded = record_change(
        slug=SLUG,
        change=Change("repealed", date(2026, 11, 1), "由新条例代替", "样例令第1号"),
        by=people.staff_actor("law_officer"),
        at=people.NOON,
        key=new_id(),
    )
    assert ("QH-SPJYXK", f"《{STALLS}》第三条", "repealed") not in touched()
    second = people.staff_actor("law_officer", name="乙法制")
    confirm_change(awaited_id=recorded.awaited_id, by=second, at=people.NOON, key=new_id())

    assert ("QH-SPJYXK", f"《{STALLS}》第三条", "repealed") in touched()
    assert len(touched(law=STALLS, trouble=True)) == 2  # the article, and the law as a whole


def test_the_items_of_one_article_are_listed_with_the_post_that_answers(w):
    lines, _ = selectors.lines(Asked(ON, law=f"《{STALLS}》", article=3, trouble=False))

    assert [(line.item.code, [place.words for place in line.places]) for line in lines] == [
        ("QH-SPJYXK", [f"《{STALLS}》第三条"])
    ]
    assert lines[0].post


def test_a_new_publication_takes_the_place_of_what_was_cited(w):
    assert CitedPlace.objects.filter(law_key=STALLS).exists()

    services.publish_revision(document=f.food_licence(), by=f.SYSTEM, at=people.NOON, key=new_id())

    assert not CitedPlace.objects.filter(law_key=STALLS).exists()


def test_the_page_its_table_and_the_page_of_the_law_tell_the_same(w):
    client = people.signed_in(
        Client(), people.staff_user("石敏", people.post(people.department(), "law_officer"))
    )

    text = client.get(reverse("catalogue:affected"), {"law": STALLS}).content.decode()
    table = client.get(reverse("catalogue:affected_table"), {"law": STALLS})

    assert f"《{STALLS}》第三条" in text and f"/desk/laws/{SLUG}/#a3" in text
    assert table.content[:2] == b"PK" and "xlsx" in table["Content-Disposition"]
    assert "食品经营许可" in Client().get(f"/laws/{SLUG}/").content.decode()
    assert f'href="/laws/{SLUG}/#a3"' in Client().get("/services/QH-SPJYXK/").content.decode()


def test_what_was_published_before_citations_were_kept_is_filled_in_batches(w, monkeypatch):
    before, items = CitedPlace.objects.count(), ReadForCitations.objects.count()
    CitedPlace.objects.all().delete()
    ReadForCitations.objects.all().delete()
    monkeypatch.setattr(kept, "BATCH", 1)

    kept.keep_missing()

    assert CitedPlace.objects.count() == before > 0
    assert ReadForCitations.objects.count() == items > 0


def test_an_item_that_cites_nothing_is_read_once(w, monkeypatch):
    ReadForCitations.objects.all().delete()
    monkeypatch.setattr(rules, "cited", lambda document: [])
    kept.keep_missing()
    assert not CitedPlace.objects.exists()

    with CaptureQueriesContext(connection) as seen:
        kept.keep_missing()

    assert len(seen) == 1, "asked what is missing, and read nothing"
