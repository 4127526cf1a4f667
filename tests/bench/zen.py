"""The same table and the same condition in zen-engine (GoRules), which has its own expression language."""

import json
from collections.abc import Iterator
from typing import Any

from zen import ZenEngine, compile_expression

from mingqu.decisions.bench import fee_questions, fee_rows, per_second

FIELDS = {"面积": "area", "经营方式": "kind", "连锁": "chain"}


def questions() -> list[dict[str, Any]]:
    return [{FIELDS[name]: value for name, value in one.items()} for one in fee_questions()]


def fee_decision() -> Any:
    rules = [
        {"_id": str(fee), **dict(zip(FIELDS.values(), cells, strict=True)), "fee": str(fee)}
        for cells, fee in fee_rows()
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in FIELDS.values()],
        "outputs": [{"id": "fee", "name": "fee", "field": "fee"}],
        "rules": rules,
    }
    place = {"position": {"x": 0, "y": 0}}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", **place},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": table, **place},
        {"id": "out", "type": "outputNode", "name": "out", **place},
    ]
    edges = [
        {"id": f"{start}-{end}", "sourceId": start, "targetId": end, "type": "edge"}
        for start, end in (("in", "table"), ("table", "out"))
    ]
    return ZenEngine().create_decision(
        json.dumps(
            {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges},
            ensure_ascii=False,
        )
    )


def fees() -> list[int]:
    """What it answers, so that both are known to decide alike."""
    decision = fee_decision()
    return [decision.evaluate(one)["result"]["fee"] for one in questions()]


def rates() -> Iterator[tuple[str, float]]:
    """By the names of our own figures."""
    decision = fee_decision()
    yield "decision of a 30-row table", per_second(decision.evaluate, questions())
    condition = compile_expression('area > 100 and kind in ["餐饮", "生产"] and chain')
    yield "FEEL condition of three terms", per_second(condition.evaluate, questions())
