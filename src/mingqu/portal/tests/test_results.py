"""行政许可法 40: whoever wants reads what was granted, to firms by their whole name, to people as 张*."""

from copy import deepcopy
from dataclasses import replace
from datetime import date

import pytest

from mingqu.cases import published
from mingqu.cases import selectors as cases
from mingqu.cases.models import Case, Decision
from mingqu.cases.tests import factories as f
from mingqu.catalogue import selectors as catalogue
from mingqu.identity.models import Firm
from mingqu.kernel import training

pytestmark = pytest.mark.django_db
FIRM = "清禾区望渠餐饮有限公司"


@pytest.fixture
def w(db):
    return f.world()


def page(client, query=""):
    return client.get(f"/results/{query}").content.decode()


def of_a_firm(case):
    """As if it had been applied for by a firm."""
    firm = Firm.objects.create(name=FIRM, reserved_name_number=str(case.pk)[:20], created_at=f.FRIDAY_NOON)
    Case.objects.filter(pk=case.pk).update(party_kind="firm", party_id=firm.id, party_name=FIRM)
    return case


def number_of(case):
    return Decision.objects.get(case=case).document_number


def test_a_grant_is_there_with_number_and_day_and_without_the_persons_name(client, w):
    case = f.decided_case(w)

    text = page(client)

    assert number_of(case) in text
    assert "李*" in text
    assert "2026年9月18日" in text
    for hidden in ("李晓禾", case.number, f.ANSWERS["premises"], str(case.pk), str(w.citizen.id)):
        assert hidden not in text


def test_only_grants_of_licences_are_there(client, w):
    refused = f.decided_case(w, outcome="refused")
    f.reviewed_case(w)
    other = f.decided_case(w)
    Case.objects.filter(pk=other.pk).update(item_type="07")

    text = page(client)

    assert number_of(refused) not in text
    assert "还没有准予的决定" in text


def test_a_firm_is_found_by_its_name_and_a_decision_by_its_number(client, w):
    case, other = of_a_firm(f.decided_case(w)), f.decided_case(w)

    assert FIRM in page(client, "?q=清禾区望渠")
    assert "李*" not in page(client, "?q=清禾区望渠")
    assert FIRM in page(client, f"?q={number_of(case)}")
    assert "李*" in page(client, f"?q={number_of(other)}")
    for words in ("李晓禾", "清禾区", "另一家餐饮公司"):
        assert "没有找到这样的决定" in page(client, f"?q={words}")


def test_it_is_narrowed_by_organ_item_and_days(client, w):
    f.decided_case(w)
    for query in ("?organ=QH-SCJG", "?item=QH-SPJYXK", "?since=2026-09-18&until=2026-09-18"):
        assert "李*" in page(client, query), query
    for query in ("?organ=QH-ZWZX", "?item=NONE", "?since=2026-09-19", "?until=2026-09-17"):
        assert "没有找到这样的决定" in page(client, query), query
    assert "李*" in page(client, "?since=昨天&before=x")


def test_where_the_definition_says_why_decisions_are_closed_only_the_reason_is_told(client, w, monkeypatch):
    case = of_a_firm(f.decided_case(w))
    whole = catalogue.definition(case.revision_id, case.handling_code)
    closed = replace(whole, result=replace(whole.result, not_public="涉及商业秘密（行政许可法第五条）"))
    monkeypatch.setattr(published.catalogue, "definition", lambda *_: closed)

    text = page(client)

    assert "涉及商业秘密" in text
    assert FIRM not in text
    assert number_of(case) not in text
    assert "没有找到这样的决定" in page(client, f"?q={number_of(case)}")


def test_who_looks_for_a_name_does_not_learn_by_a_next_page_how_much_is_closed(w, monkeypatch):
    monkeypatch.setattr(published, "PAGE", 1)
    made = [of_a_firm(f.decided_case(w)) for _ in range(3)]
    monkeypatch.setattr(published, "_closed", lambda case: "" if case.pk == made[0].pk else "涉及商业秘密")

    lines, more = cases.granted(cases.WantedGrants(words=FIRM))

    assert [one.document_number for one in lines] == [number_of(made[0])] and more is None
    monkeypatch.setattr(published, "_closed", lambda case: "涉及商业秘密")
    assert cases.granted(cases.WantedGrants(words=FIRM)) == ([], None)


def test_the_reason_is_a_field_of_the_definition_and_the_guide_tells_it(client):
    document = deepcopy(f.food_licence())
    document["handling"][0]["result"]["not_public"] = "涉及个人隐私（行政许可法第五条）"
    f.world(document)

    guide = client.get("/services/QH-SPJYXK/").content.decode()

    assert "涉及个人隐私（行政许可法第五条）" in guide
    assert "看已经准予的决定" not in guide


def test_training_regions_are_left_out(client, w, monkeypatch):
    f.decided_case(w)
    monkeypatch.setattr(published, "is_training", lambda code: True)

    assert "李*" not in page(client)
    assert not training.is_training("990104000000")


def test_the_list_goes_on_by_key(w, monkeypatch):
    monkeypatch.setattr(published, "PAGE", 2)
    made = [f.decided_case(w) for _ in range(3)]

    first, more = cases.granted(cases.WantedGrants())
    rest, end = cases.granted(cases.WantedGrants(), before=more)

    assert [one.document_number for one in (*first, *rest)] == [number_of(case) for case in reversed(made)]
    assert end is None
    assert first[0].decided_on == date(2026, 9, 18)


def test_guide_and_front_page_lead_there_in_a_few_statements(client, w, django_assert_max_num_queries):
    f.decided_case(w)
    assert "/results/?item=QH-SPJYXK" in client.get("/services/QH-SPJYXK/").content.decode()
    assert 'href="/results/"' in client.get("/").content.decode()
    with django_assert_max_num_queries(6):
        client.get("/results/")
