"""What can't be applied for is shown all the same: why, and what people can do instead."""

import pytest

from mingqu.catalogue.models import ServiceItem
from mingqu.portal.tests import samples

URL = "/services/QH-LISTED/"


def publish(*, handling=None, **item):
    document = samples.document(code="QH-LISTED", name="只供查阅的事项", **item)
    document["handling"] = handling(document["handling"]) if handling else []
    document["sources"] = []
    from uuid import uuid4

    from mingqu.catalogue import services as catalogue
    from mingqu.identity.tests.factories import NOON, SYSTEM

    return catalogue.publish_revision(document=document, by=SYSTEM, at=NOON, key=uuid4())


def first_without_limits(handling):
    return [{name: part for name, part in handling[0].items() if name not in ("clocks", "scenarios")}]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"handling_kind": "enquiry", "link": "https://chaxun.qinghe.example/", "type": "20"},
            ["不用提交申请", 'href="https://chaxun.qinghe.example/"', "公共服务"],
        ),
        ({"handling_kind": "ex_officio", "type": "02"}, ["不用申请，也不接受申请", "权责清单", "行政处罚"]),
        ({}, ["办事指南还不完整", "没有业务办理项"]),
        (
            {"handling": first_without_limits},
            ["办事指南还不完整", "新办：没有写明法定期限和承诺期限", "营业执照", "有食品安全管理人员"],
        ),
    ],
)
def test_a_service_that_can_not_be_applied_for_says_why_and_whom_to_ask(client, w, given, words):
    publish(**given)
    text = client.get(URL).content.decode()

    assert [word for word in [*words, "只供查阅的事项", "0000-12345", "第35条"] if word not in text] == []
    assert "/apply/QH-LISTED" not in text, "no way into an application"
    assert ServiceItem.objects.get(code="QH-LISTED").applicable is False


@pytest.mark.parametrize("kind", ["enquiry", "ex_officio"])
def test_no_application_can_be_begun_for_it_by_address_either(client, w, kind):
    from django.urls import reverse

    publish(handling_kind=kind, link="https://chaxun.qinghe.example/" if kind == "enquiry" else "")
    for name in ("cases:start", "cases:result"):
        answer = client.get(reverse(name, args=["QH-LISTED"]))
        assert answer.status_code == 409, name
        assert "不在网上申请" in answer.content.decode()


def test_an_enquiry_without_an_address_is_not_published(w):
    from mingqu.catalogue.errors import DefinitionInvalid

    with pytest.raises(DefinitionInvalid) as refusal:
        publish(handling_kind="enquiry")

    assert "办理性质是查询、指引的，要写明网址（item.link）" in refusal.value.problems


def test_what_stands_on_a_default_is_told_at_the_foot_of_the_guide(client, w):
    text = client.get("/services/QH-SPJYXK/").content.decode()

    assert "业务办理项“新办” · 办理期限 · 承诺期限：演示区的设定（默认值，尚待核实）" in text
    assert "业务办理项“变更” · " not in text, "another item's doubts are its own"
    assert "权责清单里没有依据现行条文的有效条目" not in text, "a person has confirmed that it rests on law"


def test_the_list_of_materials_says_how_and_when_each_is_handed_in(client, w):
    text = client.get("/services/QH-SPJYXK/").content.decode()

    for words in (
        "先查您的电子证照，查到了不用上传",
        "承诺后，受理之日起5个工作日内补齐",
        "《中华人民共和国食品安全法》第35条第2款",
        "看什么：按现场核查表逐条核对",
        "听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审所需的时间",
    ):
        assert words in text, words
