"""A process of a BPMN file becomes the plan that runs, or the list of what keeps it from running."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.process import bpmn
from mingqu.process.bpmn import model as m
from mingqu.process.bpmn import outside
from mingqu.process.checks import findings as plan_findings
from mingqu.process.conditions import names_read
from mingqu.process.errors import PlanRefused
from mingqu.process.plan import Kind, Plan, make_plan
from mingqu.process.steptable import plan_from_steps
from mingqu.process.types import StepRow

from .bpmn_files import REFERENCES, end, file_of, flow, own, start, task, way, without_positions
from .golden import NAMES, pattern, the_name_itself
from .random_plans import plans


def again(plan: Plan, reads_of: object = the_name_itself) -> Plan:
    """Through a BPMN file's bytes and back."""
    file = bpmn.read(bpmn.write(bpmn.plan_to_bpmn(plan)))
    seen = bpmn.examine(file, file.processes[0].id, reads_of)  # type: ignore[arg-type]
    assert seen.outside == ()
    assert seen.plan is not None
    return seen.plan


# -- a plan, a file, the same plan


@given(plans)
def test_any_plan_comes_back_from_a_bpmn_file_as_itself(plan: Plan) -> None:
    assert again(plan).digest == plan.digest
    assert again(plan, names_read).digest == plan.digest


words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\t\n\r"), max_size=12
)


@given(plans, st.data())
def test_whatever_is_written_in_a_plan_comes_back(plan: Plan, data: st.DataObject) -> None:
    nodes = [
        replace(
            node,
            name=data.draw(words),
            post=data.draw(words) if node.kind is Kind.USER else "",
            limit=data.draw(st.none() | st.integers(-3, 400)),
            people=data.draw(st.integers(-1, 9)),
        )
        for node in plan.nodes.values()
    ]
    flows = []
    for one in plan.flows.values():
        said = (
            data.draw(words.filter(lambda text: not text.lstrip().startswith("="))) if one.condition else None
        )
        flows.append(replace(one, condition=said, reads=() if said is None else (said,)))
    changed = make_plan(nodes, flows)
    assert again(changed).digest == changed.digest


@pytest.mark.parametrize("name", NAMES)
def test_every_golden_pattern_comes_back_as_itself(name: str) -> None:
    plan = pattern(name).plan
    assert again(plan).digest == plan.digest


def test_a_step_table_becomes_a_file_that_other_tools_can_show() -> None:
    table = [
        StepRow("receive", "收件受理", "WINDOW", 1),
        StepRow("visit", "现场核查", "VISIT", 3, when="situation.area > 50", people=2),
        StepRow("fire", "消防意见", "FIRE", 2, parallel="a"),
        StepRow("review", "审查", "REVIEW", 2, parallel="a"),
    ]
    plan = plan_from_steps(table, names_read)
    file = bpmn.plan_to_bpmn(plan, "licence", "食品经营许可")
    assert file.processes[0].name == "食品经营许可"
    assert bpmn.compile(file, "licence", names_read).digest == plan.digest
    drawn = {shape.element for shape in file.diagrams[0].shapes}
    assert drawn == set(plan.nodes)
    assert {edge.element for edge in file.diagrams[0].edges} == set(plan.flows)


def test_a_plan_whose_step_has_the_process_id_gets_another() -> None:
    plan = plan_from_steps([StepRow("process", "审查", "W")], names_read)
    file = bpmn.plan_to_bpmn(plan)
    assert file.troubles == ()
    assert bpmn.compile(file, file.processes[0].id, names_read).digest == plan.digest


# -- a file, a plan


