"""
What a row of another catalogue lacks to be applied for, filled from a standard template. Pure.

Every part that is filled has an entry in `sources` with `default`: 默认值，待确认. What the source says is never
touched, limits are never assumed (行政许可法 42 is not the limit of everything), and nobody is offered a certificate:
whatever needs one must be written by a person.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from mingqu.catalogue.imports.types import DEFAULT_POSTS, default_post
from mingqu.catalogue.rules import DECIDE, ON_APPLICATION

Json = dict[str, Any]
STANDARD, JOINT = "标准模板：承办、审核、批准", "标准模板：联合办理"
FEES = "来源没有写明是否收费，暂按不收费"
FORM, RESULT, GUIDE = "标准模板：通用申请表", "标准模板：决定书", "标准模板：办事指南"
PROMISE = "标准模板：没有写承诺期限的，同法定期限"
FORMATS = "标准模板：常用的文件格式"
ACCEPT = ("pdf", "jpg", "png", "heic")
SUMMARY = "summary"
PERSON = "natural_person"
STEP_WORDS = {
    "review": ("承办", "材料齐全、真实，符合受理条件和设定依据的要求。", "承办意见"),
    "check": ("审核", "承办意见有依据，审查没有遗漏。", "审核意见"),
    DECIDE: ("批准", "符合法定条件、标准的，准予；不符合的，不予并书面说明理由。", "决定"),
}
GUIDE_WORDS = {
    "complain": "12345",
    "quantity": "来源没有写明数量限制。",
    # 行政复议法 24: the people's government of the same level; those led from above (27) are put right by a person.
    "reconsideration_organ": "本机关的本级人民政府",
    # 行政诉讼法 14, 18: the basic people's court of the place of the organ.
    "court": "本机关所在地的基层人民法院",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """
    A post a definition needs, by the convention of default posts: where it stands, what it may do, and on whose cases:
    `within` is the item's organ, for a case belongs to it whoever takes part (docs/decisions/0007).
    """

    post: str
    name: str
    organ: str
    role: str
    within: str


def with_template(document: Mapping[str, Any]) -> Json:
    """
    The document with what it lacks for an application, each filled part marked in `sources`; the same again changes
    nothing. What is not applied for (查询/指引, 依职权) comes back as it was.
    """
    made: Json = deepcopy(dict(document))
    if made.get("item", {}).get("handling_kind", ON_APPLICATION) != ON_APPLICATION:
        return made
    filled = list(_guide(made)) + list(_item(made))
    for place, handling in enumerate(made.get("handling") or []):
        at = f"handling[{handling.get('code') or place}]"
        filled += [(f"{at}.{path}", source) for path, source in _handling(made["item"], handling)]
    known = {source.get("path") for source in made.get("sources") or []}
    new = [{"path": path, "source": source, "default": True} for path, source in filled if path not in known]
    made["sources"] = [*(made.get("sources") or []), *new]
    return made


def seats_of(document: Mapping[str, Any]) -> list[Seat]:
    """The posts of the convention that the document names, each once, in the order of its steps."""
    kinds = {suffix: (name, role) for suffix, name, role in DEFAULT_POSTS.values()}
    within = document.get("item", {}).get("organ", "")
    posts = [document.get("item", {}).get("responsible_post", "")]
    for handling in document.get("handling") or []:
        rows = [*(handling.get("steps") or []), handling.get(DECIDE) or {}]
        posts += [row.get("post", "") for row in rows]
    found = {}
    for post in posts:
        organ, _, suffix = post.rpartition("-")
        if organ and suffix in kinds:
            found[post] = Seat(post, kinds[suffix][0], organ, kinds[suffix][1], within or organ)
    return list(found.values())


Filled = Iterator[tuple[str, str]]
"""(path within its part, source)"""


def _item(made: Json) -> Filled:
    item = made["item"]
    if not item.get("responsible_post") and item.get("organ"):
        item["responsible_post"] = default_post(item["organ"], "review")
        yield "item.responsible_post", STANDARD


def _guide(made: Json) -> Filled:
    guide = made.setdefault("guide", {})
    for name, words in GUIDE_WORDS.items():
        if not guide.get(name):
            guide[name] = words
            yield f"guide.{name}", GUIDE


def _handling(item: Json, handling: Json) -> Filled:
    yield from _clocks(handling)
    yield from _materials(handling)
    yield from _steps(item, handling)
    if not handling.get("form"):
        handling["form"] = _form(item.get("audience") or [])
        yield "form", FORM
    if not handling.get("fees"):
        handling["fees"] = []
        yield "fees", FEES
    # What acts on a certificate (变更 延续 …) needs the certificate it acts on: no template knows it.
    if not handling.get("result") and handling.get("kind", "new") == "new":
        handling["result"] = _result(item, handling)
        yield "result", RESULT


def _clocks(handling: Json) -> Filled:
    """A promise that is not there is the law's limit; a statutory limit that is not there nobody may make up."""
    clocks = handling.get("clocks")
    if not clocks:
        return
    if clocks.get("statutory") and not clocks.get("promised"):
        clocks["promised"] = {name: clocks["statutory"][name] for name in ("limit", "unit")}
        yield "clocks.promised", PROMISE


