"""Questions of the one form in a bundle's correction: asked once, typed once, given to every part that shares them."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases import services as cases
from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.errors import NoCorrectionAwaited
from mingqu.cases.bundles.selectors.asking import asked_fields
from mingqu.cases.bundles.services import answers
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests.test_corrections import ask, notices, supplement
from mingqu.cases.errors import AnswersMissing, FieldUnknown, FormIncomplete
from mingqu.cases.models import AskedAnswer
from mingqu.cases.types import Asked
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db
NAME, TEXT = Asked("form:shop_name", "和营业执照不一样"), Asked("form:sign_text", "和效果图不一样")
NEW = "望渠家常小馆"


@pytest.fixture
def w(monkeypatch):
    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: b.NOON))
    return b.world()


def asked_bundle(w, *points, others=None):
    """The sign's department wants these changed; the common name is the food's and the drainage's too."""
    bundle = b.licensed(w)
    ask(w, bundle, {"sign": points or (NAME, TEXT), **(others or {})})
    b.settle()
    bundle.refresh_from_db()
    return bundle


def keep(w, bundle, **changes):
    given = {"shop_name": NEW, "sign.sign_text": NEW, **changes}
    answers.keep_answers(bundle_id=bundle.pk, changes=given, by=w.citizen, at=b.NOON)
    bundle.refresh_from_db()


def name_in(bundle, code):
    return b.case(bundle, code).answers["shop_name"]


def test_one_notice_names_questions_and_materials_and_the_applicant_is_told_of_both(w):
    bundle = asked_bundle(w, NAME, others={"food": [Asked("floor-plan", "看不清"), NAME]})

    [paper] = notices(bundle)

    assert [(one["material"], one["parts"]) for one in paper] == [
        ("申请表：店名", "食品经营许可、户外招牌设置许可"),
        ("经营场所平面布局图", "食品经营许可"),
    ]
    told = InboxMessage.objects.get(kind="bundle_correction_asked")
    assert "申请表里的“店名”、经营场所平面布局图" in told.body


def test_a_common_answer_typed_once_stands_in_every_part_and_the_old_ones_are_kept(w):
    bundle = asked_bundle(w)
    b.accept(w, bundle, "food")
    b.settle()
    keep(w, bundle)
    assert name_in(bundle, "sign") == "望渠小馆", "it waits until it is handed in"

    supplement(w, bundle)
    b.settle()

    bundle.refresh_from_db()
    assert (bundle.answers["shop_name"], bundle.corrected) == (NEW, {})
    assert {code: name_in(bundle, code) for code in ("food", "sign", "drainage")} == dict.fromkeys(
        ("food", "sign", "drainage"), NEW
    )
    assert b.case(bundle, "sign").answers["sign_text"] == NEW
    rows = AskedAnswer.objects.filter(path="shop_name")
    assert {(row.case_id, row.state) for row in rows} == {
        (b.case(bundle, code).pk, state)
        for code, state in (("food", "shared"), ("sign", "supplemented"), ("drainage", "shared"))
    }
    assert all((row.before, row.after) == ({"value": "望渠小馆"}, {"value": NEW}) for row in rows)
    food = AuditEntry.objects.filter(root_id=b.case(bundle, "food").pk)
    assert food.filter(action="case.take_shared_answers").exists()


def test_a_part_that_did_not_ask_keeps_its_clock_and_its_own_first_notice(w):
    """行政许可法 32(4): what another department asked is no notice of this one."""
    bundle = asked_bundle(w)
    due = b.case(bundle, "drainage").due_on
    keep(w, bundle)
    supplement(w, bundle)
    b.settle()

    assert (b.states(bundle)["drainage"], b.case(bundle, "drainage").due_on) == ("filed", due)
    ask(w, bundle, {"drainage": [Asked("form:outlet_place", "位置不对")]})
    b.settle()
    assert b.states(bundle)["drainage"] == "correction"


def test_what_is_decided_keeps_the_answers_its_result_rests_on(w):
    bundle = asked_bundle(w)
    b.accept(w, bundle, "food")
    b.settle()
    b.decide(w, bundle, "food")
    b.settle()

    keep(w, bundle)
    supplement(w, bundle)
    b.settle()

    assert (name_in(bundle, "food"), name_in(bundle, "sign")) == ("望渠小馆", NEW)


def test_a_reviewer_who_asks_on_one_case_is_answered_in_the_one_form(w):
    bundle = b.licensed(w)
    sign = b.case(bundle, "sign")
    cases.ask_correction(
        case_id=sign.pk,
        asked=(),
        fields=[Asked("shop_name", "不一样")],
        by=w.other["CGJ-SRHJ-01"],
        at=b.NOON,
        key=uuid4(),
    )
    b.settle()
    client = people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))

    there = client.get(reverse("cases:correction", args=[sign.number]))

    assert there.url == reverse("bundles:correction", args=[bundle.number])
    assert [one.path for one in asked_fields(bundle, selectors.parts_of(bundle))] == ["shop_name"]


def test_a_department_names_a_question_before_the_notice(w):
    bundle = b.licensed(w)

    services.say_points(
        bundle_id=bundle.pk, part="sign", points=[NAME], by=w.other["CGJ-SRHJ-01"], at=b.NOON, key=uuid4()
    )

    [own] = [one for one in selectors.points_of(selectors.parts_of(bundle)) if one.part.code == "sign"]
    assert own.lines == [("申请表：店名", NAME.what)]
    assert "form:credit_code" not in dict(own.questions), "what the licence answers is nobody's to type"


@pytest.mark.parametrize("path", ["nonsense", "credit_code", "food.area_m2"])
def test_a_question_the_part_does_not_ask_can_not_be_named(w, path):
    bundle = b.licensed(w)

    with pytest.raises(FieldUnknown):
        ask(w, bundle, {"sign": [Asked(f"form:{path}", "不对")]})
    b.settle()

    assert notices(bundle) == [] and not AskedAnswer.objects.exists()


def test_what_is_wrong_or_missing_is_refused_and_nothing_goes_out(w):
    bundle = b.licensed(w)
    with pytest.raises(NoCorrectionAwaited):
        keep(w, bundle)
    ask(w, bundle, {"sign": [NAME, TEXT]})
    b.settle()

    with pytest.raises(FormIncomplete):
        keep(w, bundle, shop_name="")
    with pytest.raises(AnswersMissing):
        supplement(w, bundle)

    bundle.refresh_from_db()
    assert bundle.corrected == {} and b.states(bundle)["sign"] == "correction"


def test_the_page_opens_at_the_questions_and_hands_in_what_was_saved(w):
    bundle = asked_bundle(w)
    client = people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))
    url = reverse("bundles:correction", args=[bundle.number])

    page = client.get(url).content.decode()
    assert NAME.what in page and 'value="望渠小馆"' in page and 'name="premises"' not in page
    typed = {"act": "answers", "shop_name": NEW, "sign__sign_text": NEW}
    assert client.post(url, typed).status_code == 400, "a page cut short"
    wrong = client.post(url, {**typed, "shop_name": "", "_end": "1"})
    assert wrong.status_code == 400 and NEW in wrong.content.decode()
    assert "没有改好" in client.post(url, {"key": uuid4(), "_end": "1"}).content.decode()
    assert client.post(url, {**typed, "_end": "1"}).url == f"{url}#go"
    done = client.post(url, {"key": uuid4(), "_end": "1"})
    b.settle()

    assert done.url == reverse("bundles:progress", args=[bundle.number])
    assert (b.states(bundle)["sign"], name_in(bundle, "food")) == ("filed", NEW)