def test_a_drawn_process_becomes_the_plan_that_runs() -> None:
    file = bpmn.read(own("licence.bpmn"))
    plan = bpmn.compile(
        file,
        "licence",
        names_read,
        posts={"WINDOW", "VISIT", "FIRE", "REVIEW", "LEAD"},
        names={"situation", "outcome"},
    )
    visit = plan.nodes["visit"]
    assert (visit.name, visit.post, visit.limit, visit.people) == ("现场核查", "VISIT", 3, 2)
    assert plan.nodes["fork"].default == "f_papers"
    assert plan.nodes["stop"].kind is Kind.TERMINATE
    assert plan.join_of == {"fork": "meet"}
    assert plan.names == {"situation.area", "situation.kind", "outcome.decide"}
    assert again(plan, names_read).digest == plan.digest


def test_feel_may_be_marked_by_an_equals_sign_or_by_its_language() -> None:
    for said, more in (("= x", ""), ("x", f' language="{m.FEEL}"'), ("\n  x\n", "")):
        file = file_of(
            start(),
            '<exclusiveGateway id="g" default="g-b"/>',
            *[task("a"), task("b"), end(), *way("s", "g", "b", "e"), flow("a", "e")],
            flow("g", "a", said, more),
        )
        assert bpmn.compile(file, "p", names_read, names={"x"}).names == {"x"}


def codes(*elements: str, **known: object) -> set[tuple[str, str]]:
    seen = bpmn.examine(file_of(*elements), "p", names_read, **known)  # type: ignore[arg-type]
    assert all(found.sentence.strip() and "{" not in found.sentence for found in seen.refusals)
    return {(found.element, found.code) for found in seen.refusals}


GATE = '<{} id="{}"/>'
AND1, AND2 = GATE.format("parallelGateway", "and1"), GATE.format("parallelGateway", "and2")
CHOICE = '<exclusiveGateway id="xor" default="xor-b"/>'

