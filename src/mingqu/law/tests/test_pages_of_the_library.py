"""What readers and keepers of the library see."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.law import uses
from mingqu.law.models import AwaitedChange, Law, LawChange
from mingqu.law.tests.made import bring_in, folder

pytestmark = pytest.mark.django_db
LAW = "样例摊位管理条例"
STALLS = "yang-li-tan-wei-guan-li-tiao-li"
FEES = "yang-li-shou-fei-gui-ding"


@pytest.fixture
def library(tmp_path):
    bring_in(folder(tmp_path), people.NOON)


def page(address, client=None, **query):
    answer = (client or Client()).get(address, query)
    return answer.status_code, answer.content.decode()


def keeper(name="石敏"):
    user = people.staff_user(name, people.post(people.department(), "law_officer"))
    return people.signed_in(Client(), user)


def test_laws_are_found_by_a_part_of_their_name_and_by_kind(library):
    _, found = page("/laws/", q="摊位")
    _, rules = page("/laws/", kind="rule")

    assert ("样例摊位管理条例" in found, "样例收费规定" in found) == (True, False)
    assert ("样例摊位管理条例" in rules, "样例收费规定" in rules) == (False, True)
    assert "已失效" in rules and "资料截至" in rules and "2025年4月19日" in rules


def test_the_list_goes_on_from_key_to_key(library, monkeypatch):
    monkeypatch.setattr("mingqu.law.library.PAGE", 1)

    first = Client().get("/laws/")
    second = Client().get(first.context["next_url"])

    shown = [row.law.name for answer in (first, second) for row in answer.context["rows"]]
    assert sorted(shown) == sorted(Law.objects.values_list("name", flat=True))
    assert second.context["next_url"] == ""


def test_an_empty_library_says_so():
    assert "没有找到法规" in page("/laws/")[1]
    assert "法规库还是空的" in page("/desk/laws/", keeper())[1]


def test_the_reader_chooses_the_day_and_sees_the_text_of_that_day(library):
    _, now = page(f"/laws/{STALLS}/")
    _, then = page(f"/laws/{STALLS}/", on="2020-01-01")

    assert "只需提交申请书" in now and 'id="a5"' in now
    assert "位置图" in then and 'id="a3-1"' in then and "第三条之一" in then
    assert "从哪天起施行" not in then and "2019年5月1日" in then


def test_a_day_that_is_none_is_told_and_today_is_shown(library):
    status, text = page(f"/laws/{STALLS}/", on="昨天")

    assert status == 200 and "没有“昨天”这一天" in text


@pytest.mark.parametrize("query", [{"version": "1999-01-01"}, {"version": "../"}])
def test_a_version_that_is_not_there_is_not_found(library, query):
    assert page(f"/laws/{STALLS}/", **query)[0] == 404
    assert page("/laws/nothing/")[0] == 404


def test_words_are_found_in_articles_and_shown_in_their_place(library):
    _, text = page("/laws/articles/", q="固定位置")

    assert f"《{LAW}》第二条" in text and ">固定位置</mark>" in text
    assert "请至少写两个字" in page("/laws/articles/", q="条")[1]
    assert "没有条文写有这个词语" in page("/laws/articles/", q="火星登陆")[1]


def test_what_is_typed_is_shown_as_text_only(library):
    _, text = page("/laws/articles/", q="<b>申请")

    assert "<b>申请" not in text


def test_services_that_rest_on_a_law_stand_on_its_page(library, monkeypatch):
    told = [uses.Use("摆摊许可", "/services/QH-TW/", [(3, 0), (0, 0)])]
    monkeypatch.setitem(uses._tellers, "public", lambda key: told if key == "样例摊位管理条例" else [])

    _, text = page(f"/laws/{STALLS}/")

    assert '<a href="/services/QH-TW/">摆摊许可</a>' in text and 'href="#a3">第三条</a>' in text
    assert "依据这部法规的事项" not in page(f"/laws/{FEES}/")[1]


def test_the_keeper_records_a_repeal_and_everybody_sees_it(library):
    client = keeper()
    fields = {
        "key": str(new_id()),
        "kind": "repealed",
        "on_year": "2026",
        "on_month": "1",
        "on_day": "1",
        "paper": "样例令第1号",
        "reason": "由新条例代替",
    }

    answer = client.post(reverse("law:record", args=[STALLS]), fields)

    assert answer.status_code == 302
    assert "自2026年1月1日起失效" not in page(f"/laws/{STALLS}/")[1]
    own = page(answer["Location"], client)[1]
    assert (
        "等待另一位法制人员确认" in own and "要由另一位法制人员确认" in own and 'value="confirm"' not in own
    )
    awaited = AwaitedChange.objects.get()
    address = reverse("law:decide", args=[STALLS, awaited.pk])
    deed = {"deed": "confirm", "key": str(new_id())}
    assert client.post(address, deed).status_code == 403

    second = keeper("乙法制")
    assert "没有要确认的" in page("/desk/", client)[1] and "1项等您确认" in page("/desk/", second)[1]
    assert STALLS in page(reverse("law:library"), second)[1].partition("等待确认的登记")[2]
    unreasoned = second.post(address, {"deed": "decline", "key": str(new_id())})
    assert unreasoned.status_code == 400 and "请写明为什么不确认" in unreasoned.content.decode()
    assert second.post(address, {"deed": "confirm", "key": str(new_id())}).status_code == 302
    assert "自2026年1月1日起失效" in page(f"/laws/{STALLS}/")[1]
    assert "样例令第1号" in page(answer["Location"], client)[1]
    assert LawChange.objects.get().on == date(2026, 1, 1)


def test_what_is_missing_is_told_field_by_field(library):
    answer = keeper().post(reverse("law:record", args=[STALLS]), {"key": str(new_id())})

    text = answer.content.decode()
    assert answer.status_code == 400
    assert "请选择登记什么" in text and "请写明根据什么文件" in text
    assert not LawChange.objects.exists()


def test_others_on_the_staff_read_but_do_not_record(library):
    user = people.staff_user("李编", people.post(people.department(), "catalogue_editor"))
    client = people.signed_in(Client(), user)

    assert page(f"/desk/laws/{STALLS}/", client)[0] == 200
    assert "登记废止" not in page(f"/desk/laws/{STALLS}/", client)[1]
    assert page(f"/desk/laws/{STALLS}/record/", client)[0] == 403
    assert page("/desk/laws/")[0] in (302, 403)
