"""
Measures decisions: `python -m mingqu.decisions.bench` prints one line of JSON per figure.

The bar for one decision of a 30-row table is 50,000 a second on one core. The table is a fee scale as
officials write them: a range of an area, a kind, a yes or no; one rule matches. Inputs change each time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from mingqu.decisions import services

BAR: Final = 50_000
_KINDS: Final = ("餐饮", "零售", "生产")
_LIMITS: Final = (0, 50, 100, 500, 1000, 99999)


def fee_rows(rows: int = 30) -> Iterator[tuple[tuple[str, str, str], int]]:
    """The cells of each rule (area, kind, chain) and its fee."""
    for number in range(rows):
        band, kind, chain = number % 5, _KINDS[number // 5 % 3], number // 15 % 2 == 0
        yield (
            (f"({_LIMITS[band]}..{_LIMITS[band + 1]}]", f'"{kind}"', "true" if chain else "false"),
            100 + number,
        )


def fee_questions() -> list[dict[str, Any]]:
    """One input for each rule of the table of 30."""
    return [
        {"面积": area, "经营方式": kind, "连锁": chain}
        for area in (10, 60, 200, 700, 5000)
        for kind in _KINDS
        for chain in (True, False)
    ]


def fee_table(rows: int = 30) -> str:
    """A DMN file with one decision table of so many rows."""
    rules = []
    for cells, fee in fee_rows(rows):
        inputs = "".join(f"<inputEntry><text>{cell}</text></inputEntry>" for cell in cells)
        rules.append(f"<rule>{inputs}<outputEntry><text>{fee}</text></outputEntry></rule>")
    names = (("面积", "number"), ("经营方式", "string"), ("连锁", "boolean"))
    clauses = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression></input>'
        for name, kind in names
    )
    data = "".join(
        f'<inputData id="i{n}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'
        for n, (name, kind) in enumerate(names)
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#i{n}"/></informationRequirement>'
        for n in range(len(names))
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="bench" namespace="bench">'
        f'{data}<decision id="fee" name="收费"><variable name="收费" typeRef="number"/>{needs}'
        f'<decisionTable hitPolicy="UNIQUE">{clauses}<output typeRef="number"/>{"".join(rules)}</decisionTable>'
        "</decision></definitions>"
    )


def per_second(action: Callable[[Any], Any], inputs: Sequence[Any], seconds: float = 1.5) -> float:
    """How often the action runs in a second, on this core, the best of three tries."""
    best = 0.0
    for item in inputs:
        action(item)
    for _ in range(3):
        done, start = 0, time.perf_counter()
        while (spent := time.perf_counter() - start) < seconds / 3:
            for item in inputs:
                action(item)
            done += len(inputs)
        best = max(best, done / spent)
    return best


def figures(seconds: float = 1.5) -> list[dict[str, Any]]:
    """All figures of this app."""
    model = services.parse_model(fee_table())
    answers = fee_questions()
    table = per_second(lambda given: services.evaluate_decision(model, "收费", given), answers, seconds)
    condition = services.compile_expression('面积 > 100 and 经营方式 in ("餐饮", "生产") and 连锁')
    text = per_second(lambda given: services.evaluate(condition, given), answers, seconds)
    return [
        {
            "name": "decision of a 30-row table",
            "value": round(table),
            "unit": "1/s",
            "bar": BAR,
            "better": "higher",
        },
        {
            "name": "FEEL condition of three terms",
            "value": round(text),
            "unit": "1/s",
            "bar": None,
            "better": "higher",
        },
    ]


def main() -> None:
    """Prints the figures."""
    for figure in figures():
        print(json.dumps(figure, ensure_ascii=False))


if __name__ == "__main__":
    main()