FAULTS = {
    "nothing leads there": (
        [start(), task("a"), end(), task("z"), *way("s", "a", "e"), flow("z", "e")],
        ("z", "unreachable"),
    ),
    "it leads nowhere": (
        [
            start(),
            task("a"),
            end(),
            task("z"),
            CHOICE,
            *way("s", "xor", "b", "e"),
            task("b"),
            flow("xor", "z", "x"),
        ],
        ("z", "dead_end"),
    ),
    "two starts": (
        [start(), start("s2"), task("a"), end(), *way("s", "a", "e"), flow("s2", "a")],
        ("s", "start_count"),
    ),
    "no start": ([task("a"), end(), flow("a", "e")], ("", "start_count")),
    "a choice before a join that waits for all": (
        [
            start(),
            CHOICE,
            task("a"),
            task("b"),
            AND1,
            end(),
            flow("s", "xor"),
            flow("xor", "a", "x"),
            *way("xor", "b", "and1", "e"),
            flow("a", "and1"),
        ],
        ("and1", "deadlock"),
    ),
    "branches that never meet": (
        [
            start(),
            AND1,
            task("a"),
            task("b"),
            task("c"),
            end(),
            *way("s", "and1", "a", "c", "e"),
            *way("and1", "b", "c"),
        ],
        ("and1", "missing_join"),
    ),
    "no post": ([start(), '<userTask id="a" name="审查"/>', end(), *way("s", "a", "e")], ("a", "no_post")),
    "no name": ([start(), task("a", name=""), end(), *way("s", "a", "e")], ("a", "no_name")),
    "a limit that is no number": (
        [start(), task("a", mq_limit="三天"), end(), *way("s", "a", "e")],
        ("a", "bad_limit"),
    ),
    "a limit of nothing": (
        [start(), task("a", mq_limit="0"), end(), *way("s", "a", "e")],
        ("a", "bad_limit"),
    ),
    "half a person": ([start(), task("a", mq_people="0.5"), end(), *way("s", "a", "e")], ("a", "bad_people")),
    "a condition that is no FEEL": (
        [
            start(),
            CHOICE,
            task("a"),
            task("b"),
            end(),
            flow("s", "xor"),
            flow("xor", "a", "${x}"),
            flow("a", "e"),
            *way("xor", "b", "e"),
        ],
        ("xor-a", "bad_condition"),
    ),
    "an empty condition": (
        [
            start(),
            CHOICE,
            task("a"),
            task("b"),
            end(),
            flow("s", "xor"),
            flow("xor", "a", ""),
            flow("a", "e"),
            *way("xor", "b", "e"),
        ],
        ("xor-a", "bad_condition"),
    ),
    "a condition in another language": (
        [
            start(),
            CHOICE,
            task("a"),
            task("b"),
            end(),
            flow("s", "xor"),
            flow("xor", "a", "x", ' language="groovy"'),
            flow("a", "e"),
            *way("xor", "b", "e"),
        ],
        ("xor-a", "not_executed"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_fault_is_found_at_its_element(fault: str) -> None:
    elements, expected = FAULTS[fault]
    assert expected in codes(*elements)
    with pytest.raises(PlanRefused):
        bpmn.compile(file_of(*elements), "p", names_read)


def test_unknown_posts_and_names_are_found_where_they_are_known() -> None:
    elements = [start(), CHOICE, task("a"), task("b"), end(), flow("s", "xor"), flow("a", "e")]
    elements += [flow("xor", "a", "income.yearly > 3"), *way("xor", "b", "e")]
    assert codes(*elements) == set()
    assert codes(*elements, names={"income"}, posts={"W"}) == set()
    assert codes(*elements, names={"age"}, posts={"V"}) == {
        ("xor", "unknown_name"),
        ("a", "unknown_post"),
        ("b", "unknown_post"),
    }


# -- what is not executed


NOT_EXECUTED = {
    **{kind: f'<{kind} id="x" name="某事"/>' for kind in ("task", "scriptTask")},
    "receiveTask": '<receiveTask id="x" instantiate="true"/>',
    "transaction": '<transaction id="x"/>',
    "adHocSubProcess": '<adHocSubProcess id="x"/>',
    "eventBasedGateway": '<eventBasedGateway id="x" instantiate="true"/>',
    "complexGateway": '<complexGateway id="x"/>',
    "intermediateCatchEvent": '<intermediateCatchEvent id="x"/>',
    "intermediateCatchEvent:conditionalEventDefinition": "<intermediateCatchEvent id='x'><conditionalEventDefinition/>"
    "</intermediateCatchEvent>",
    "intermediateThrowEvent:compensateEventDefinition": "<intermediateThrowEvent id='x'><compensateEventDefinition/>"
    "</intermediateThrowEvent>",
    "choreographyTask": '<choreographyTask id="x"/>',
    "standardLoopCharacteristics": '<userTask id="x"><standardLoopCharacteristics/></userTask>',
    "multiInstanceLoopCharacteristics": '<userTask id="x"><multiInstanceLoopCharacteristics/></userTask>',
    "isForCompensation": '<userTask id="x" isForCompensation="true"/>',
    "quantity": '<userTask id="x" completionQuantity="2"/>',
}


@pytest.mark.parametrize("kind", NOT_EXECUTED)
def test_what_is_not_executed_is_listed_and_keeps_the_process_from_running(kind: str) -> None:
    file = file_of(start(), NOT_EXECUTED[kind], end(), *way("s", "x", "e"))
    seen = bpmn.examine(file, "p", names_read)
    assert seen.plan is None
    listed = [thing for thing in seen.outside if thing.blocks]
    assert [(thing.element, thing.kind) for thing in listed] == [("x", kind)]
    assert listed[0].sentence.endswith("。") and "{" not in listed[0].sentence
    with pytest.raises(PlanRefused) as refusal:
        bpmn.compile(file, "p", names_read)
    assert ("x", "not_executed") in {(f.element, f.code) for f in refusal.value.findings}


@pytest.mark.parametrize("event", sorted(outside.EVENTS.keys() - outside.OCCASIONS.keys()))
def test_every_kind_of_event_is_listed(event: str) -> None:
    held = f"<{event}/>"
    file = file_of(
        f'<startEvent id="s">{held}</startEvent>',
        task("a"),
        f'<boundaryEvent id="b" attachedToRef="a">{held}</boundaryEvent>',
        f'<endEvent id="e">{held}</endEvent>',
        *[*way("s", "a", "e"), flow("b", "e")],
    )
    seen = bpmn.examine(file, "p", names_read)
    assert [t.kind for t in seen.outside] == [
        f"startEvent:{event}",
        f"boundaryEvent:{event}",
        f"endEvent:{event}",
    ]
    assert outside.EVENTS[event] in seen.outside[0].sentence
    assert seen.findings == ()


def test_what_only_informs_is_listed_but_does_not_stand_in_the_way() -> None:
    file = file_of(
        start(),
        '<userTask id="a" name="审查" mq:post="W" x:colour="red"><extensionElements><x:form/></extensionElements>'
        '<property id="prop"/><potentialOwner id="own"/></userTask>',
        '<dataObjectReference id="d" name="申请表"/><textAnnotation id="n"/>',
        end(),
        *way("s", "a", "e"),
        more='<collaboration id="c"><participant id="pool" processRef="p"/><participant id="he"/>'
        '<messageFlow id="mf" sourceRef="he" targetRef="pool"/></collaboration>',
    )
    seen = bpmn.examine(file, "p", names_read)
    assert seen.refusals == ()
    assert {(thing.element, thing.kind) for thing in seen.outside} == {
        ("a", "ioSpecification"),
        ("a", "resourceRole"),
        ("a", "extension"),
        ("d", "dataObjectReference"),
        ("mf", "messageFlow"),
    }
    assert bpmn.compile(file, "p", names_read).nodes["a"].post == "W"


def test_a_drawing_with_more_than_is_executed_is_still_checked_for_lost_ends() -> None:
    file = file_of(
        '<startEvent id="s"><messageEventDefinition/></startEvent>',
        '<scriptTask id="a"/><boundaryEvent id="b" attachedToRef="a"><timerEventDefinition/></boundaryEvent>',
        '<subProcess id="on" triggeredByEvent="true"><startEvent id="i"/><task id="j"/><task id="lost"/>'
        + "".join(way("i", "j"))
        + "</subProcess>",
        '<intermediateThrowEvent id="to"><linkEventDefinition name="A"/></intermediateThrowEvent>',
        '<intermediateCatchEvent id="from"><linkEventDefinition name="A"/></intermediateCatchEvent>',
        *[task("c"), task("alone"), end(), *way("s", "a", "to"), *way("from", "e"), *way("b", "c", "e")],
        *[task("stuck"), flow("c", "stuck")],
    )
    found = {(f.element, f.code) for f in bpmn.examine(file, "p", names_read).findings}
    assert found == {("alone", "unreachable"), ("stuck", "dead_end"), ("lost", "unreachable")}


MISSING = {"no_default", "no_post", "no_name", "bad_condition", "no_ref", "no_timer", "unknown_call"}
"""What a drawing made to be looked at leaves open."""


@pytest.mark.skipif(not REFERENCES, reason="no shared data")
@pytest.mark.parametrize("path", REFERENCES, ids=lambda path: path.stem)
def test_the_reference_models_are_said_to_have_no_lost_ends(path) -> None:  # type: ignore[no-untyped-def]
    """They are all properly drawn, so whatever is said of them is about what is not executed here."""
    file = bpmn.read(path.read_bytes())
    known = {process.id for process in file.processes}  # what a process calls is examined with it
    for process in file.processes:
        known |= {e.id for e in m.all_nodes(process.scope)}
        known |= {flow.id for scope in m.all_scopes(process.scope) for flow in scope.flows}
    for process in file.processes:
        seen = bpmn.examine(file, process.id, names_read)
        assert {found.code for found in seen.findings} <= MISSING
        assert {f.element for f in seen.findings} <= known
        if seen.plan is not None:
            assert seen.findings or not plan_findings(seen.plan)
    assert bpmn.with_diagram(without_positions(file)).troubles == file.troubles
