"""One merged correction: several parts ask, one paper tells, one hand-in answers (行政许可法 32(4))."""

from uuid import uuid4

import pytest

from mingqu.cases import services as cases
from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.errors import (
    NoCorrectionAwaited,
    NotAllReady,
    NothingToAccept,
    PartAskedTooLate,
    PartNotReceived,
    PartUnknown,
)
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.errors import CorrectionAskedBefore, MaterialsMissing, MaterialUnknown, NothingAsked
from mingqu.cases.models import BundlePart, CaseMaterial, MaterialFile
from mingqu.cases.tests.factories import DAY
from mingqu.cases.types import Asked
from mingqu.catalogue import services as catalogue
from mingqu.documents.models import DocumentRequest
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.yaml_text import read_yaml
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db
ASKED = {
    "food": [Asked("floor-plan", "看不清洗手池的位置")],
    "sign": [Asked("sign-drawing", "没有标出离地高度"), Asked("premises-right", "房东没有签名")],
}


@pytest.fixture
def w():
    return b.world()


def ask(w, bundle, asked=ASKED, *, at=b.NOON, by=None, key=None):
    return services.ask_bundle_correction(
        bundle_id=bundle.pk, asked=asked, by=by or w.clerk, at=at, key=key or uuid4()
    )


def supplement(w, bundle, *, at=b.NOON, by=None):
    return services.supplement_bundle(bundle_id=bundle.pk, by=by or w.citizen, at=at, key=uuid4())


def notices(bundle):
    rows = DocumentRequest.objects.filter(root_id=bundle.pk, kind="bundle_correction")
    return [row.data["asked"] for row in rows.order_by("requested_at", "id")]


def test_two_parts_ask_and_one_paper_tells_everything(w):
    bundle = b.licensed(w)

    ask(w, bundle)
    b.settle()

    assert b.states(bundle) == {
        "licence": "granted",
        "food": "correction",
        "sign": "correction",
        "drainage": "filed",
    }
    [paper] = notices(bundle)
    told = {(one["material"], one["parts"], one["problem"]) for one in paper}
    assert told == {
        ("经营场所平面布局图", "食品经营许可", "看不清洗手池的位置"),
        ("招牌效果图", "户外招牌设置许可", "没有标出离地高度"),
        ("场所使用证明", "户外招牌设置许可", "房东没有签名"),
    }
    for code in ("food", "sign"):
        one = b.case(bundle, code)
        assert (one.status, one.due_on) == ("correction", None), "its own clock stands"
        assert not DocumentRequest.objects.filter(root_id=one.pk).exists()
    assert b.case(bundle, "drainage").due_on is not None, "the other part's five days run on"
    assert InboxMessage.objects.filter(kind="bundle_correction_asked").count() == 1
    assert not InboxMessage.objects.filter(kind="case_correction_asked").exists()


def test_papers_of_a_bundle_name_the_law_of_licences_for_the_licences_in_it_alone(w):
    """The signboard made 其他行政权力 in this district: 行政许可法 is not its law."""
    sign = read_yaml((b.DEMO / "definitions/outdoor-sign.yaml").read_text("utf-8"))
    sign["item"]["type"] = "10"
    catalogue.publish_revision(document=sign, by=b.f.SYSTEM, at=b.f.people.NOON, key=uuid4())
    bundle = b.licensed(w)

    ask(w, bundle, {"sign": ASKED["sign"]})
    services.accept_bundle(bundle_id=bundle.pk, parts=["food"], by=w.clerk, at=b.NOON, key=uuid4())
    b.settle()

    told = {
        row.kind: row.data["licences"]
        for row in DocumentRequest.objects.filter(root_id=bundle.pk, kind__startswith="bundle_")
    }
    assert told == {"bundle_receipt": "some", "bundle_correction": "none", "bundle_acceptance": "all"}


def test_what_was_asked_comes_in_at_one_time_and_each_part_goes_on(w):
    bundle = b.licensed(w)
    ask(w, bundle)
    b.settle()
    later = b.NOON + 5 * DAY
    for one in selectors.asked_materials(bundle, selectors.parts_of(bundle)):
        b.add_file(bundle.pk, one.code, later)

    supplement(w, bundle, at=later)
    b.settle(later)

    assert b.states(bundle)["food"] == b.states(bundle)["sign"] == "filed"
    food = b.case(bundle, "food")
    assert food.received_on == legal_day(later), "five days run anew for these materials"
    files = MaterialFile.objects.filter(root_id=food.pk, material_code="floor-plan")
    assert sorted(files.values_list("state", flat=True)) == ["current", "replaced"]
    assert CaseMaterial.objects.get(case=food, code="floor-plan").state == "supplemented"


