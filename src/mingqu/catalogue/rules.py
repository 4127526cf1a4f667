"""
Reading a definition and what follows from answers: pure.

`evaluate` is passed in (FEEL, from `decisions`), so that these rules stay free of engines.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from mingqu.catalogue import fees, paper_forms, places, routes, schema
from mingqu.catalogue.types import (
    FORMAT,
    Definition,
    Document,
    Eligibility,
    FeeTable,
    LawRef,
    Situation,
    SituationResult,
    Step,
    Stop,
    view,
)
from mingqu.catalogue.upgrades import upgraded
from mingqu.clocks.types import LAST_DAYS
from mingqu.kernel.codelists import code_list
from mingqu.kernel.json import canonical, load, plain

ONE = "one"  # of the ways of signing: by one post
DECIDE = "decide"  # the last step of every plan, completed by the decision alone
VISIT, COMMITMENT, CERTIFICATE = "visit", "commitment", "certificate"
SOURCED = ("certificate", "shared", "commitment")
ELSEWHERE = ("handed_over", "assisted", "link")
ON_APPLICATION, ENQUIRY, EX_OFFICIO = "on_application", "enquiry", "ex_officio"
WEB = re.compile(r"https?://[^\s/?#@\\]+(?:[/?#]\S*)?")  # no account before the host: it would pass for one
OWN_PAGE = re.compile(r"/(?![/\\])[^\s\\]*")  # /progress/: a page of this platform; //host is another's
LONGEST_CODE, LONGEST_NAME = 40, 80  # of a step, as opinions, visits and questions keep it
TYPE_CODE_LENGTH = 21  # certificate type: organ's credit code and three digits

Evaluate = Callable[[str | Eligibility | FeeTable, Mapping[str, Any]], Any]
"""FEEL over names; of a decision what its table says."""
UnknownNames = Callable[[str, set[str]], list[str]]


def digest(document: Mapping[str, Any]) -> str:
    return sha256(canonical(document)).hexdigest()


def document_of(document: Mapping[str, Any]) -> Document:
    """The typed form of a document that was checked when it was published, whatever its format."""
    return load(Document, upgraded(document))


def definition_of(document: Mapping[str, Any], handling: str) -> Definition:
    """One 业务办理项 of it. Raises KeyError."""
    return view(document_of(document), handling)


def shape_problems(document: Any) -> list[str]:
    """Unknown, missing or wrongly typed keys, each with its path; empty when the shape is right."""
    if not isinstance(document, dict):
        return ["整份定义应是一组键和值"]
    if document.get("format") != FORMAT:
        return [f"格式版本应为 {FORMAT}"]
    return schema.shape_problems(Document, document)


def shape_of(kind: type, value: Any) -> list[str]:
    """What of `value` does not have the shape of the dataclass `kind`: each key with its path."""
    return schema.shape_problems(kind, value)


def _certificate_problems(document: Document) -> list[str]:
    """
    What acts on a certificate says the same of it as what brings it: the type follows from 新办, and two validities of
    one certificate can't both be right.
    """
    first = {
        h.result.certificate_type: h.result
        for h in document.handling
        if h.result and h.result.is_certificate and h.kind == "new"
    }
    problems = []
    for handling in document.handling:
        result = handling.result
        known = first.get(result.certificate_type) if result else None
        if result is None or known is None or handling.kind == "new":
            continue
        for what, ours, theirs in (
            ("证照名称", result.certificate_name, known.certificate_name),
            ("有效期", f"{result.valid_years}年", f"{known.valid_years}年"),
            ("提前申请延续的天数", f"{result.renew_before_days}天", f"{known.renew_before_days}天"),
        ):
            if ours != theirs:
                problems.append(
                    f"{handling.name}：{what}写的是{ours}，新办写的是{theirs}，同一种证照应当一致"
                )
        lines = {line.code for line in known.fields}
        problems += [
            f"{handling.name}：证照内容“{line.label}”是新办没有的"
            for line in result.fields
            if line.code not in lines
        ]
    return problems


def document_problems(document: Document) -> list[str]:
    """What concerns the document as a whole: how it is handled, its 业务办理项, where it says things come from."""
    item, problems = document.item, []
    if item.handling_kind == ENQUIRY and not item.link:
        problems.append("办理性质是查询、指引的，要写明网址（item.link）")
    if item.link and not (WEB.fullmatch(item.link) or OWN_PAGE.fullmatch(item.link)):
        problems.append("网址（item.link）要以https://或者http://开头，不能有空格；本平台的网页以/开头")
    if item.handling_kind == ON_APPLICATION and item.link:
        problems.append("依申请办理的事项不写网址（item.link）")
    if item.handling_kind != ON_APPLICATION and document.handling:
        problems.append("只有依申请的事项才有业务办理项")
    problems += _doubled("业务办理项", [h.code for h in document.handling])
    problems += _certificate_problems(document)
    plain_document = plain(document)
    problems += [
        f"内容来源“{source.path}”在定义里找不到"
        for source in document.sources
        if not places.exists(plain_document, source.path)
    ]
    return problems


def answered_for(document: Document) -> list[str]:
    """What may be applied for has a post that answers for it (责任岗位, LAW-03)."""
    open_to_all = any(handling.decide for handling in document.handling)
    named = document.item.responsible_post.strip()
    return [] if named or not open_to_all else ["没有责任岗位：每个可以申请的事项要有一个岗位负责"]


def remedies_told(document: Document) -> list[str]:
    """
    What may be applied for says where to go against a decision (行政复议法 20; 行政诉讼法 46): each paper that turns an
    application away or decides on it names both, and could not be made without.
    """
    if not any(handling.decide for handling in document.handling):
        return []
    guide = document.guide
    told = (("行政复议机关", guide.reconsideration_organ), ("可以起诉的法院", guide.court))
    return [
        f"没有写明{what}：不予受理、准予和不予的文书都要告知" for what, value in told if not value.strip()
    ]


def sense_problems(definition: Definition, unknown_names: UnknownNames) -> list[str]:
    """
    What is well formed but can't be right: doubled codes, an expression that names unknown data
    (`unknown_names(expression, names)`), a reference that leads nowhere. Of the promise: `promises`.
    """
    problems = []
    for what, codes in (
        ("情形问题", [s.ask for s in definition.situations]),
        ("材料", [m.code for m in definition.materials]),
        ("环节", [s.id for s in _steps(definition)]),
        ("告知承诺书", [c.code for c in definition.commitments]),
        ("现场核查表", [c.code for c in definition.checklists]),
        ("场景", [s.name for s in definition.scenarios]),
        ("证照内容", [f.code for f in definition.result.fields]),
        *((f"问题“{s.text}”的选项", [c.value for c in s.choices]) for s in definition.situations),
        *((f"核查表“{c.name}”的项目", [p.code for p in c.points]) for c in definition.checklists),
    ):
        problems += _doubled(what, codes)
    for text, names in expressions(definition):
        problems += [f"“{text}”：{problem}" for problem in unknown_names(text, names)]
    return [
        *problems,
        *_step_problems(definition),
        *_material_problems(definition),
        *_result_problems(definition),
        *fees.problems(definition),
        *routes.problems(definition),
    ]


def _result_problems(definition: Definition) -> Iterator[str]:
    """A certificate has all that one consists of; where the decision is the result, nothing speaks of a certificate."""
    result, handling = definition.result, definition.handling_item
    if not result.is_certificate:
        if handling.acts_on_certificate:
            yield f"{code_list('handling_item_kind').name(handling.kind)}办的是已有的证照，结果类型应是证照"
        if result.certificate_type or result.certificate_name or result.number_prefix:
            yield "结果不是证照的，不写证照的类型、名称和编号"
        if result.valid_years or result.renew_before_days:
            yield "结果不是证照的，不写有效年数和延续的天数"
        if result.supervision:
            yield "结果不是证照的，不写事后监管"
        return
    for value, what in (
        (result.certificate_type, "证照类型"),
        (result.certificate_name, "证照名称"),
        (result.number_prefix, "编号前缀"),
        (result.basis, "有效期依据"),
    ):
        if not value:
            yield f"结果是证照的，要写明{what}"
    if result.name:
        yield "结果是证照的，不写文书名称"
    if result.supervision and handling.kind == "cancel":
        yield "注销以后不再监管，不写事后监管"
    if handling.kind == "new" and not result.fields:
        yield "新办的证照没有内容"


def _doubled(what: str, codes: list[str]) -> list[str]:
    return [f"{what}编码“{code}”重复" for code in sorted({c for c in codes if codes.count(c) > 1})]


def _steps(definition: Definition) -> list[Step]:
    return [*definition.steps, definition.decide]


def _step_problems(definition: Definition) -> Iterator[str]:
    if definition.decide.id != DECIDE or definition.decide.kind != DECIDE or definition.decide.when:
        yield f"决定环节的编码和类型都应为“{DECIDE}”，并且没有条件"
    materials = {m.code for m in definition.materials}
    checklists = {c.code for c in definition.checklists}
    for step in _steps(definition):
        if len(step.id) > LONGEST_CODE or len(step.name) > LONGEST_NAME:
            yield f"环节“{step.name[:40]}”的编码最多{LONGEST_CODE}个字，名称最多{LONGEST_NAME}个字"
        for code in step.checks:
            if code not in materials:
                yield f"环节“{step.name}”要审查的材料“{code}”不存在"
        if step.kind == VISIT and not step.checklist:
            yield f"环节“{step.name}”是现场核查，要写明核查表（checklist）"
        if step.checklist and step.checklist not in checklists:
            yield f"环节“{step.name}”的核查表“{step.checklist}”不存在"
        if step.where in ELSEWHERE and not step.system:
            yield f"环节“{step.name}”在别处办理，要写明在哪个系统（system）"
        if step.where not in ELSEWHERE and step.system:
            yield f"环节“{step.name}”在本系统办理，不写其他系统"
        if step.sign != ONE and step.kind in (DECIDE, VISIT):
            yield f"环节“{step.name}”由一个岗位办理：决定由一个机关作出，现场核查的笔录由去核查的人签名"
        if step.consult is not None and (step.consult.silence == "agreed") != bool(
            step.consult.law and step.consult.article
        ):
            yield f"环节“{step.name}”征求意见逾期视为同意的，要写明哪部法律法规第几条这样规定；没有规定的不写"
        if step.kind == DECIDE and step is not definition.decide:
            yield f"环节“{step.name}”的类型不能是“{DECIDE}”，决定环节只有一个"
    for code in sorted(checklists - {step.checklist for step in definition.steps}):
        yield f"核查表“{code}”没有环节使用"


def _material_problems(definition: Definition) -> Iterator[str]:
    commitments = {c.code for c in definition.commitments}
    for material in definition.materials:
        source, name = material.source, material.name
        if material.key and material.may_follow:
            yield f"材料“{name}”是主件，不能容缺"
        if material.key and material.optional:
            yield f"材料“{name}”是主件，不能选交"
        if source.kind in SOURCED and not source.of:
            yield f"材料“{name}”的来源要写明编码（source.of）"
        if source.kind == COMMITMENT and source.of not in commitments:
            yield f"材料“{name}”的告知承诺书“{source.of}”不存在"
        if source.kind == CERTIFICATE and len(source.of) != TYPE_CODE_LENGTH:
            yield f"材料“{name}”的证照类型应是{TYPE_CODE_LENGTH}位代码"
        for problem in paper_forms.problems(material.form) if material.form else ():
            yield f"材料“{name}”的表格：{problem}"
    used = {m.source.of for m in definition.materials if m.source.kind == COMMITMENT}
    for code in sorted(commitments - used):
        yield f"告知承诺书“{code}”没有材料使用"


def expressions(definition: Definition) -> list[tuple[str, set[str]]]:
    """Every FEEL expression of the definition, each with the names it may read."""
    asked = situation_names(definition)
    conditions = [
        *(stop.when for stop in definition.stops),
        *(item.when for item in definition.not_needed),
        *(material.when for material in definition.materials),
    ]
    steps = [step.when for step in definition.steps]
    return [
        *((text, asked) for text in conditions if text),
        *((text, step_names(definition)) for text in steps if text),
        *((line.value, certificate_names(definition)) for line in definition.result.fields),
    ]


def situation_names(definition: Definition) -> set[str]:
    """What stops, materials and what is not needed may ask about: the answers, before anyone has signed in."""
    return {f"situation.{question.ask}" for question in definition.situations}


def step_names(definition: Definition) -> set[str]:
    """What the way of a case may depend on: the answers, the day, last days, how earlier steps came out."""
    outcomes = {f"outcome.{s.id}" for s in definition.steps} | routes.names(definition.routes)
    return {"today", *LAST_DAYS, *situation_names(definition), *outcomes}


def certificate_names(definition: Definition) -> set[str]:
    """What a line of the certificate may say: the answers (in their words), the form, the applicant."""
    fields = set(_form_paths(definition.form.schema, "form"))
    return situation_names(definition) | fields | {"applicant.name"}


def _form_paths(schema: Mapping[str, Any], at: str) -> Iterator[str]:
    for name, below in schema.get("properties", {}).items():
        yield f"{at}.{name}"
        if isinstance(below, Mapping) and below.get("type") == "object":
            yield from _form_paths(below, f"{at}.{name}")


def cleaned_answers(
    situations: list[Situation], given: Mapping[str, list[str]]
) -> tuple[dict[str, Any], list[str], Situation | None]:
    """
    (answers, unanswered questions, the first question with an unknown answer) from raw values per question.

    A question with several answers gives a list, the others a text.
    """
    answers: dict[str, Any] = {}
    missing: list[str] = []
    for question in situations:
        values = [value for value in given.get(question.ask, []) if value]
        if any(value not in question.options for value in values) or (len(values) > 1 and not question.many):
            return answers, missing, question
        if not values:
            missing.append(question.ask)
        else:
            answers[question.ask] = values if question.many else values[0]
    return answers, missing, None


def situation_result(
    definition: Definition, answers: Mapping[str, Any], evaluate: Evaluate
) -> SituationResult:
    """What applies to these answers; `evaluate(expression, names)` is true only for FEEL true."""
    names = {"situation": dict(answers)}
    missing = [q.ask for q in definition.situations if q.ask not in answers]

    def applies(expression: str) -> bool:
        return not expression or evaluate(expression, names) is True

    stop = next((stop for stop in definition.stops if applies(stop.when)), None)
    if stop is None and definition.eligibility and not missing:
        stop = stop_of(evaluate(definition.eligibility, names))
    return SituationResult(
        answers=dict(answers),
        stop=stop,
        materials=[m for m in definition.materials if applies(m.when)],
        steps=[s for s in definition.steps if applies(s.when) or _may_apply(s.when, names, evaluate)],
        not_needed=[n for n in definition.not_needed if applies(n.when)],
        missing=missing,
    )


def on_the_way(when: str) -> bool:
    """Whether a condition of a step asks what is known only while it runs: a rule, or how a step came out."""
    return "outcome." in when


def _may_apply(when: str, names: Mapping[str, Any], evaluate: Evaluate) -> bool:
    """Of a step that is decided on the way: the answers alone do not rule it out."""
    return on_the_way(when) and evaluate(when, names) is not False


def stop_of(decided: Any) -> Stop | None:
    """The stop an eligibility decision gives: {because, advice, law, article}; null: none."""
    if not isinstance(decided, Mapping) or not decided.get("because"):
        return None
    article = LawRef(str(decided.get("law") or ""), int(decided.get("article") or 0))
    return Stop("", str(decided["because"]), str(decided.get("advice") or ""), article)


def certificate_values(
    definition: Definition, names: Mapping[str, Any], evaluate: Evaluate
) -> dict[str, str]:
    """
    The lines of the certificate or decision, code → text, of `names` = {form, situation, applicant}.

    Answers of the situation stand in their words; several are joined with 、.
    """
    words = {
        question.ask: _words(question, names["situation"].get(question.ask))
        for question in definition.situations
    }
    scope = {**names, "situation": words}
    found = {field.code: evaluate(field.value, scope) for field in definition.result.fields}
    return {code: str(value) for code, value in found.items() if value not in (None, "")}


def _words(question: Situation, answer: Any) -> str:
    chosen = answer if isinstance(answer, list) else [answer]
    return "、".join(question.options[value] for value in chosen if value in question.options)