def _materials(handling: Json) -> Filled:
    """In which formats a material is taken, where the source names only the material."""
    for material in handling.get("materials") or []:
        if not material.get("accept"):
            material["accept"] = list(ACCEPT)
            yield f"materials[{material['code']}].accept", FORMATS


def leave_undecided(document: Json) -> None:
    """
    分级管理: the source names several organs that decide, each for its own cases. No sequence of steps is right for all
    of them, so that there is none until a person says who decides: the gate stays shut.
    """
    for handling in document.get("handling") or []:
        handling.pop("steps", None)
        handling.pop(DECIDE, None)
    said = document.get("sources") or []
    document["sources"] = [one for one in said if not _OF_STEPS.search(one["path"])]


_OF_STEPS = re.compile(r"^handling\[[^\]]*\]\.(steps|decide)\b")


def _steps(item: Json, handling: Json) -> Filled:
    organ, days = item.get("organ", ""), _working_days(handling)
    steps = handling.get("steps") or []
    if not steps:
        steps = [
            _step(kind, kind, organ, limit) for kind, limit in zip(("review", "check"), days, strict=False)
        ]
        handling["steps"] = steps
        yield "steps", STANDARD
    elif any(step.get("parallel") for step in steps) and all(step.get("id") != SUMMARY for step in steps):
        steps.append(_step(SUMMARY, "check", organ, 1) | {"name": "汇总审核"})
        yield f"steps[{SUMMARY}]", JOINT
    yield from _gaps(organ, steps)
    if not handling.get(DECIDE):
        handling[DECIDE] = _step(DECIDE, DECIDE, organ, days[2])
        yield DECIDE, STANDARD
    elif not handling[DECIDE].get("post"):
        handling[DECIDE]["post"] = default_post(organ, DECIDE)
        yield f"{DECIDE}.post", STANDARD


def _gaps(organ: str, steps: list[Json]) -> Filled:
    """A step the source names, without saying by which post or how long."""
    for step in steps:
        if not step.get("post"):
            step["post"] = default_post(_organ_named(step) or organ, step.get("kind", "review"))
            yield f"steps[{step['id']}].post", JOINT
        if not step.get("limit"):
            step["limit"] = 1
            yield f"steps[{step['id']}].limit", JOINT


def _organ_named(step: Json) -> str:
    """市级司法 of 市级司法审核: an organ the register does not have stands under the words of the source."""
    name = str(step.get("name", ""))
    if not name.startswith(("国家级", "省级", "市级", "县级")):
        return ""
    return name.removesuffix("审核").removesuffix("受理")


