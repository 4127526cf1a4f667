"""The food licence as other services are: with 审核, handled jointly, settled on the spot, a promise that moves."""

from typing import Any
from uuid import UUID

from mingqu.cases.tests import factories as f
from mingqu.identity.tests import factories as people
from mingqu.kernel.types import Actor

LAW = "中华人民共和国行政许可法"
REVIEW = {"id": "review", "name": "承办", "kind": "review", "post": "SCJG-SPXK-01", "limit": 3}
VERIFY = {"id": "verify", "name": "审核", "kind": "check", "post": "SCJG-SPXK-SH", "limit": 1}
DECIDE = {"id": "decide", "name": "批准", "kind": "decide", "post": "SCJG-LEAD", "limit": 2}


def document(**changes: Any) -> dict[str, Any]:
    """The 新办 of the food licence alone, without its scenarios, changed at the top level of the handling item."""
    whole = f.food_licence()
    new = whole["handling"][0]
    kept = {**new, "scenarios": [], **changes}
    if "steps" in changes and "checklists" not in changes:
        kept["checklists"] = []  # no step of these looks at one
    whole["handling"] = [kept]
    whole.pop("sources", None)
    return whole


def in_three_steps() -> dict[str, Any]:
    """承办 → 审核 → 批准, one after the other."""
    return document(steps=[REVIEW, VERIFY], decide=DECIDE)


def on_the_spot(*, steps: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """即办件: the window decides; `steps` are looked through first where their `when` holds."""
    return document(on_the_spot=True, steps=steps or [], decide={**DECIDE, "post": "QH-HALL-03"})


def jointly() -> dict[str, Any]:
    """45 working days, fifteen more by the head of the government (行政许可法 42, second paragraph)."""
    extension = {"limit": 15, "approver": "government_head", "law": LAW, "article": 42}
    statutory = {"limit": 45, "unit": "working_days", "law": LAW, "article": 42, "paragraph": 2}
    return document(
        clocks={
            "statutory": {**statutory, "extension": extension},
            "promised": {"limit": 45, "unit": "working_days"},
        }
    )


def with_clocks(statutory: dict[str, Any], promised: dict[str, Any]) -> dict[str, Any]:
    clocks = document()["handling"][0]["clocks"]
    return document(
        clocks={"statutory": clocks["statutory"] | statutory, "promised": clocks["promised"] | promised}
    )


def government_head(region: str = people.REGION) -> Actor:
    """The head of the government of the district: of no department that handles a case."""
    government: UUID = f._department("QH-GOV", "澜州市清禾区人民政府", None)
    return f._post("QH-GOV-HEAD", "分管副区长", government, "approver", None)


def signed_by_three(mode: str = "all", votes: int = 0) -> dict[str, Any]:
    """A review that three posts of the bureau sign together, then the decision."""
    signers = ["SCJG-HC", "SCJG-QLS"]
    together = {**REVIEW, "name": "会商", "sign": mode, "signers": signers}
    return document(steps=[{**together, "votes": votes} if votes else together], decide=DECIDE)


def asking_others(consult: dict[str, Any] | None = None) -> dict[str, Any]:
    """收件初审, then a review of two posts beside one of the station, then the decision; `consult` of the review."""
    review = {**REVIEW, "parallel": "A", "sign": "all", "signers": ["SCJG-HC"]}
    beside = {**REVIEW, "id": "fitness", "name": "合规审查", "post": "SCJG-QLS", "parallel": "A"}
    first = {**REVIEW, "id": "intake", "name": "初审", "post": "SCJG-SPXK-SH", "limit": 1}
    return document(
        steps=[first, {**review, **({"consult": consult} if consult else {})}, beside], decide=DECIDE
    )


def other_organ() -> Actor:
    """An officer of another department, which has no hand in the case."""
    organ: UUID = f._department("QH-QXJ", "清禾区气象局", None)
    return f._post("QXJ-01", "防雷审核", organ, "reviewer", organ)


def with_discretion(**changes: Any) -> dict[str, Any]:
    """承办 → 批准, with years of validity by the area of the place; outside of them the post of 审核 agrees."""
    food = {"law": "中华人民共和国食品安全法", "article": 35}
    rows = [
        {"says": "五十平方米以下", "when": "form.area_m2 <= 50", "lowest": 1, "highest": 2, "basis": food},
        {
            "says": "超过五十、五百平方米以下",
            "when": "form.area_m2 > 50 and form.area_m2 <= 500",
            "lowest": 2,
            "highest": 3,
            "basis": food,
        },
        {"says": "超过五百平方米", "when": "form.area_m2 > 500", "lowest": 3, "highest": 5, "basis": food},
    ]
    of = {
        "name": "有效年数",
        "unit": "年",
        "post": "SCJG-SPXK-SH",
        "sets": "valid_years",
        "source": "测试用",
        "rules": rows,
        **changes,
    }
    return document(steps=[{**REVIEW, "id": "look"}], decide=DECIDE, discretion=of)


def with_two_tables(**changes: Any) -> dict[str, Any]:
    """Beside the years of validity a deposit in 元, with two decimals, which another post looks over."""
    whole = with_discretion()
    food = {"law": "中华人民共和国食品安全法", "article": 35}
    rows = [
        {
            "says": "百平方米以下",
            "when": "form.area_m2 <= 100",
            "lowest": 500,
            "highest": 1000.5,
            "basis": food,
        },
        {
            "says": "超过百平方米",
            "when": "form.area_m2 > 100",
            "lowest": 1000.5,
            "highest": 3000,
            "basis": food,
        },
    ]
    whole["handling"][0]["more_discretion"] = [
        {"name": "保证金", "unit": "元", "post": "SCJG-HEAD", "two_decimals": True, "rules": rows, **changes}
    ]
    return whole
