"""A bundle is published only if it fits the services it is made of."""

import copy

import pytest

from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.tests import factories as f
from mingqu.catalogue.bundles import selectors, services
from mingqu.catalogue.bundles.errors import BundleDefinitionUnknown, BundleInvalid, BundleOutOfStep
from mingqu.catalogue.bundles.models import BundleRevision
from mingqu.catalogue.errors import AnswerUnknown
from mingqu.identity import selectors as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor
from mingqu.kernel.yaml_text import read_yaml

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return b.world()


def publish(document, by=f.SYSTEM):
    return services.publish_bundle(document=document, by=by, at=f.people.NOON, key=new_id())


def changed(*edits):
    document = copy.deepcopy(b.document())
    for edit in edits:
        edit(document)
    return document


def part(document, code):
    return next(p for p in document["parts"] if p["code"] == code)


def field(document, name):
    return next(one for one in document["fields"] if one["name"] == name)


def test_the_demo_bundle_is_published_once_and_again_changes_nothing(w):
    publish(b.document())
    publish(b.document())

    assert BundleRevision.objects.count() == 1
    assert [one.name for one in selectors.published_bundles()] == ["开餐饮店一件事"]
    assert list(selectors.published_bundles("stage")) == []


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda d: d.update(format="0.9"), "格式版本"),
        (lambda d: d.update(colour="red"), "colour：不认识的键"),
        (lambda d: d.pop("lead"), "lead：缺少"),
        (lambda d: d.update(accept="some"), "accept应是"),
        (lambda d: d.update(life_event="开饭店"), "bundle_event里没有“开饭店”"),
        (lambda d: d.update(on_refusal="maybe"), "on_refusal应是"),
        (lambda d: d.update(parts=[]), "没有包含的事项"),
        (
            lambda d: part(d, "licence").update(after=["food"]),
            "前置关系成环：营业执照 → 食品经营许可 → 营业执照",
        ),
        (lambda d: part(d, "food").update(after=["nobody"]), "前置事项“nobody”不存在"),
        (lambda d: part(d, "food").update(item="QH-NONE"), "没有发布"),
        (lambda d: part(d, "food").update(handling="99"), "没有发布"),
        (lambda d: part(d, "food").update(handling="03"), "要从已有证照发起"),
        (lambda d: part(d, "food").update(after=[]), "前面没有产生主体的事项"),
        (lambda d: part(d, "food").update(fill={"nothing": "subject.name"}), "没有“nothing”"),
        (lambda d: part(d, "food").update(fill={"credit_code": "subject.age"}), "不认识“subject.age”"),
        (lambda d: part(d, "sign").update(situation={}), "应恰好对应一次，现在是0次"),
        (lambda d: part(d, "sign").update(situation={"sign_size": "huge"}), "没有答案“huge”"),
        (lambda d: part(d, "sign").update(when="situation.weather = 1"), "weather"),
        (lambda d: part(d, "sign").update(when="situation.("), "situation.("),
        (lambda d: d["situations"][0]["to"].update(food="nothing"), "没有情形问题“nothing”"),
        (lambda d: field(d, "shop_name")["to"].update(food="nothing"), "没有“nothing”"),
        (lambda d: field(d, "contact_name")["to"].update(food="shop_name"), "对应了不止一次"),
        (lambda d: field(d, "contact_name")["to"].update(food="area_m2"), "类型不同"),
        (lambda d: d["pages"][0]["fields"].remove("premises"), "应恰好出现在一页上"),
        (lambda d: d["materials"][0]["to"].update(food="nothing"), "没有材料“nothing”"),
        (lambda d: d["materials"][0].update(brought_by="nobody"), "由不存在的“nobody”产生"),
        (lambda d: d["materials"][0].update(brought_by="sign"), "没有排在它后面"),
        (lambda d: d.update(provisional={"when": "true", "name": "x", "number": "y"}), "临时主体的字段“x”"),
    ],
)
def test_a_bundle_that_does_not_fit_says_where(w, edit, says):
    with pytest.raises(BundleInvalid) as refused:
        publish(changed(edit))

    assert any(says in problem for problem in refused.value.problems), refused.value.problems
    assert BundleRevision.objects.count() == 1


def test_only_who_publishes_definitions_publishes_bundles(w):
    with pytest.raises(NotAuthorised):
        publish(changed(lambda d: d.update(summary="另一句")), by=Actor("citizen", new_id()))


def test_a_code_gives_nobody_the_bundle_of_another_department(w):
    publish(b.document())
    other = identity.department_by_code("QH-CGJ")
    theirs = people.staff_actor("catalogue_reviewer", department_id=other.id)

    with pytest.raises(NotAuthorised):
        publish(changed(lambda d: d.update(lead="QH-CGJ")), by=theirs)

    assert next(iter(selectors.published_bundles())).lead.code == b.document()["lead"]


def test_a_service_published_anew_that_no_longer_fits_closes_the_bundle_until_it_is_put_right(w):
    document = read_yaml((b.DEMO / "definitions/outdoor-sign.yaml").read_text("utf-8"))
    schema = document["handling"][0]["form"]["schema"]
    schema["properties"]["holder"] = schema["properties"].pop("shop_name")
    schema["required"][schema["required"].index("shop_name")] = "holder"
    document["handling"][0]["form"]["pages"][0]["fields"][0] = "holder"
    document["handling"][0]["result"]["fields"][0]["value"] = "form.holder"
    document["handling"][0]["scenarios"] = []  # they answer the old form
    started = b.draft(w)
    b.catalogue_services.publish_revision(document=document, by=f.SYSTEM, at=f.people.NOON, key=new_id())

    with pytest.raises(BundleOutOfStep):
        selectors.open_bundle(b.CODE)
    with pytest.raises(BundleDefinitionUnknown):
        selectors.open_bundle("QH-NONE")
    assert b.file(w, started).number.startswith("B990104"), "what was begun goes on as it was"


def test_questions_that_an_answer_makes_needless_are_not_asked(w):
    of = selectors.open_bundle(b.CODE)

    asked = [q.ask for q in selectors.questions(of, {"signboard": "none", "discharge": "no"})]

    assert "sign_place" not in asked and "outlet" not in asked
    with pytest.raises(AnswerUnknown):
        selectors.needed(of, {"subject": ["cat"]})


def test_without_the_licence_in_the_bundle_it_is_handed_in_once_for_all(w):
    def already_licensed(d):
        d["parts"] = [p for p in d["parts"] if p["code"] != "licence"]
        for one in d["parts"]:
            one |= {"after": [], "subject": "person"}
        d["materials"][0]["brought_by"] = ""

    publish(changed(already_licensed))
    of = selectors.open_bundle(b.CODE)
    wanted = selectors.needed_of_answers(of, b.SITUATION)

    licence = [m for m in selectors.merged_materials(of, wanted) if m.material.name == "营业执照"]
    assert [one.to for one in licence] == [
        {"food": "business-licence", "sign": "business-licence", "drainage": "business-licence"}
    ]