def _step(code: str, kind: str, organ: str, limit: int) -> Json:
    name, standard, result = STEP_WORDS[kind]
    return {
        "id": code,
        "name": name,
        "kind": kind,
        "post": default_post(organ, kind),
        "limit": limit,
        "standard": standard,
        "result": result,
    }


def _working_days(handling: Json) -> tuple[int, int, int]:
    """Limits of 承办, 审核 and 批准 that fit into the promise; of less than three days each has the one day."""
    promised = (handling.get("clocks") or {}).get("promised") or {}
    days = int(promised.get("limit") or 0)
    if promised.get("unit", "working_days") == "days":
        days = days * 5 // 7
    elif promised.get("unit") == "months":
        days = days * 20
    elif promised.get("unit") == "years":
        days = days * 240
    elif promised.get("unit") in ("hours", "minutes"):
        days = 1
    quarter = max(1, days // 4)
    return max(1, days - 2 * quarter), quarter, quarter


def _result(item: Json, handling: Json) -> Json:
    named = item.get("name") or handling.get("name") or ""
    lines = [("applicant", "申请人", "form.applicant_name"), ("matter", "申请的内容", "form.matter")]
    asked = handling["form"]["schema"].get("properties", {})
    return {
        "type": "approval_document",
        "name": f"关于{named}的决定书",
        "fields": [
            {"code": code, "label": label, "value": value}
            for code, label, value in lines
            if value.removeprefix("form.") in asked
        ],
    }


def _form(audience: list[str]) -> Json:
    """Who applies, where to reach them, what for; what a person's account or a firm's entry says is not typed again."""
    persons = PERSON in audience or not audience
    firms = any(one != PERSON for one in audience) or not audience
    fields = {**_who(persons, firms), **_contact(persons)}
    required = [
        name for name in fields if not (persons and firms and name in ("citizen_number", "credit_code"))
    ]
    who = [name for name in fields if name not in ("address", "contact_phone", "matter")]
    return {
        "schema": {"type": "object", "required": required, "properties": fields},
        "pages": [
            {"title": "申请人", "fields": [*who, "address", "contact_phone"]},
            {"title": "申请的内容", "fields": ["matter"]},
        ],
    }


def _who(persons: bool, firms: bool) -> Json:
    name: Json = {"type": "string", "title": "申请人", "minLength": 2, "maxLength": 120, "data_grade": "L3"}
    number: Json = {
        "type": "string",
        "format": "citizen_number",
        "title": "公民身份号码",
        "prefill": "applicant.citizen_number",
        "data_grade": "L3",
    }
    code: Json = {
        "type": "string",
        "format": "credit_code",
        "title": "统一社会信用代码",
        "prefill": "organisation.credit_code",
        "data_grade": "L3",
    }
    if persons and firms:
        name["description"] = "个人写姓名，单位写名称"
        number["description"], code["description"] = "个人申请的填写", "单位申请的填写"
        return {"applicant_name": name, "citizen_number": number, "credit_code": code}
    if persons:
        person = {"format": "person_name", "title": "申请人姓名", "prefill": "applicant.name"}
        return {"applicant_name": name | person, "citizen_number": number}
    firm = {"format": "firm_name", "title": "单位名称", "prefill": "organisation.name"}
    return {"applicant_name": name | firm, "credit_code": code}


def _contact(persons: bool) -> Json:
    return {
        "address": {
            "type": "string",
            "format": "address",
            "title": "联系地址",
            "prefill": "applicant.address" if persons else "organisation.address",
            "maxLength": 120,
            "data_grade": "L3",
        },
        "contact_phone": {
            "type": "string",
            "format": "phone",
            "title": "联系电话",
            "prefill": "applicant.phone",
            "data_grade": "L3",
        },
        "matter": {
            "type": "string",
            "format": "long_text",
            "title": "申请的内容",
            "description": "申请办什么，有什么要说明的，一两句话即可",
            "maxLength": 500,
            "data_grade": "L3",
        },
    }
