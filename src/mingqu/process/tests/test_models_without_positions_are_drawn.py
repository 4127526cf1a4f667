"""A model without positions gets a drawing: nothing on another thing, every line level and upright and clear."""

import time
from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest
from hypothesis import given

from mingqu.process import bpmn
from mingqu.process.bpmn import model as m
from mingqu.process.bpmn.tree import parse
from mingqu.process.conditions import names_read
from mingqu.process.errors import BpmnRefused
from mingqu.process.layout import layout
from mingqu.process.plan import Plan

from .bpmn_files import OWN_NAMES, REFERENCES, end, file_of, flow, own, start, task, way, without_positions
from .golden import NAMES, pattern
from .random_models import models
from .random_plans import plans

Point = tuple[float, float]


def overlap(one: m.Bounds, other: m.Bounds) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def on_border(point: Point, box: m.Bounds) -> bool:
    x, y = point
    across, along = box.x <= x <= box.x + box.width, box.y <= y <= box.y + box.height
    return (along and x in (box.x, box.x + box.width)) or (across and y in (box.y, box.y + box.height))


def through(a: Point, b: Point, box: m.Bounds) -> bool:
    level = min(a[0], b[0]) < box.x + box.width and max(a[0], b[0]) > box.x
    return level and min(a[1], b[1]) < box.y + box.height and max(a[1], b[1]) > box.y


def scopes(file: m.BpmnFile) -> Iterator[m.Scope]:
    return (scope for process in file.processes for scope in m.all_scopes(process.scope))


def check(file: m.BpmnFile) -> None:
    around: dict[str, set[str]] = {}
    for node in file.nodes:
        for inner in m.all_nodes(node.inside) if node.inside is not None else ():
            around.setdefault(inner.id, set()).add(node.id)
    drawn = {shape.element for diagram in file.diagrams for shape in diagram.shapes}
    assert {node.id for node in file.nodes} <= drawn
    lines = {edge.element for diagram in file.diagrams for edge in diagram.edges}
    assert {flow.id for scope in scopes(file) for flow in scope.flows} <= lines
    for diagram in file.diagrams:
        check_diagram(file, diagram, around)


def check_diagram(file: m.BpmnFile, diagram: m.Diagram, around: dict[str, set[str]]) -> None:
    boxes = {shape.element: shape.bounds for shape in diagram.shapes}
    lines = {edge.element: edge.points for edge in diagram.edges}
    attached = {node.id: node.attached for node in file.nodes if node.attached}
    here = [node.id for node in file.nodes if node.id in boxes]
    for one, other in combinations(here, 2):
        family = other in around.get(one, ()) or one in around.get(other, ())
        if family or attached.get(one) == other or attached.get(other) == one:
            continue
        assert not overlap(boxes[one], boxes[other]), (one, other)
    for inner in here:
        for name in around.get(inner, ()):
            assert within(boxes[inner], boxes[name]), (inner, name)
    for scope in scopes(file):
        for drawn in scope.flows:
            if drawn.id in lines:
                check_line(drawn, lines[drawn.id], boxes, around, here)


def check_line(
    drawn: m.SequenceFlow,
    points: tuple[Point, ...],
    boxes: dict[str, m.Bounds],
    around: dict[str, set[str]],
    nodes: list[str],
) -> None:
    assert on_border(points[0], boxes[drawn.start]), drawn.id
    assert on_border(points[-1], boxes[drawn.end]), drawn.id
    assert len(points) == len(dict.fromkeys(points)) >= 2
    for a, b in pairwise(points):
        assert a[0] == b[0] or a[1] == b[1], drawn.id
        for name in nodes:
            if name not in around.get(drawn.start, ()):
                assert not through(a, b, boxes[name]), (drawn.id, name)


def within(inner: m.Bounds, outer: m.Bounds) -> bool:
    level = outer.x <= inner.x and inner.x + inner.width <= outer.x + outer.width
    return level and outer.y <= inner.y and inner.y + inner.height <= outer.y + outer.height


@given(models())
def test_any_model_is_drawn_cleanly(xml: bytes) -> None:
    file = bpmn.with_diagram(bpmn.read(xml))
    check(file)
    boxes = {shape.element: shape.bounds for shape in file.diagrams[0].shapes}
    for lane in file.processes[0].scope.lanes:
        for node in lane.nodes:
            assert within(boxes[node], boxes[lane.id]), (node, lane.id)
    for one, other in combinations([lane.id for lane in file.processes[0].scope.lanes], 2):
        assert not overlap(boxes[one], boxes[other])
    for line in file.diagrams[0].edges:
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(line.points)), line.element


@given(plans)
def test_any_plan_is_drawn_cleanly_in_its_file(plan: Plan) -> None:
    file = bpmn.plan_to_bpmn(plan)
    check(file)
    seen = {box.node: (box.x, box.y) for box in layout(plan).boxes}
    assert {s.element: (s.bounds.x, s.bounds.y) for s in file.diagrams[0].shapes} == seen


@pytest.mark.parametrize("name", NAMES)
def test_every_golden_pattern_is_drawn_cleanly_in_its_file(name: str) -> None:
    check(bpmn.plan_to_bpmn(pattern(name).plan))


@pytest.mark.parametrize("name", OWN_NAMES)
def test_exports_of_other_tools_are_drawn_cleanly_without_their_positions(name: str) -> None:
    check(bpmn.with_diagram(without_positions(bpmn.read(own(name)))))


