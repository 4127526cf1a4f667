"""
裁量基准: which row applies to a case, whether what is decided lies within it, and what keeps a table from being
published. Pure.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from mingqu.catalogue.rules import Evaluate, UnknownNames, certificate_names
from mingqu.catalogue.types import LARGEST, MOST_YEARS, VALID_YEARS, Applied, Definition, Discretion
from mingqu.decisions import services as decisions
from mingqu.decisions.errors import DecisionError
from mingqu.decisions.types import DATE, NUMBER, TEXT, Answers, Ground

FINDINGS = ("met", "not_met")
MOST_SIGNS = {"name": 80, "unit": 20, "says": 300, "law": 120}  # as the rows of cases keep them


def applied(of: Discretion, names: Mapping[str, Any], evaluate: Evaluate) -> Applied:
    """`names`: situation, form, and outcome by step. Of rows that overlap in spite of the check none is chosen."""
    found = [
        (number, rule) for number, rule in enumerate(of.rules, start=1) if evaluate(rule.when, names) is True
    ]
    return Applied(of, *found[0]) if len(found) == 1 else Applied(of)


def range_of(definition: Definition, names: Mapping[str, Any], evaluate: Evaluate) -> str:
    """As scenarios expect it; empty without a table or a row that applies."""
    return applied(definition.discretion, names, evaluate).range if definition.discretion else ""


def names(definition: Definition) -> set[str]:
    """What a row may read: the answers, the form, how the steps came out."""
    outcomes = {f"outcome.{step.id}" for step in definition.steps}
    return (certificate_names(definition) - {"applicant.name"}) | outcomes


def problems(definition: Definition, unknown_names: UnknownNames) -> Iterator[str]:
    """What keeps it from being published, in sentences."""
    of = definition.discretion
    if of is None:
        return
    yield from _sense(definition, of)
    wrong = False
    for number, rule in enumerate(of.rules, start=1):
        for problem in unknown_names(rule.when, names(definition)) if rule.when else ["没有写条件"]:
            wrong = True
            yield f"裁量基准第{number}档：{problem}"
    if not wrong and of.rules:
        yield from _rows(definition, of)


def _sense(definition: Definition, of: Discretion) -> Iterator[str]:
    if not of.rules:
        yield "裁量基准没有档次"
    if not of.name.strip() or not of.unit.strip():
        yield "裁量基准要写明裁量的内容和单位"
    if not of.post:
        yield "裁量基准要写明超出幅度由哪个岗位复核"
    if definition.on_the_spot:
        yield "有裁量基准的不能当场办结：超出幅度要由第二个人复核"
    if of.verified and not of.source.strip():
        yield "裁量基准已核对的，要写明是和哪一份公布的裁量权基准核对的"
    years = of.sets == VALID_YEARS
    if years and (not definition.result.is_certificate or not definition.result.valid_years):
        yield "裁量基准决定有效年数的，结果应是有有效年数的证照"
    if len(of.name) > MOST_SIGNS["name"] or len(of.unit) > MOST_SIGNS["unit"]:
        yield "裁量的内容、单位写得太长"
    for number, rule in enumerate(of.rules, start=1):
        if len(rule.says) > MOST_SIGNS["says"] or len(rule.basis.law) > MOST_SIGNS["law"]:
            yield f"裁量基准第{number}档：情形、法律法规的名称写得太长"
        if rule.lowest > rule.highest:
            yield f"裁量基准第{number}档：最低{rule.lowest}高于最高{rule.highest}"
        if rule.highest > (MOST_YEARS if years else LARGEST) or (years and rule.lowest < 1):
            yield f"裁量基准第{number}档：幅度{rule.lowest}至{rule.highest}不合理"
        if not rule.basis.law.strip() or not rule.basis.article:
            yield f"裁量基准第{number}档：要写明依据哪部法律法规第几条"
        if not rule.says.strip():
            yield f"裁量基准第{number}档：要写明情形"


def _rows(definition: Definition, of: Discretion) -> Iterator[str]:
    """Rows that overlap, and circumstances no row is for."""
    try:
        found = decisions.row_troubles([rule.when for rule in of.rules], _ground(definition))
    except DecisionError as refused:
        yield f"裁量基准：{refused.message}"
        return
    for one in found:
        example = "，".join(_said(definition, path, value) for path, value in one.example.items())
        such = f"（例如{example}）" if example else ""
        if one.too_many:
            yield "裁量基准用到的情形太多，没有办法逐一核对有没有重叠和遗漏，请减少条件"
        elif len(one.rows) == 1:
            yield f"裁量基准第{one.rows[0]}档永远不会适用"
        elif one.rows:
            yield f"裁量基准第{one.rows[0]}档和第{one.rows[1]}档会同时适用{such}"
        else:
            yield f"裁量基准没有写这种情形怎样裁量{such}"


def _ground(definition: Definition) -> Ground:
    """What each datum can be, what may be left out, and which circumstances never come to a decision."""
    data: dict[str, Answers] = {}
    optional: set[str] = set()
    for question in definition.situations:
        values = list(question.options)
        path = f"situation.{question.ask}"
        data[path] = [[value] for value in values] + [values] if question.many else values
    for path, field, required in _fields(definition.form.schema, "form"):
        data[path] = _answers(field)
        if not required or field.get("asked_when"):
            optional.add(path)
    for step in definition.steps:
        data[f"outcome.{step.id}"] = FINDINGS
        if step.when:
            optional.add(f"outcome.{step.id}")
    never = tuple(stop.when for stop in definition.stops if stop.when)
    return Ground(data, frozenset(optional), never)


def _fields(schema: Mapping[str, Any], at: str) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    wanted = schema.get("required") or ()
    for name, below in schema.get("properties", {}).items():
        if below.get("type") == "object":
            yield from _fields(below, f"{at}.{name}")
        else:
            yield f"{at}.{name}", below, name in wanted


def _answers(field: Mapping[str, Any]) -> Answers:
    if field.get("type") in ("number", "integer"):
        return NUMBER
    if field.get("type") == "boolean":
        return [True] if "const" in field else [True, False]
    if field.get("type") == "array":
        values = _offered(field.get("items") or {})
        return [[value] for value in values] + [values]
    if values := _offered(field):
        return values
    return DATE if field.get("format") == "date" else TEXT


def _offered(field: Mapping[str, Any]) -> list[Any]:
    return [one.get("const") for one in field.get("oneOf") or ()] or list(field.get("enum") or ())


def _said(definition: Definition, path: str, value: Any) -> str:
    """A datum in words: 经营方式为连锁."""
    root, _, rest = path.partition(".")
    name, words = rest, "没有填" if value is None else str(value)
    given = value if isinstance(value, list) else [value]
    if root == "situation":
        question = next(q for q in definition.situations if q.ask == rest)
        name, words = (
            question.text.rstrip("？?"),
            "、".join(question.options.get(str(v), str(v)) for v in given),
        )
    elif root == "outcome":
        name = definition.step(rest).name
        words = {"met": "符合", "not_met": "不符合"}.get(str(value), "没有办")
    else:
        field = next((f for p, f, _ in _fields(definition.form.schema, "form") if p == path), {})
        name = str(field.get("title") or rest)
        titles = {one.get("const"): str(one.get("title")) for one in field.get("oneOf") or ()}
        if value is not None:
            words = "、".join(titles.get(v, {True: "是", False: "否"}.get(v, str(v))) for v in given)
    return f"“{name}”为{words}"
