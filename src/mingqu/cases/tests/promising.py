"""A service some of whose materials are promised, follow later, are looked up or may be left out; for tests."""

from uuid import uuid4

from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.services.files import Holder
from mingqu.cases.services.promises import sign_commitment
from mingqu.cases.tests import factories as f
from mingqu.cases.types import CommitmentInput
from mingqu.forms.models import Draft

NAME = "李晓禾"  # of the citizen in `world`
PROMISED, LATER, LOOKED_UP, OPTIONAL = "safety-rules", "floor-plan", "business-licence", "shop-photo"
LICENCE_TYPE = "11990104MB0000019E002"
COMMITMENT = {
    "code": "own-rules",
    "version": 1,
    "title": "食品安全管理制度告知承诺书",
    "told": ["食品安全法第三十三条要求有保证食品安全的规章制度。", "作出决定后20个工作日内核查。"],
    "promised": ["已经建立进货查验、健康管理、清洗消毒制度。", "制度在经营场所可以查到。"],
    "consequence": "承诺不实的，依法撤销行政许可（行政许可法第六十九条），并记入信用记录。",
    "check_within": 20,
}


def document() -> dict:
    """The food licence, changed so that each way of providing a material occurs."""
    whole = f.food_licence()
    new = whole["handling"][0]
    new["commitments"] = [COMMITMENT]
    for material in new["materials"]:
        if material["code"] == PROMISED:
            material["source"] = {"kind": "commitment", "of": "own-rules", "trust": "D"}
        if material["code"] == LATER:
            material["may_follow"] = {"limit": 5, "unit": "working_days"}
    new["materials"].append(
        {
            "code": OPTIONAL,
            "name": "店面照片",
            "explain": "有的话拍一张门头。",
            "accept": ["jpg", "png"],
            "where": "自己拍。",
            "optional": True,
        }
    )
    new["scenarios"] = []
    whole["sources"] = []
    return whole


def world() -> f.World:
    return f.world(document())


def signed(
    w: f.World, draft_id, kind="promise", code=PROMISED, name=NAME, *, at=f.FRIDAY_NOON, by=None, **more
):
    given = CommitmentInput(kind=kind, code=code, name=name, agreed=True, **more)
    holder = by or Holder(w.citizen)
    return sign_commitment(draft_id=draft_id, commitment=given, holder=holder, at=at)


def file(w: f.World, started, *, at=f.FRIDAY_NOON, version=None) -> Case:
    version = version or Draft.objects.get(pk=started.draft_id).version
    services.file_case(draft_id=started.draft_id, base_version=version, by=w.citizen, at=at, key=uuid4())
    return Case.objects.get(pk=started.draft_id)


def promised_case(w: f.World, *, at=f.FRIDAY_NOON) -> Case:
    """Filed with a promise in place of the rules."""
    started = f.draft(w, files=[LOOKED_UP, LATER], at=at)
    signed(w, started.draft_id, at=at)
    return file(w, started, at=at)


def owing_case(w: f.World, *, at=f.FRIDAY_NOON) -> Case:
    """Filed with the floor plan to follow."""
    started = f.draft(w, files=[LOOKED_UP, PROMISED], at=at)
    signed(w, started.draft_id, "gap", LATER, at=at)
    return file(w, started, at=at)


def accepted(w: f.World, case: Case, *, at=f.FRIDAY_NOON) -> Case:
    services.accept_case(case_id=case.pk, by=w.clerk, at=at, key=uuid4())
    case.refresh_from_db()
    return case