def test_asking_a_second_time_for_the_same_makes_a_second_paper_and_for_more_is_refused(w):
    bundle = b.licensed(w)
    ask(w, bundle, {"food": ASKED["food"]})
    b.settle()
    later = b.NOON + 5 * DAY
    b.add_file(bundle.pk, "food--floor-plan", later)
    supplement(w, bundle, at=later)
    b.settle(later)

    with pytest.raises(CorrectionAskedBefore):
        ask(w, bundle, {"food": [Asked("safety-rules", "太短")]}, at=later)
    ask(w, bundle, {"food": [Asked("floor-plan", "还是看不清")]}, at=later)
    b.settle(later)

    assert [paper[0]["problem"] for paper in notices(bundle)] == ["看不清洗手池的位置", "还是看不清"]


def test_a_reviewer_who_asks_on_one_case_is_told_through_the_bundle_too(w):
    bundle = b.licensed(w)
    one = b.case(bundle, "food")
    cases.ask_correction(case_id=one.pk, asked=ASKED["food"], by=w.base.reviewer, at=b.NOON, key=uuid4())
    b.settle()

    assert b.states(bundle)["food"] == "correction" and len(notices(bundle)) == 1


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({}, NothingAsked),
        ({"food": []}, NothingAsked),
        ({"food": [Asked("floor-plan", " ")]}, NothingAsked),
        ({"food": [Asked("unknown", "不清楚")]}, MaterialUnknown),
        ({"licence": [Asked("x", "不清楚")]}, PartNotReceived),
        ({"unknown": [Asked("x", "不清楚")]}, PartUnknown),
        ({"sign": ASKED["sign"], "food": [Asked("unknown", "不清楚")]}, MaterialUnknown),
    ],
)
def test_a_correction_that_can_not_be_asked_touches_no_part(w, asked, refusal):
    bundle = b.licensed(w)
    before = b.states(bundle)

    with pytest.raises(refusal):
        ask(w, bundle, asked)
    b.settle()

    assert b.states(bundle) == before
    assert not BundlePart.objects.exclude(pending="").exists() and notices(bundle) == []


def test_after_five_working_days_it_is_accepted_by_law_and_nothing_more_can_be_asked(w):
    """行政许可法 32(4)."""
    bundle = b.licensed(w)
    late = b.NOON + 12 * DAY

    with pytest.raises(PartAskedTooLate):
        ask(w, bundle, at=late)
    cases.deem_accepted(case_id=b.case(bundle, "food").pk, at=late)
    b.settle(late)

    bundle.refresh_from_db()
    assert b.states(bundle)["food"] == "accepted"
    assert bundle.accepted_on == legal_day(b.NOON), "from the day the materials came"


def test_all_that_was_asked_is_handed_in_or_nothing(w):
    bundle = b.licensed(w)
    with pytest.raises(NoCorrectionAwaited):
        supplement(w, bundle)
    ask(w, bundle)
    b.settle()
    b.add_file(bundle.pk, "food--floor-plan")

    with pytest.raises(MaterialsMissing) as missing:
        supplement(w, bundle)

    assert set(missing.value.codes) == {"sign--sign-drawing", "sign--premises-right"}
    assert b.states(bundle)["food"] == "correction"


def test_where_all_are_accepted_together_one_that_is_not_ready_holds_the_others():
    w = b.world(accept="together")
    bundle = b.licensed(w)
    with pytest.raises(NotAllReady):
        b.accept(w, bundle, "food")
    ask(w, bundle, {"food": ASKED["food"]})
    b.settle()

    with pytest.raises(NotAllReady) as held:
        b.accept(w, bundle)
    assert "食品经营许可" in held.value.message

    b.add_file(bundle.pk, "food--floor-plan")
    supplement(w, bundle)
    b.settle()
    b.accept(w, bundle)
    b.settle()
    assert b.states(bundle)["sign"] == "accepted"


def test_what_is_accepted_is_not_accepted_again(w):
    bundle = b.accepted(w)

    with pytest.raises(NothingToAccept):
        b.accept(w, bundle)
    with pytest.raises(PartNotReceived):
        b.accept(w, bundle, "food")
