"""Events, sub-processes, calls, several instances: from a BPMN file to a plan and back, and what is refused of them."""

import pytest

from mingqu.process import bpmn
from mingqu.process.conditions import names_read
from mingqu.process.errors import PlanRefused
from mingqu.process.layout import layout
from mingqu.process.plan import Kind, from_json, to_json

from .bpmn_files import end, file_of, flow, own, start, task, way

MESSAGE = '<message id="m" name="回函"/>'
PAPER = '<intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
LATE = (
    '<boundaryEvent id="b" attachedToRef="a"{how}><timerEventDefinition><timeDuration>P5D</timeDuration>'
    "</timerEventDefinition></boundaryEvent>"
)


def sub(name: str, *elements: str, more: str = "", loop: str = "") -> str:
    return f'<subProcess id="{name}" name="{name}"{more}>{loop}{"".join(elements)}</subProcess>'


def several(count: str = "3", until: str = "", sequential: str = "false") -> str:
    done = f"<completionCondition>{until}</completionCondition>" if until else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}">'
        f"<loopCardinality>{count}</loopCardinality>{done}</multiInstanceLoopCharacteristics>"
    )


def inner(*elements: str) -> str:
    return "".join((start("i"), *elements, end("o")))


EVERYTHING = "elements.bpmn"


def test_every_element_becomes_a_node_of_its_kind() -> None:
    plan = bpmn.compile(bpmn.read(own(EVERYTHING)), "p", names_read)
    assert {node.kind for node in plan.nodes.values()} >= set(Kind) - {Kind.INCLUSIVE}
    assert plan.nodes["visit.look"].scope == "visit"
    assert (plan.nodes["late"].attached, plan.nodes["late"].timer) == ("visit", "P5D")
    assert plan.nodes["remind"].interrupts is False
    assert (plan.nodes["opinion"].loop, plan.nodes["opinion"].count) == ("parallel", "organs")
    assert plan.nodes["call.read"].scope == "call"
    assert plan.names == {"organs", "outcome.call.read"}


def test_a_plan_with_every_element_is_the_same_when_stored_and_when_drawn() -> None:
    plan = bpmn.compile(bpmn.read(own(EVERYTHING)), "p", names_read)
    assert from_json(to_json(plan)).digest == plan.digest
    file = bpmn.plan_to_bpmn(plan, "p")
    assert file.troubles == ()
    assert bpmn.compile(bpmn.read(bpmn.write(file)), "p", names_read).digest == plan.digest
    drawn = {shape.element for diagram in file.diagrams for shape in diagram.shapes}
    assert {node.id for node in plan.nodes.values() if not node.id.startswith("call.")} <= drawn


@pytest.mark.parametrize("way", ["wide", "tall"])
def test_the_picture_shows_every_step_of_people(way: str) -> None:
    plan = bpmn.compile(bpmn.read(own(EVERYTHING)), "p", names_read)
    found = layout(plan, way)  # type: ignore[arg-type]
    shown = {box.node for box in found.boxes}
    around = {n.id for n in plan.nodes.values() if "" in plan.scopes_around(n.id)}
    steps = {n.id for n in plan.nodes.values() if n.kind is Kind.USER and n.id in around}
    beside = {n.id for n in plan.nodes.values() if n.scope == "stop"}
    assert steps - beside <= shown
    assert all(line.points for line in found.lines)


