"""自动判定: whether its table, its results and the flow, drawn or of the step table, agree. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from mingqu.catalogue.types import Route
from mingqu.decisions import services as decisions
from mingqu.decisions.errors import DecisionError
from mingqu.process.services import Plan
from mingqu.process.types import Finding

SENTENCES = {
    "rule_unknown": "“{name}”是自动判定，定义的“自动判定”里没有编码是“{code}”的一项。",
    "rule_other": "“{name}”写的是判定“{ref}”，应当和它自己的编号“{code}”一样，或者不写。",
    "rule_repeated": "“{name}”是自动判定，一件只判一次，不能写成要办几次。",
    "rule_not_drawn": "自动判定“{name}”（{code}）不在流程图里。",
    "rule_unused": "没有一个环节的“什么时候才办”选了自动判定“{name}”的结果，判了没有用：选上，或者删掉这一项。",
    "rule_unread": "自动判定“{name}”后面没有一条路线看它的结果（outcome.{code}），判了没有用。",
    "rule_value": "条件里写的“{value}”，不是自动判定“{name}”会给出的结果。",
}


def table_problems(route: Route, content: bytes) -> Iterator[str]:
    """What its table gives that is no result of it, and results it never gives; as far as a table says so plainly."""
    what, known = f"自动判定“{route.name}”", {result.value for result in route.results}
    given = decisions.results_of(decisions.parse_model(content), route.table.decision)
    if given is None:
        return
    if given.many:
        yield f"{what}的决策表要有一列结果、每次给一个值"
        return
    for value in sorted(given.values - known):
        yield f"{what}的决策表会给出“{value}”，定义里没有写这个结果"
    if given.whole:
        for value in sorted(known - given.values):
            yield f"{what}的决策表从来不给“{value}”"


def findings(routes: Sequence[Route], plan: Plan, *, drawn: bool = True) -> Iterator[Finding]:
    """What does not agree between the flow and these, by element; `drawn`: of a drawing, not of the step table."""
    by_code = {route.code: route for route in routes}
    placed = {node.id: node for node in plan.nodes.values() if node.kind.value == "rule"}
    for node in placed.values():
        name = node.name or node.id
        if node.id not in by_code:
            yield _finding(node.id, "rule_unknown", name=name, code=node.id)
        elif node.ref not in ("", node.id):
            yield _finding(node.id, "rule_other", name=name, code=node.id, ref=node.ref)
        elif f"outcome.{node.id}" not in plan.names:
            yield _finding(node.id, "rule_unread", name=name, code=node.id)
        if node.loop:
            yield _finding(node.id, "rule_repeated", name=name)
    for route in routes:
        if route.code not in placed:
            why = "rule_not_drawn" if drawn else "rule_unused"
            yield _finding(route.code, why, name=route.name, code=route.code)
    for flow in plan.flows.values():
        for code, value in compared(flow.condition or ""):
            one = by_code.get(_meant(code, flow.reads))
            if one is not None and one.result(value) is None:
                yield _finding(flow.id, "rule_value", name=one.name, value=value)


def compared(condition: str) -> list[tuple[str, str]]:
    """(step or rule, value) for each outcome a condition compares, as far as its shape can be read."""
    found: list[tuple[str, str]] = []

    def say(vocabulary: str, name: str, value: Any) -> str:
        if vocabulary == "outcome" and value is not None:
            found.append((name, str(value)))
        return "-"

    try:
        if condition:
            decisions.in_words(condition, say)
    except DecisionError:
        return []  # what nobody can read is a finding of its own (`bad_condition`)
    return found


def _meant(code: str, reads: Sequence[str]) -> str:
    """What the plan calls a rule or step that a condition names: in a called process it has the call before it."""
    names = [name.removeprefix("outcome.") for name in reads]
    return code if code in names else next((name for name in names if name.endswith(f".{code}")), code)


def _finding(element: str, code: str, /, **words: str) -> Finding:
    return Finding(element, code, SENTENCES[code].format(**words))
