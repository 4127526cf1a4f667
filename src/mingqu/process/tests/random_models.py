"""Random BPMN models without positions: any graph, with loops, lanes, sub-processes and boundary events."""

from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from .bpmn_files import flow, xml_of

KINDS = ["userTask", "userTask", "exclusiveGateway", "parallelGateway", "endEvent", "subProcess"]
WORDS = ["", "受理", "需要现场核查吗？", "材料齐全并且符合法定形式的，当场受理", "Check everything twice"]


def _inner(name: str) -> str:
    nodes = [f"{name}.{letter}" for letter in "abc"]
    drawn = f'<startEvent id="{nodes[0]}"/><userTask id="{nodes[1]}"/><exclusiveGateway id="{nodes[2]}"/>'
    return drawn + "".join(flow(a, b) for a, b in pairwise(nodes)) + flow(nodes[2], nodes[1])


@st.composite
def models(draw: Any) -> bytes:
    count = draw(st.integers(2, 12))
    names = [f"n{number}" for number in range(count)]
    elements, ends = [f'<startEvent id="n0" name="{draw(st.sampled_from(WORDS))}"/>'], list(names)
    for name in names[1:]:
        kind, word = draw(st.sampled_from(KINDS)), draw(st.sampled_from(WORDS))
        inner = _inner(name) if kind == "subProcess" else ""
        elements.append(f'<{kind} id="{name}" name="{word}">{inner}</{kind}>')
        for number in range(
            draw(st.sampled_from([0, 0, 0, 1, 2])) if kind in ("userTask", "subProcess") else 0
        ):
            event = f"{name}.late{number}"
            elements.append(f'<boundaryEvent id="{event}" attachedToRef="{name}" name="{word}"/>')
            ends.append(event)
    pairs = [(names[max(0, n - draw(st.integers(1, 3)))], names[n]) for n in range(1, count)]
    pairs += [
        (draw(st.sampled_from(ends)), draw(st.sampled_from(names))) for _ in range(draw(st.integers(0, 4)))
    ]
    pairs += [(event, draw(st.sampled_from(names))) for event in ends[count:]]
    for number, (source, target) in enumerate(pairs):
        word = draw(st.sampled_from(WORDS))
        elements.append(
            f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}" name="{word}"/>'
        )
    if draw(st.booleans()):
        elements += [
            f'<dataObjectReference id="d" name="{WORDS[3]}"/>',
            '<textAnnotation id="t"><text>注</text></textAnnotation>',
        ]
        elements += [
            f'<association id="as{n}" sourceRef="{e}" targetRef="{names[-n]}"/>'
            for n, e in ((1, "d"), (2, "d"), (1, "t"))
        ]
    lanes = draw(st.sampled_from([0, 0, 2, 3]))
    refs: list[list[str]] = [[] for _ in range(lanes)]
    for name in names if lanes else ():
        refs[draw(st.integers(0, lanes - 1))].append(f"<flowNodeRef>{name}</flowNodeRef>")
    drawn = "".join(f'<lane id="lane{n}" name="科室">{"".join(held)}</lane>' for n, held in enumerate(refs))
    return xml_of(f'<laneSet id="lanes">{drawn}</laneSet>' if lanes else "", *elements)
