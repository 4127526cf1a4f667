"""Small DMN files for tests."""

from __future__ import annotations

from collections.abc import Sequence

DMN15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def file(body: str, *, space: str = DMN15, namespace: str = "test") -> str:
    """A whole file around elements."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}<definitions xmlns="{space}" name="t" namespace="{namespace}">{body}</definitions>'


def data(name: str, kind: str = "") -> str:
    """An input."""
    type_ref = f' typeRef="{kind}"' if kind else ""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}"{type_ref}/></inputData>'


def text(body: str, kind: str = "") -> str:
    """A literal expression."""
    type_ref = f' typeRef="{kind}"' if kind else ""
    escaped = body.replace("&", "&amp;").replace("<", "&lt;")
    return f"<literalExpression{type_ref}><text>{escaped}</text></literalExpression>"


def decision(
    name: str,
    logic: str,
    *,
    needs: Sequence[str] = (),
    decisions: Sequence[str] = (),
    knows: Sequence[str] = (),
    kind: str = "",
) -> str:
    """A decision with the logic given as XML."""
    type_ref = f' typeRef="{kind}"' if kind else ""
    required = "".join(
        f'<informationRequirement><requiredInput href="#{n}"/></informationRequirement>' for n in needs
    )
    required += "".join(
        f'<informationRequirement><requiredDecision href="#{n}"/></informationRequirement>' for n in decisions
    )
    required += "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{n}"/></knowledgeRequirement>' for n in knows
    )
    return (
        f'<decision id="{name}" name="{name}"><variable name="{name}"{type_ref}/>{required}{logic}</decision>'
    )


def cells(tag: str, entries: Sequence[str]) -> str:
    """Cells of a rule."""
    return "".join(f"<{tag}><text>{e.replace('<', '&lt;')}</text></{tag}>" for e in entries)


def table(
    inputs: Sequence[str],
    rules: Sequence[tuple[Sequence[str], Sequence[str]]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    outputs: Sequence[str] = ("",),
    values: str = "",
    default: str = "",
) -> str:
    """A decision table; `values` and `default` belong to the first output."""
    attributes = f' hitPolicy="{policy}"' + (f' aggregation="{aggregation}"' if aggregation else "")
    head = "".join(f"<input><inputExpression><text>{i}</text></inputExpression></input>" for i in inputs)
    for index, name in enumerate(outputs):
        inner = f"<outputValues><text>{values}</text></outputValues>" if values and not index else ""
        inner += (
            f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>"
            if default and not index
            else ""
        )
        named = f' name="{name}"' if name else ""
        head += f"<output{named}>{inner}</output>"
    body = "".join(f"<rule>{cells('inputEntry', i)}{cells('outputEntry', o)}</rule>" for i, o in rules)
    return f"<decisionTable{attributes}>{head}{body}</decisionTable>"
