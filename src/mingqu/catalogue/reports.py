"""What a check found, for people: by kind and place; what each scenario came to; a definition in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mingqu.catalogue import diff as differences
from mingqu.catalogue import places, raci, rules, scenarios, selectors
from mingqu.catalogue.checking import evaluator, findings, referred
from mingqu.catalogue.conditions import condition_words
from mingqu.catalogue.diff import Difference, text_of
from mingqu.catalogue.errors import DefinitionInvalid
from mingqu.catalogue.gates import Gate, Gates, gates
from mingqu.catalogue.linting.rules import Remark, Rule
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.services.people import powerless_people, unknown_people
from mingqu.catalogue.services.proving import unproved
from mingqu.catalogue.types import Document, Handling, Step, Window, complete, view
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Unit
from mingqu.identity import selectors as identity
from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import DomainError
from mingqu.kernel.json import plain
from mingqu.process.errors import PlanRefused

GATE_WORDS: tuple[tuple[Gate, str, str], ...] = (
    ("listed", "可以公布", "不能公布"),
    ("applicable", "可以申请", "不能申请"),
    ("lawful", "依据已确认", "依据待确认"),
)


@dataclass(frozen=True)
class Line:
    """One finding: of which part of the check, where (path or place, may be empty), what."""

    kind: str
    place: str
    sentence: str


@dataclass(frozen=True)
class Played:
    """What a scenario came to; nothing in `failed`: as it says."""

    handling: str
    name: str
    failed: list[str]
    steps: int


@dataclass(frozen=True)
class Report:
    lines: list[Line]
    played: list[Played] = field(default_factory=list)

    @property
    def passed(self) -> int:
        return sum(not one.failed for one in self.played)


def report(document: Mapping[str, Any]) -> Report:
    """Everything that must hold for publication, as findings; scenarios as far as they can be played."""
    if shape := rules.shape_problems(document):
        return Report([_line("格式", sentence) for sentence in shape])
    whole = rules.document_of(document)
    files = selectors.files_of(referred(document))
    found = findings(document, clocks.current_calendar(), files)
    lines = [_line(_kind(sentence), sentence) for sentence in found]
    people = [*unknown_people(whole), *powerless_people(whole)]
    lines += [_line("部门岗位", sentence) for sentence in people]
    lines += [_line("场景", sentence) for sentence in unproved(whole)]
    return Report(lines, played(whole))


def played(whole: Document) -> list[Played]:
    """Every scenario of every 业务办理项 that can be applied for."""
    calendar, found = clocks.current_calendar(), []
    for handling in whole.handling:
        if not complete(handling) or not handling.scenarios:
            continue
        one = view(whole, handling.code)
        tables = (row.table for row in (*one.fees, *one.routes))
        digests = [part.file for part in (one.process, one.eligibility, *tables) if part]
        files = selectors.files_of(digests)
        try:
            means = scenarios.Means(plan_of(one, files), evaluator(files), calendar)
        except (PlanRefused, DefinitionInvalid, KeyError):
            continue  # the findings say what is wrong with the process
        for scenario in one.scenarios:
            try:
                failed = list(scenarios.failures(one, scenario, means))
            except (DomainError, KeyError) as refused:
                failed = [str(refused)]
            found.append(Played(handling.name, scenario.name, failed, len(scenario.do)))
    return found


def _kind(sentence: str) -> str:
    if "场景“" in sentence:
        return "场景"
    return "表单" if "申请表" in sentence else "内容"


def _line(kind: str, sentence: str) -> Line:
    place, colon, rest = sentence.partition("：")
    return Line(kind, place, rest) if colon and rest else Line(kind, "", sentence)


@dataclass(frozen=True)
class Row:
    """A difference as a line of the table; what stands before and after in words."""

    words: str
    kind: str
    kind_words: str
    before: str
    after: str


def rows(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    return [
        Row(one.words, one.kind, one.kind_words, _said(one, "before"), _said(one, "after"))
        for one in differences.diff(before, after)
    ]


def _said(one: Difference, side: str) -> str:
    value = getattr(one, side)
    empty = (one.kind == "added" and side == "before") or (one.kind == "removed" and side == "after")
    return "" if empty else text_of(value)


@dataclass(frozen=True)
class Doubt:
    """An element: where it came from, who confirmed it, or that nobody has."""

    place: str
    source: str
    confirmed_by: str
    waiting: bool


@dataclass(frozen=True)
class StepLine:
    step: Step
    post: str
    kind: str
    where: str
    when: str = ""  # in words; "" where every case goes through it or its condition has no plain sentence


@dataclass(frozen=True)
class HandlingView:
    """One 业务办理项 in words."""

    handling: Handling
    kind: str
    steps: list[StepLine]
    materials: list[dict[str, Any]]
    clocks: list[tuple[str, str]]
    parts: list[tuple[str, str, list[str]]]  # 责任分工: what part, in words, which posts


@dataclass(frozen=True)
class Read:
    """A whole definition as an official reads it."""

    document: Document
    facts: list[dict[str, str]]
    handling: list[HandlingView]
    gates: list[dict[str, Any]]
    doubts: list[Doubt]
    played: list[Played]
    bases: list[dict[str, Any]]


def read(whole: Document) -> Read:
    posts = identity.posts_by_code(
        [
            whole.item.responsible_post,
            *(step.post for one in whole.handling for step in (*one.steps, *filter(None, [one.decide]))),
        ]
    )
    names = {code: f"{post.department.name}·{post.name}" for code, post in posts.items()}
    outcome = played(whole)
    return Read(
        whole,
        _facts(whole),
        [_handling(one, names, whole.item.responsible_post) for one in whole.handling],
        gate_lines(gates(whole, failed=_failed(whole, outcome))),
        _doubts(whole),
        outcome,
        [{"ref": ref, "words": _article(ref)} for ref in whole.basis],
    )


def _failed(whole: Document, outcome: list[Played]) -> dict[str, list[str]]:
    codes = {one.name: one.code for one in whole.handling}
    return {codes[one.handling]: one.failed for one in outcome if one.failed}


def gate_lines(of: Gates) -> list[dict[str, Any]]:
    return [
        {"name": opened if of.open(gate) else closed, "open": of.open(gate), "shut": of.of(gate)}
        for gate, opened, closed in GATE_WORDS
    ]


def named(name: str, code: str) -> str:
    """The word of a code list, or the code itself."""
    known = code_list(name)
    return known.name(code) if code in known else code


def _facts(whole: Document) -> list[dict[str, str]]:
    item, guide = whole.item, whole.guide
    given = (
        ("事项编码", item.code),
        ("基本编码", item.base_code),
        ("事项类型", named("item_type", item.type)),
        ("办理性质", named("handling_kind", item.handling_kind)),
        ("行使层级", named("exercise_level", item.level)),
        ("服务对象", "、".join(named("audience", code) for code in item.audience)),
        ("主题", item.theme),
        ("俗称", "、".join(item.aliases)),
        ("网址", item.link),
        ("咨询电话", guide.consult),
        ("监督投诉电话", guide.complain),
        ("数量限制", guide.quantity),
        ("行政复议机关", guide.reconsideration_organ),
        ("人民法院", guide.court),
        ("办理窗口", "；".join(map(_window, guide.windows))),
    )
    return [{"key": key, "value": value} for key, value in given if value]


@dataclass(frozen=True)
class RemarkLine:
    """A remark of the linter with its place in words; `sentence` is empty where it says no more than the rule."""

    rule: Rule
    sentence: str
    place: str
    path: str = ""
    url: str = ""  # where it is put right; only of a draft


def remarks(document: Document | Mapping[str, Any], found: Iterable[Remark]) -> list[RemarkLine]:
    """What the linter says of a definition, for a page."""
    values = plain(document) if isinstance(document, Document) else document
    return [
        RemarkLine(
            one.rule,
            "" if one.sentence == one.rule.title else one.sentence,
            places.words(values, one.path) if one.path else "",
            one.path,
        )
        for one in found
    ]


def _window(window: Window) -> str:
    told = "，".join(words for words in (window.address, window.hours) if words)
    return f"{window.name}（{told}）" if told else window.name


def _article(ref: Any) -> str:
    parts = ((ref.article, "条"), (ref.paragraph, "款"), (ref.point, "项"))
    return f"《{ref.law}》" + "".join(f"第{number}{word}" for number, word in parts if number)


def _handling(one: Handling, posts: Mapping[str, str], answers: str) -> HandlingView:
    steps = [
        StepLine(
            step,
            posts.get(step.post, step.post),
            named("step_kind", step.kind),
            named("where_handled", step.where),
            condition_words(one, step.when),
        )
        for step in (*one.steps, *([one.decide] if one.decide else []))
    ]
    limits = [("法定期限", one.clocks.statutory), ("承诺期限", one.clocks.promised)] if one.clocks else []
    return HandlingView(
        one,
        named("handling_item_kind", one.kind),
        steps,
        [_material(one, material) for material in one.materials],
        [(name, f"{rule.limit}{Unit(rule.unit).text}") for name, rule in limits],
        [
            (name, about, [posts.get(post, post) for post in whose])
            for name, about, whose in raci.parts_of(one, answers)
        ],
    )


def _material(one: Handling, material: Any) -> dict[str, Any]:
    source = material.source
    follow = material.may_follow
    need = "选交" if material.optional else "主件" if material.key else "必交"
    return {
        "name": material.name,
        "need": need,
        "source": named("material_source", source.kind) + (f"（{source.of}）" if source.of else ""),
        "when": material.when,
        "words": condition_words(one, material.when),
        "follow": f"可容缺，{follow.limit}{Unit(follow.unit).text}内补齐" if follow else "",
    }


def _doubts(whole: Document) -> list[Doubt]:
    values = plain(whole)
    return [
        Doubt(
            places.words(values, one.path), one.source, one.confirmed_by, one.default and not one.confirmed_by
        )
        for one in whole.sources
    ]
