"""
裁量基准: which rows apply to a case, whether what is decided lies within them, and what keeps a table from being
published. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from math import isfinite
from typing import Any

from mingqu.catalogue.rules import Evaluate, UnknownNames, certificate_names
from mingqu.catalogue.types import (
    CENT,
    LARGEST,
    MOST_YEARS,
    VALID_YEARS,
    Applied,
    Definition,
    Discretion,
    ranges,
)
from mingqu.decisions import services as decisions
from mingqu.decisions.errors import DecisionError
from mingqu.decisions.types import DATE, TEXT, Answers, Ground, Numbers, RowTrouble, Stretch

FINDINGS = ("met", "not_met")
MOST_SIGNS = {"name": 80, "unit": 20, "says": 300, "law": 120}  # as the rows of cases keep them
MOST_TABLES = 9


def applied(of: Sequence[Discretion], names: Mapping[str, Any], evaluate: Evaluate) -> list[Applied]:
    """One for each table. `names`: situation, form, and outcome by step."""
    return [replace(_applied(one, names, evaluate), table=place) for place, one in enumerate(of, start=1)]


def _applied(of: Discretion, names: Mapping[str, Any], evaluate: Evaluate) -> Applied:
    """Of rows that overlap in spite of the check none is chosen."""
    found = [
        (number, rule) for number, rule in enumerate(of.rules, start=1) if evaluate(rule.when, names) is True
    ]
    return Applied(of, *found[0]) if len(found) == 1 else Applied(of)


def ranges_of(definition: Definition, names: Mapping[str, Any], evaluate: Evaluate) -> str:
    """As scenarios expect it; empty without a table."""
    return ranges(applied(definition.discretions, names, evaluate))


def names(definition: Definition) -> set[str]:
    """What a row may read: the answers, the form, how the steps came out."""
    outcomes = {f"outcome.{step.id}" for step in definition.steps}
    return (certificate_names(definition) - {"applicant.name"}) | outcomes


def problems(definition: Definition, unknown_names: UnknownNames) -> Iterator[str]:
    """What keeps it from being published, in sentences."""
    tables = definition.discretions
    if not tables:
        return
    if definition.on_the_spot:
        yield "有裁量基准的不能当场办结：超出幅度要由第二个人复核"
    called = [of.name.strip() for of in tables]
    if len(set(called)) < len(called):
        yield "几项裁量基准的内容要各不相同，决定书上才分得清"
    if sum(of.sets == VALID_YEARS for of in tables) > 1:
        yield "证照的有效年数只能由一项裁量基准决定"
    if len(tables) > MOST_TABLES:
        yield f"裁量基准最多{MOST_TABLES}项"
    for of in tables:
        yield from _table(definition, of, unknown_names)


def said_of(of: Discretion) -> str:
    """How sentences call a table: by its name, which no other has."""
    return f"裁量基准“{of.name.strip()}”" if of.name.strip() else "裁量基准"


def _table(definition: Definition, of: Discretion, unknown_names: UnknownNames) -> Iterator[str]:
    yield from _sense(definition, of)
    wrong = False
    for number, rule in enumerate(of.rules, start=1):
        for problem in unknown_names(rule.when, names(definition)) if rule.when else ["没有写条件"]:
            wrong = True
            yield f"{said_of(of)}第{number}档：{problem}"
    if not wrong and of.rules:
        yield from _rows(definition, of)


def _sense(definition: Definition, of: Discretion) -> Iterator[str]:
    if not of.rules:
        yield f"{said_of(of)}没有档次"
    if not of.name.strip() or not of.unit.strip():
        yield f"{said_of(of)}要写明裁量的内容和单位"
    if not of.post:
        yield f"{said_of(of)}要写明超出幅度由哪个岗位复核"
    if of.verified and not of.source.strip():
        yield f"{said_of(of)}已核对的，要写明是和哪一份公布的裁量权基准核对的"
    years = of.sets == VALID_YEARS
    if years and (not definition.result.is_certificate or not definition.result.valid_years):
        yield f"{said_of(of)}决定有效年数的，结果应是有有效年数的证照"
    if years and of.two_decimals:
        yield f"{said_of(of)}决定有效年数的，只能是整数"
    if len(of.name) > MOST_SIGNS["name"] or len(of.unit) > MOST_SIGNS["unit"]:
        yield "裁量的内容、单位写得太长"
    for number, rule in enumerate(of.rules, start=1):
        here = f"{said_of(of)}第{number}档"
        if len(rule.says) > MOST_SIGNS["says"] or len(rule.basis.law) > MOST_SIGNS["law"]:
            yield f"{here}：情形、法律法规的名称写得太长"
        yield from (f"{here}：{problem}" for problem in _ends(of, rule.lowest, rule.highest))
        if not rule.basis.law.strip() or not rule.basis.article:
            yield f"{here}：要写明依据哪部法律法规第几条"
        if not rule.says.strip():
            yield f"{here}：要写明情形"


def _ends(of: Discretion, lowest: float, highest: float) -> Iterator[str]:
    """From where to where, in whole numbers or with two decimals."""
    years = of.sets == VALID_YEARS
    if not isfinite(lowest) or not isfinite(highest):
        yield "最低、最高要是数"
        return
    if lowest > highest:
        yield f"最低{lowest}高于最高{highest}"
    if highest > (MOST_YEARS if years else LARGEST) or (years and lowest < 1):
        yield f"幅度{lowest}至{highest}不合理"
    step = CENT if of.two_decimals else Decimal(1)
    if any(Decimal(str(one)) % step for one in (lowest, highest)):
        yield (
            "最低、最高最多两位小数"
            if of.two_decimals
            else "最低、最高要是整数；要写小数的，选“可以有两位小数”"
        )


def _rows(definition: Definition, of: Discretion) -> Iterator[str]:
    """Rows that overlap, and circumstances no row is for."""
    try:
        found = decisions.row_troubles([rule.when for rule in of.rules], _ground(definition))
    except DecisionError as refused:
        yield f"{said_of(of)}：{refused.message}"
        return
    for one in found:
        yield from _told(definition, said_of(of), one)


def open_rows(definition: Definition) -> Iterator[tuple[int, str]]:
    """(place of the table, sentence): rows of which it can't be worked out whether they overlap or leave a gap."""
    for place, of in enumerate(definition.discretions, start=1):
        try:
            found = decisions.row_troubles([rule.when for rule in of.rules], _ground(definition))
        except DecisionError:
            continue
        for one in found:
            if one.open_rows:
                rows = "、".join(f"第{number}档" for number in one.open_rows if number) or "不能办的情形"
                yield (
                    place,
                    f"{said_of(of)}{rows}的条件不是拿一个数或者一个选项和写定的值比，没有办法算清有没有重叠和遗漏，"
                    "只用例子试过；请人工核对",
                )