REFUSED = {
    "scope_start": (sub("a", task("t")), "a"),
    "start_event": (
        sub("a", '<startEvent id="i"><messageEventDefinition messageRef="m"/></startEvent>', end("o"), flow("i", "o")),
        "i",
    ),
    "no_ref": (PAPER.replace(' messageRef="m"', "").replace('id="c"', 'id="a"'), "a"),
    "no_count": ('<userTask id="a" name="a" mq:post="W">' + several("") + "</userTask>", "a"),
    "bad_expression": ('<userTask id="a" name="a" mq:post="W">' + several("1 +") + "</userTask>", "a"),
    "until_alone": (
        '<sendTask id="a" messageRef="m">' + several("3", "numberOfCompletedInstances = 1") + "</sendTask>",
        "a",
    ),
    "unknown_call": ('<callActivity id="a" calledElement="gone"/>', "a"),
    "call_cycle": ('<callActivity id="a" calledElement="p"/>', "a"),
    "unreachable": (sub("a", inner(task("t"), task("lost"), *way("i", "t", "o"))), "lost"),
    "missing_join": (
        sub(
            "a",
            inner('<parallelGateway id="g"/>', task("t"), task("u"), *way("i", "g", "t", "o"), *way("g", "u", "o")),
            task("v"),
        ),
        "v",
    ),
    "events_ways": ('<eventBasedGateway id="a"/>', "a"),
}  # fmt: skip


@pytest.mark.parametrize("code", REFUSED)
def test_what_could_not_run_is_refused_with_its_element(code: str) -> None:
    element, where = REFUSED[code]
    file = file_of(start(), element, end(), *way("s", "a", "e"), more=MESSAGE)
    found = {(f.element, f.code) for f in bpmn.examine(file, "p", names_read).refusals}
    if code == "missing_join":
        assert found, "a step that nothing leads to"
    else:
        assert (where, code) in found


def test_calls_among_called_processes_that_lead_back_are_refused() -> None:
    file = file_of(
        start(),
        '<callActivity id="a" calledElement="q"/>',
        end(),
        *way("s", "a", "e"),
        more="".join(
            f'<process id="{name}">{start(name + "s")}<callActivity id="{name}c" calledElement="{other}"/>'
            + end(name + "e")
            + "".join(way(name + "s", name + "c", name + "e"))
            + "</process>"
            for name, other in (("q", "r"), ("r", "q"))
        ),
    )
    with pytest.raises(PlanRefused) as refusal:
        bpmn.compile(file, "p", names_read)
    assert {f.code for f in refusal.value.findings} == {"call_cycle"}


def test_a_call_of_a_published_plan_is_copied_in_with_its_digest() -> None:
    other = bpmn.compile(file_of(start(), task("look"), end(), *way("s", "look", "e")), "p", names_read)
    file = file_of(start(), '<callActivity id="a" calledElement="visit"/>', end(), *way("s", "a", "e"))
    plan = bpmn.compile(file, "p", names_read, calls={"visit": other}.get)
    assert plan.nodes["a"].called == f"visit@{other.digest}"
    assert plan.nodes["a.look"].scope == "a"


@pytest.mark.parametrize(("how", "code"), [("", None), (' cancelActivity="false"', "beside_mixes")])
def test_a_path_beside_an_activity_must_end_by_itself(how: str, code: str | None) -> None:
    elements = [start(), task("a"), LATE.format(how=how), task("after"), end()]
    elements += [*way("s", "a", "after", "e"), flow("b", "after")]
    found = {f.code for f in bpmn.examine(file_of(*elements), "p", names_read).findings}
    assert found == ({code} if code else set())


def test_an_error_that_nobody_catches_is_refused() -> None:
    thrown = '<endEvent id="o"><errorEventDefinition errorRef="x"/></endEvent>'
    body = sub("a", start("i"), task("t"), thrown, *way("i", "t", "o"))
    caught = '<boundaryEvent id="b" attachedToRef="a"><errorEventDefinition/></boundaryEvent>'
    more = '<error id="x" errorCode="X1"/>'
    bare = file_of(start(), body, end(), *way("s", "a", "e"), more=more)
    assert [f.code for f in bpmn.examine(bare, "p", names_read).findings] == ["uncaught"]
    held = file_of(start(), body, caught, end(), *way("s", "a", "e"), flow("b", "e"), more=more)
    # Nothing but the error leads out of the sub-process, so its own way out is the boundary's.
    assert {f.code for f in bpmn.examine(held, "p", names_read).findings} == set()