@pytest.mark.skipif(not REFERENCES, reason="no shared data")
@pytest.mark.parametrize("path", REFERENCES, ids=lambda path: path.stem)
def test_the_reference_models_are_drawn_cleanly_without_their_positions(path) -> None:  # type: ignore[no-untyped-def]
    file = bpmn.read(path.read_bytes())
    drawn = bpmn.with_diagram(without_positions(file))
    check(drawn)
    talks = [message for talk in drawn.collaborations for message in talk.messages]
    edges = {edge.element for diagram in drawn.diagrams for edge in diagram.edges}
    assert {message.id for message in talks} <= edges


def test_positions_that_are_there_are_never_changed() -> None:
    file = bpmn.read(own("camunda_style.bpmn"))
    assert bpmn.with_diagram(file) is file


def test_only_a_diagram_is_added_to_the_file() -> None:
    for name in ("licence.bpmn", "signavio_style.bpmn", "gbk_chinese.bpmn"):
        file = bpmn.read(own(name))
        written = bpmn.write(bpmn.with_diagram(file))
        assert (
            parse(bpmn.write(without_positions(bpmn.read(written)))).root.attributes
            == file.document.root.attributes
        )
        kept = [e for e in parse(written).root.elements if e.space == m.BPMN]
        assert kept == [e for e in file.document.root.elements if e.space == m.BPMN]
        assert bpmn.read(written).diagrams == bpmn.with_diagram(file).diagrams


def test_a_drawing_changes_nothing_of_what_runs() -> None:
    file = bpmn.read(own("licence.bpmn"))
    drawn = bpmn.with_diagram(file)
    assert drawn.diagrams and not file.diagrams
    plans = [bpmn.compile(one, "licence", names_read) for one in (file, drawn)]
    assert plans[0].digest == plans[1].digest


def test_the_main_way_runs_from_left_to_right_and_a_way_back_goes_around() -> None:
    file = bpmn.with_diagram(bpmn.read(own("licence.bpmn")))
    boxes = {shape.element: shape.bounds for shape in file.diagrams[0].shapes}
    order = ["begin", "receive", "fork", "fire", "meet", "decide", "agreed", "deliver", "done"]
    assert all(boxes[a].x + boxes[a].width < boxes[b].x for a, b in pairwise(order))
    back = next(edge for edge in file.diagrams[0].edges if edge.element == "f_again")
    assert max(y for _, y in back.points) > max(
        boxes[n].y + boxes[n].height for n in ("visit", "fire", "papers")
    )


def test_pools_lie_below_one_another_and_hold_what_is_theirs() -> None:
    file = bpmn.with_diagram(bpmn.read(own("signavio_style.bpmn")))
    boxes = {shape.element: shape.bounds for shape in file.diagrams[0].shapes}
    assert not overlap(boxes["sid-pool"], boxes["sid-citizen"])
    assert file.diagrams[0].element == "sid-col"
    for node in file.nodes:
        assert within(boxes[node.id], boxes["sid-pool"])


def test_a_labelled_branch_has_room_for_its_label() -> None:
    file = bpmn.with_diagram(bpmn.read(own("licence.bpmn")))
    boxes = [shape.bounds for shape in file.diagrams[0].shapes]
    labels = [edge.label for edge in file.diagrams[0].edges if edge.label is not None]
    assert len(labels) == 6
    for number, label in enumerate(labels):
        assert not any(overlap(label, box) for box in boxes)
        assert not any(overlap(label, other) for other in labels[:number])


def test_a_process_of_many_hundred_steps_is_drawn_in_seconds() -> None:
    names = [f"t{n}" for n in range(600)]
    ways = [flow(f"t{n}", f"t{n + 7}") for n in range(0, 590, 5)] + [
        flow(f"t{n}", f"t{n - 9}") for n in range(9, 590, 31)
    ]
    file = file_of(start(), *map(task, names), end(), *way("s", *names, "e"), *ways)
    began = time.perf_counter()
    drawn = bpmn.with_diagram(file)
    assert time.perf_counter() - began < 20
    assert len(drawn.diagrams[0].shapes) == 602


def test_a_tangle_nobody_could_read_is_refused_in_seconds() -> None:
    names = [f"t{n}" for n in range(400)]
    ways = [flow(f"t{n}", f"t{n * 7919 % 400}") for n in range(1, 400)]
    ways += [flow(f"t{n}", f"t{n * 6133 % 397}") for n in range(1, 397)]
    file = file_of(start(), *map(task, names), end(), *way("s", *names, "e"), *ways)
    began = time.perf_counter()
    with pytest.raises(BpmnRefused, match="无法自动画图"):
        bpmn.with_diagram(file)
    assert time.perf_counter() - began < 20


def test_many_messages_between_many_pools_are_drawn_in_seconds() -> None:
    steps = [f"t{n}" for n in range(120)]
    talk = "".join(
        f'<messageFlow id="m{n}" sourceRef="t{n}" targetRef="{"q" if n % 2 else f"t{n * 7 % 120}"}"/>'
        for n in range(120)
    )
    pools = '<participant id="pool" processRef="p"/><participant id="q" name="申请人"/>'
    file = file_of(
        *map(task, steps), *way(*steps), more=f'<collaboration id="c">{pools}{talk}</collaboration>'
    )
    began = time.perf_counter()
    drawn = bpmn.with_diagram(file)
    assert time.perf_counter() - began < 60
    assert sum(edge.element.startswith("m") for edge in drawn.diagrams[0].edges) == 120