def _told(definition: Definition, table: str, one: RowTrouble) -> Iterator[str]:
    such = "，".join(
        _spanned(definition, path, one.stretches[path])
        if path in one.stretches
        else _said(definition, path, value)
        for path, value in one.example.items()
    )
    if one.too_many:
        yield f"{table}用到的情形太多，没有办法逐一核对有没有重叠和遗漏，请减少条件"
    elif len(one.rows) == 1:
        yield f"{table}第{one.rows[0]}档永远不会适用"
    elif one.rows:
        yield f"{table}第{one.rows[0]}档和第{one.rows[1]}档会同时适用" + (f"：{such}" if such else "")
    elif not one.open_rows:
        yield f"{table}没有写这种情形怎样裁量" + (f"：{such}" if such else "")


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
        low, high = (_limit(field.get(end)) for end in ("minimum", "maximum"))
        return Numbers(Decimal(0) if low is None else low, high, whole=field["type"] == "integer")
    if field.get("type") == "boolean":
        return [True] if "const" in field else [True, False]
    if field.get("type") == "array":
        values = _offered(field.get("items") or {})
        return [[value] for value in values] + [values]
    if values := _offered(field):
        return values
    return DATE if field.get("format") == "date" else TEXT


def _limit(value: Any) -> Decimal | None:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _offered(field: Mapping[str, Any]) -> list[Any]:
    return [one.get("const") for one in field.get("oneOf") or ()] or list(field.get("enum") or ())


def _spanned(definition: Definition, path: str, of: Stretch) -> str:
    """A number or day in words: 面积超过50、不到100; 面积为50."""
    field = next((f for p, f, _ in _fields(definition.form.schema, "form") if p == path), {})
    name = f"“{field.get('title') or path.partition('.')[2]}”"
    if of.low is not None and of.low == of.high:
        return f"{name}为{of.low}"
    least = "" if of.low is None else f"{'不少于' if of.low_in else '超过'}{of.low}"
    most = "" if of.high is None else f"{'不超过' if of.high_in else '不到'}{of.high}"
    return name + ("、".join(filter(None, [least, most])) or "为任何数")


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
