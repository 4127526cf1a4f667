"""
The linter, pure: a definition and how the law stands → remarks with a stable code, a sentence and a place.

A remark keeps nothing from being published (that is `checking`); it is what an editor should look at again, and what
the list of doubtful guides shows. `wrong`: against a rule named in the sentence; `doubt`: may be right, look at it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from mingqu.catalogue import promises
from mingqu.catalogue.discretion import open_rows
from mingqu.catalogue.types import (
    ClockRule,
    Consulting,
    Document,
    Extension,
    Handling,
    LawRef,
    Material,
    Step,
    complete,
    view,
)

Level = Literal["wrong", "doubt"]
Stands = Callable[[str, int], str]
"""(law, article) → a sentence if it is known not to be in force, else ""."""

MOST_QUESTIONS, LEAST_QUESTIONS = 10, 1
MOST_STEPS, MOST_MATERIALS = 5, 15  # budgets of an item (CAT-09); ours, a doubt and no more

# Catch-all wordings (兜底条款): whoever reads them can't know what to bring. The list is ours.
VAGUE = re.compile(
    r"^(其他|其它)(有关|相关)?(的)?(申请)?(材料|资料|文件|证明)"
    r"|(其他|其它)(有关|相关|必要|需要|应当)[^，。；]*?(材料|资料|文件|证明)"
    r"|(有关|相关)(部门|机关|单位)[^，。；]*?(要求|规定|认为)[^，。；]*(材料|资料|文件|证明)"
    r"|(认为|规定|要求)(需要|应当|必须)?(提交|提供|补充)的?(其他|其它|有关|相关)"
    r"|(其他|其它)(业务)?(佐证|相应|证明)(材料|资料)"
    r"|^(有关|相关)(证明)?文件$|(有关|相关)的?(证明|佐证)?(材料|资料)"
    r"|等(有关|相关|证明)?(材料|资料|文件)(原件|复印件)?。?$"
)
# 「证明你是你」: what a certificate, a look-up or a promise may take the place of (优化营商环境条例 44).
PROOF = re.compile(r"证明(书|材料|函)?(（.*）|\(.*\))?$")
NO_PROOF = re.compile(r"(出生医学|完税|学历|学位|资格|检验|检疫|检测|合格|产权|使用权|身份)证明")


@dataclass(frozen=True)
class Rule:
    """A rule of the linter: code, level, what it is about in words, where it comes from."""

    code: str
    level: Level
    title: str
    source: str


RULES = {
    rule.code: rule
    for rule in (
        Rule("vague_material", "wrong", "材料写得笼统", "行政许可法 30、31；优化营商环境条例 35"),
        Rule("no_basis", "wrong", "没有设定依据", "行政许可法 30：依据"),
        Rule("no_conditions", "wrong", "没有受理条件", "行政许可法 30：条件"),
        Rule("no_quantity", "wrong", "没有写数量限制", "行政许可法 30：数量"),
        Rule("no_procedure", "wrong", "没有办理程序", "行政许可法 30：程序"),
        Rule("no_limits", "wrong", "没有办理期限", "行政许可法 30：期限"),
        Rule("no_materials", "wrong", "没有材料目录", "行政许可法 30：材料目录"),
        Rule("no_form", "wrong", "没有申请书", "行政许可法 30：申请书示范文本"),
        Rule("no_telephone", "wrong", "没有咨询电话", "优化营商环境条例 35：办事指南"),
        Rule("no_complaint_way", "wrong", "没有监督投诉方式", "优化营商环境条例 35：办事指南"),
        Rule("no_remedies", "wrong", "没有写明行政复议机关或者法院", "行政复议法 20；行政诉讼法 46"),
        Rule("promised_over_statutory", "wrong", "承诺时限长于法定时限", "行政许可法 42"),
        Rule("promise_under_steps", "wrong", "承诺时限短于各环节时限之和", "各环节的时限要排得进承诺时限"),
        Rule("basis_not_in_force", "wrong", "依据的法条不是现行有效", "法规库"),
        Rule("dead_answer", "wrong", "回答哪个都一样的问题", "情形引导：每个问题都要改变些什么"),
        Rule("doubled_material", "wrong", "材料重复", "行政许可法 31"),
        Rule("proof_by_applicant", "doubt", "要申请人自己开证明", "优化营商环境条例 44：证明事项"),
        Rule("no_place_of_material", "doubt", "没有写材料在哪里办", "一次性告知"),
        Rule("no_responsible_post", "wrong", "没有责任岗位", "责任到岗：谁负责要写清"),
        Rule("no_window", "doubt", "没有办理地点和时间", "优化营商环境条例 35：办事指南"),
        Rule("no_standard", "doubt", "环节没有审查标准", "审查工作细则"),
        Rule("many_questions", "doubt", "情形问题太多", "情形引导 3—10 个问题"),
        Rule("many_steps", "doubt", "环节多", "减环节"),
        Rule("discretion_open", "doubt", "裁量基准的条件没有办法算清", "发布前逐一算有没有重叠和遗漏"),
        Rule("many_materials", "doubt", "材料多", "减材料"),
        Rule("default_waits", "doubt", "默认值待确认", "内容来源"),
        Rule("basis_waits", "doubt", "设定依据待确认", "内容来源"),
    )
}


@dataclass(frozen=True)
class Remark:
    """What one rule says of one place (path of `places`, may be empty)."""

    code: str
    sentence: str
    path: str = ""

    @property
    def rule(self) -> Rule:
        return RULES[self.code]


def lint(document: Document, stands: Stands = lambda law, article: "") -> list[Remark]:
    """All remarks, those against a rule first."""
    found = [*_item(document), *_bases(document, stands)]
    for place, handling in enumerate(document.handling):
        found += _handling(document, handling, f"handling[{place}]")
    found += _sources(document)
    return sorted(found, key=lambda remark: remark.rule.level != "wrong")


def _item(document: Document) -> Iterator[Remark]:
    item, guide = document.item, document.guide
    applied_for = item.handling_kind == "on_application"
    for code, value, path in (
        ("no_basis", document.basis or item.handling_kind == "enquiry", "basis"),
        ("no_telephone", guide.consult.strip(), "guide.consult"),
        ("no_complaint_way", guide.complain.strip(), "guide.complain"),
        ("no_remedies", _remedies(document), "guide.reconsideration_organ"),
        ("no_quantity", guide.quantity.strip() or not applied_for, "guide.quantity"),
        ("no_responsible_post", item.responsible_post.strip(), "item.responsible_post"),
        ("no_window", guide.windows or not applied_for, "guide.windows"),
    ):
        if not value:
            yield Remark(code, RULES[code].title, path)


def _remedies(document: Document) -> bool:
    """Both are named, or nothing is applied for."""
    guide = document.guide
    named = bool(guide.reconsideration_organ.strip() and guide.court.strip())
    return named or document.item.handling_kind != "on_application"


def _handling(document: Document, handling: Handling, at: str) -> Iterator[Remark]:
    for code, value, path in (
        ("no_conditions", handling.conditions, "conditions"),
        ("no_procedure", handling.decide or handling.steps, "steps"),
        ("no_limits", handling.clocks, "clocks"),
        ("no_materials", handling.materials, "materials"),
        ("no_form", handling.form, "form"),
    ):
        if not value:
            yield Remark(code, f"{handling.name}：{RULES[code].title}", f"{at}.{path}")
    yield from (*_materials(handling, at), *_time(handling, at), *_steps(handling, at))
    yield from _questions(handling, at)
    if complete(handling) and handling.code:
        for place, sentence in open_rows(view(document, handling.code)):
            where = "discretion" if place == 1 and handling.discretion else "more_discretion"
            yield Remark("discretion_open", f"{handling.name}：{sentence}", f"{at}.{where}")


def _materials(handling: Handling, at: str) -> Iterator[Remark]:
    seen: dict[tuple[str, str], int] = {}
    for place, material in enumerate(handling.materials):
        path, name = f"{at}.materials[{place}]", material.name
        if VAGUE.search(name):
            yield Remark("vague_material", f"材料“{name}”说不清要交什么", f"{path}.name")
        alike = (_plain(name), material.when)
        if alike in seen:
            yield Remark("doubled_material", f"材料“{name}”写了两次", path)
        seen.setdefault(alike, place)
        if _asks_for_proof(material):
            sentence = f"“{name}”要申请人自己去开，看看能不能改为证照调用、部门核验或者告知承诺"
            yield Remark("proof_by_applicant", sentence, f"{path}.source")
        if not material.where.strip() and material.source.kind == "upload":
            yield Remark("no_place_of_material", f"材料“{name}”没有写在哪里办", f"{path}.where")
    if len(handling.materials) > MOST_MATERIALS:
        sentence = f"{handling.name}：要交{len(handling.materials)}种材料，超过{MOST_MATERIALS}种"
        yield Remark("many_materials", sentence, f"{at}.materials")


def _plain(name: str) -> str:
    return re.sub(r"[\s《》“”（）()、，]", "", name)


def _asks_for_proof(material: Material) -> bool:
    name = material.name
    return material.source.kind == "upload" and bool(PROOF.search(name)) and not NO_PROOF.search(name)


def _time(handling: Handling, at: str) -> Iterator[Remark]:
    if handling.clocks is None:
        return
    promised = handling.clocks.promised
    if problem := promises.problem(handling.clocks):
        yield Remark("promised_over_statutory", f"{handling.name}：{problem}", f"{at}.clocks.promised")
    # How long a drawn flow takes its gateways say, not the sum of its table; scenarios play it through.
    tabled = (
        [*handling.steps, *([handling.decide] if handling.decide else [])] if not handling.process else []
    )
    needed = longest_way(tabled)
    if promised.unit == "working_days" and needed > promised.limit and not handling.on_the_spot:
        sentence = f"{handling.name}：各环节合计要{needed}个工作日，承诺{promised.limit}个工作日"
        yield Remark("promise_under_steps", sentence, f"{at}.clocks.promised")


def longest_way(steps: list[Step]) -> int:
    """Working days of the step table when every step takes its whole limit; a parallel group takes its longest."""
    total = 0
    groups: dict[str, int] = {}
    for step in steps:
        if step.parallel:
            groups[step.parallel] = max(step.limit, groups.get(step.parallel, 0))
        else:
            total += step.limit
    return total + sum(groups.values())


def _steps(handling: Handling, at: str) -> Iterator[Remark]:
    for place, step in enumerate(handling.steps):
        if not step.standard.strip():
            sentence = f"环节“{step.name}”没有写审查标准"
            yield Remark("no_standard", sentence, f"{at}.steps[{place}].standard")
    if len(handling.steps) + 1 > MOST_STEPS:
        sentence = f"{handling.name}：有{len(handling.steps) + 1}个环节，超过{MOST_STEPS}个"
        yield Remark("many_steps", sentence, f"{at}.steps")


def _questions(handling: Handling, at: str) -> Iterator[Remark]:
    """
    A situation that leads nowhere: no condition reads it, so every answer comes to the same. What an expert drew may
    read it at a gateway, so nothing is said then.
    """
    reading = " ".join(_conditions(handling))
    for place, question in enumerate(handling.situations):
        path = f"{at}.situations[{place}]"
        if not (handling.eligibility or handling.process or _reads(reading, question.ask)):
            sentence = f"问题“{question.text}”怎么回答，材料、环节和结果都一样"
            yield Remark("dead_answer", sentence, path)
    if len(handling.situations) > MOST_QUESTIONS:
        sentence = f"{handling.name}：有{len(handling.situations)}个问题，超过{MOST_QUESTIONS}个"
        yield Remark("many_questions", sentence, f"{at}.situations")


def _conditions(handling: Handling) -> Iterator[str]:
    for stop in handling.stops:
        yield stop.when
    yield from (one.when for one in handling.not_needed)
    yield from (material.when for material in handling.materials)
    yield from (step.when for step in handling.steps)
    if handling.result is not None:
        for line in handling.result.fields:
            yield line.value


def _reads(conditions: str, ask: str) -> bool:
    return bool(re.search(rf"situation\.{re.escape(ask)}(?![\w])", conditions))


def _bases(document: Document, stands: Stands) -> Iterator[Remark]:
    for path, law, article in law_places(document):
        if law and (trouble := stands(law, article)):
            yield Remark("basis_not_in_force", trouble, path)
    for place, ref in enumerate(document.basis):
        if not ref.confirmed_by:
            where = f"第{ref.article}条" if ref.article else ""
            yield Remark("basis_waits", f"依据《{ref.law}》{where}还没有人确认", f"basis[{place}]")


def law_places(value: Any, at: str = "") -> Iterator[tuple[str, str, int]]:
    """Every article a definition names: (path, law, article)."""
    if isinstance(value, LawRef | ClockRule | Consulting | Extension):
        yield at, value.law, value.article
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from law_places(getattr(value, field.name), f"{at}.{field.name}" if at else field.name)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from law_places(one, f"{at}[{place}]")


def _sources(document: Document) -> Iterator[Remark]:
    for source in document.sources:
        if source.default and not source.confirmed_by:
            yield Remark("default_waits", f"默认值，待确认（{source.source}）", source.path)
