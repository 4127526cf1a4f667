"""告知承诺, 容缺 and 材料免提交 inside a bundle: signed once, kept and followed up by each part that asked for it."""

from uuid import uuid4

import pytest

from mingqu.cases.bundles import selectors
from mingqu.cases.bundles.services import promises
from mingqu.cases.bundles.services.drafts import open_draft
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.errors import GapUnsigned, MaterialsMissing, SignerDiffers
from mingqu.cases.models import Bundle, CaseMaterial, SignedCommitment
from mingqu.cases.services import gaps
from mingqu.cases.types import CommitmentInput
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Kind
from mingqu.documents.models import DocumentRequest

pytestmark = pytest.mark.django_db
PROMISED, LATER, SIGN_LATER = "food--safety-rules", "food--floor-plan", "sign--premises-right"
OTHERS = ("sign--sign-drawing", "drainage--drain-plan", "drainage--pretreatment")


@pytest.fixture
def w():
    return b.world()


def draft_with(w, *left_out):
    started = b.draft(w, files=[])
    for one in open_draft(draft_id=started.draft_id, by=w.citizen, at=b.NOON).provisions:
        if one.code not in left_out:
            b.add_file(started.draft_id, one.code)
    return started


def sign(w, started, kind, code, *, name="李晓禾", agreed=True, by=None):
    given = CommitmentInput(kind, code, name, agreed)
    promises.sign_commitment(draft_id=started.draft_id, commitment=given, by=by or w.citizen, at=b.NOON)


def promised(w):
    """A draft that promises one material of the food licence and brings one of it and one of the sign later."""
    started = draft_with(w, PROMISED, LATER, SIGN_LATER)
    sign(w, started, "promise", PROMISED)
    sign(w, started, "gap", LATER)
    sign(w, started, "gap", SIGN_LATER)
    return started


def newest(w, started):
    return open_draft(draft_id=started.draft_id, by=w.citizen, at=b.NOON).view


def accepted(w):
    started = promised(w)
    bundle = Bundle.objects.get(pk=b.file(w, newest(w, started)).bundle_id)
    b.settle()
    b.record(w, bundle)
    b.settle()
    b.accept(w, bundle)
    b.settle()
    bundle.refresh_from_db()
    return bundle


def papers(bundle, kind):
    return [r.data for r in DocumentRequest.objects.filter(root_id=bundle.pk, kind=kind).order_by("id")]


def test_what_is_promised_and_owed_reaches_the_cases_of_its_parts_with_paper_and_clock(w):
    bundle = accepted(w)

    rows = {m.code: m for m in CaseMaterial.objects.filter(case_id=b.case(bundle, "food").pk)}
    assert rows["safety-rules"].how == "commitment" and rows["floor-plan"].state == "owed"
    owed = selectors.owed_materials(selectors.parts_of(bundle))
    assert [(part.code, m.code) for part, m in owed] == [("food", "floor-plan"), ("sign", "premises-right")]
    for part, material in owed:
        assert clocks.due_on(part.case_id, Kind.GAP, material.code) == material.owed_until
        assert DocumentRequest.objects.filter(root_id=part.case_id, kind="gap_promise").count() == 1
    food = b.case(bundle, "food")
    assert DocumentRequest.objects.filter(root_id=food.pk, kind="commitment").count() == 1
    row = SignedCommitment.objects.get(root_id=food.pk, code="safety-rules")
    assert row.signed_name == "李晓禾" and row.text["promised"]


def test_the_one_notice_says_what_is_accepted_what_is_owed_and_until_when(w):
    bundle = accepted(w)

    (notice,) = papers(bundle, "bundle_acceptance")
    assert {p["name"]: p["owed"] for p in notice["accepted"]} == {
        "食品经营许可": ["经营场所平面布局图"],
        "户外招牌设置许可": ["场所使用证明"],
        "污水排入排水管网许可": [],
    }
    assert [(o["part"], o["material"], bool(o["until"])) for o in notice["owed"]] == [
        ("食品经营许可", "经营场所平面布局图", True),
        ("户外招牌设置许可", "场所使用证明", True),
    ]
    assert notice["together"] is False
    (receipt,) = papers(bundle, "bundle_receipt")
    assert receipt["owed"] == ["经营场所平面布局图", "场所使用证明"]
    assert {"name": "食品安全管理制度", "form": "告知承诺书", "copies": 1} in receipt["materials"]
    assert receipt["query_code"] == bundle.query_code


def test_an_owed_material_is_brought_to_its_part(w):
    bundle = accepted(w)
    food = b.case(bundle, "food")
    b.add_file(food.pk, "floor-plan")

    gaps.bring_owed(case_id=food.pk, by=w.citizen, at=b.NOON, key=uuid4())
    b.settle()

    left = selectors.owed_materials(selectors.parts_of(bundle))
    assert [(part.code, m.code) for part, m in left] == [("sign", "premises-right")]


def test_without_a_signature_nothing_is_filed(w):
    started = draft_with(w, PROMISED)
    with pytest.raises(MaterialsMissing):
        b.file(w, newest(w, started))

    started = promised(w)
    sign(w, started, "promise", PROMISED, name="王五")
    with pytest.raises(SignerDiffers):
        b.file(w, newest(w, started))
    assert not Bundle.objects.exists()


def test_chosen_to_follow_without_its_promise_is_refused(w):
    started = b.draft(w, files=[PROMISED, SIGN_LATER, *OTHERS], context={"owed": [LATER]})

    with pytest.raises(GapUnsigned):
        b.file(w, newest(w, started))


def test_a_file_that_comes_after_all_counts_and_the_choice_is_taken_back(w):
    started = promised(w)
    promises.bring_now(draft_id=started.draft_id, material=LATER, by=w.citizen, at=b.NOON)
    with pytest.raises(MaterialsMissing):
        b.file(w, newest(w, started))

    b.add_file(started.draft_id, LATER)
    bundle = Bundle.objects.get(pk=b.file(w, newest(w, started)).bundle_id)

    assert bundle.owed == [SIGN_LATER]


def test_what_no_part_allows_can_not_be_promised(w):
    started = b.draft(w, files=[])
    view = open_draft(draft_id=started.draft_id, by=w.citizen, at=b.NOON)

    one = view.provision("drainage--drain-plan")

    assert one is not None and not one.promisable and not one.may_be_owed
