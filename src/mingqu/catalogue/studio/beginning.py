"""A new definition from a template: what every service of its kind has, each part marked 默认值，待确认. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from mingqu.catalogue.imports.templates import with_template
from mingqu.catalogue.types import FORMAT

Json = dict[str, Any]
TEMPLATES = {
    "standard": ("承诺件", "一个部门办：承办、审核、批准。"),
    "joint": ("联办件", "几个部门同时审查，再汇总、批准。"),
    "on_the_spot": ("即办件", "材料齐全的，当场办结。"),
    "enquiry": ("查询、指引", "不用申请，给一个网址。"),
}
LAW = "中华人民共和国行政许可法"
# 行政许可法 42: twenty working days and ten more; of several organs forty-five and fifteen.
ALONE = {"limit": 20, "longer": 10, "approver": "organ_head", "paragraph": 1}
TOGETHER = {"limit": 45, "longer": 15, "approver": "government_head", "paragraph": 2}
PROMISED = {"standard": 10, "joint": 20, "on_the_spot": 1}
LICENCE = "01"
TOLD = ("consult", "complain", "quantity", "reconsideration_organ", "court")


def begun(
    template: str, item: Mapping[str, Any], organs: Sequence[tuple[str, str]], posts: Collection[str]
) -> Json:
    """
    The document of a new service. `item`: code, name, organ, region_code, type, audience; `organs`: (code, name) of
    those that review side by side; `posts`: the posts there are: one of the convention that is not among them is left
    to be chosen.
    """
    made: Json = {
        "format": FORMAT,
        "item": {
            "base_code": "",
            "responsible_post": "",
            "level": "4",
            "summary": "",
            "theme": "",
            "handling_kind": "enquiry" if template == "enquiry" else "on_application",
            **item,
        },
        "basis": [],
        "guide": {
            "consult": "",
            "complain": "",
            "quantity": "",
            "reconsideration_organ": "",
            "court": "",
            "windows": [],
        },
        "handling": [] if template == "enquiry" else [_handling(template, item, organs)],
        "sources": [],
    }
    filled = with_template(made)
    _only_posts(filled, posts)
    return filled


def _handling(template: str, item: Mapping[str, Any], organs: Sequence[tuple[str, str]]) -> Json:
    law = TOGETHER if template == "joint" else ALONE
    statutory: Json = {"limit": law["limit"], "unit": "working_days"}
    if item.get("type") == LICENCE:
        longer = {"limit": law["longer"], "approver": law["approver"], "law": LAW, "article": 42}
        statutory |= {"law": LAW, "article": 42, "paragraph": law["paragraph"], "extension": longer}
    made: Json = {
        "code": "01",
        "name": "新办",
        "kind": "new",
        "on_the_spot": template == "on_the_spot",
        "conditions": [],
        "situations": [],
        "materials": [],
        "clocks": {
            "statutory": statutory,
            "promised": {"limit": PROMISED[template], "unit": "working_days"},
        },
    }
    if template == "joint":
        made["steps"] = [
            {
                "id": f"s{number}",
                "name": f"{name}审查",
                "kind": "review",
                "post": "",
                "limit": 5,
                "parallel": "A",
                "standard": "",
                "result": "审查意见",
            }
            for number, (_code, name) in enumerate(organs, start=1)
        ]
    return made


def _only_posts(made: Json, posts: Collection[str]) -> None:
    if made["item"].get("responsible_post") not in posts:
        made["item"]["responsible_post"] = ""
    for handling in made["handling"]:
        for step in [*(handling.get("steps") or []), handling.get("decide") or {}]:
            if step.get("post") not in posts:
                step["post"] = ""
