"""A file that is dangerous, broken or absurd is refused with its reason, quickly."""

import time

import pytest

from mingqu.process import bpmn
from mingqu.process.bpmn import tree
from mingqu.process.bpmn.making import plan_to_bpmn
from mingqu.process.conditions import names_read
from mingqu.process.errors import BpmnRefused, PlanRefused
from mingqu.process.plan import Flow, Kind, Node, make_plan

from .bpmn_files import end, file_of, flow, own, start, task, way, xml_of

LAUGHS = "".join(f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" * 1}{f"&l{n - 1};" * 9}">' for n in range(1, 10))
BODY = xml_of().decode()

REFUSED = {
    "a bomb of entities": (f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>{BODY}', "文档类型声明"),
    "a large entity many times": (
        f'<!DOCTYPE d [<!ENTITY a "{"a" * 50_000}">]>'
        + BODY.replace("</process>", "&a;" * 50 + "</process>"),
        "文档类型声明",
    ),
    "an entity from a file": (
        f'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>{BODY}',
        "文档类型声明",
    ),
    "an outside document type": (f'<!DOCTYPE d SYSTEM "http://example.org/d.dtd">{BODY}', "文档类型声明"),
    "a parameter entity": (f'<!DOCTYPE d [<!ENTITY % a "b"> %a;]>{BODY}', "文档类型声明"),
    "an unknown entity": (BODY.replace("</process>", "&who;</process>"), "不是有效的 XML"),
    "no XML": ("流程图", "不是有效的 XML"),
    "nothing": ("", "不是有效的 XML"),
    "an end too few": (BODY[:-5], "不是有效的 XML"),
    "two roots": (BODY + BODY, "不是有效的 XML"),
    "a prefix never declared": (
        BODY.replace("</process>", "<who:lane/></process>"),
        "没有声明命名空间前缀“who”",
    ),
    "an attribute's prefix never declared": (BODY.replace("<process", '<process who:a="b"'), "前缀“who”"),
    "an encoding nobody knows": (f'<?xml version="1.0" encoding="martian"?>{BODY}', "不是有效的 XML"),
    "another kind of model": (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
        "BPMN 2.0",
    ),
    "BPMN's root without its namespace": ("<definitions/>", "BPMN 2.0"),
    "too deep": ("<a>" * 200 + "</a>" * 200, "嵌套过深"),
    "too many elements": (BODY.replace("</process>", "<lane/>" * 200_001 + "</process>"), "元素超过"),
    "too large": (BODY + " " * 10_000_001, "文件超过10 MB"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_the_file_is_refused_with_its_reason(fault: str) -> None:
    text, reason = REFUSED[fault]
    began = time.perf_counter()
    with pytest.raises(BpmnRefused) as refusal:
        bpmn.read(text.encode())
    assert reason in refusal.value.message
    assert refusal.value.message.startswith("流程文件无法使用：")
    assert time.perf_counter() - began < 5


def test_invalid_bytes_are_refused_and_not_guessed() -> None:
    with pytest.raises(BpmnRefused):
        bpmn.read(xml_of('<startEvent id="s" name="kl\xe4ren"/>').decode().encode("latin-1"))
    with pytest.raises(BpmnRefused):
        bpmn.read(
            b'<?xml version="1.0" encoding="GBK"?>'
            + xml_of('<startEvent id="s" name="\xff"/>')[:-3]
            + b"\xff\xff"
        )


def findings(*elements: str) -> dict[str, str]:
    seen = bpmn.examine(file_of(*elements), "p", names_read)
    return {found.code: found.element for found in seen.refusals}


LINE = [start(), task("a"), end(), *way("s", "a", "e")]

TROUBLES = {
    "an id twice": ([*LINE, task("a")], ("id_twice", "a")),
    "a flow's id that is a step's": ([*LINE, task("s-a")], ("id_twice", "s-a")),
    "a flow to nothing": ([*LINE, flow("a", "gone")], ("dangling", "a-gone")),
    "a flow from nothing": ([*LINE, flow("gone", "a")], ("dangling", "gone-a")),
    "a flow that says no end": ([*LINE, '<sequenceFlow id="f" sourceRef="a"/>'], ("dangling", "f")),
    "a default that is no flow": (
        [start(), '<exclusiveGateway id="x" default="gone"/>', end(), *way("s", "x", "e")],
        ("dangling", "x"),
    ),
    "an event on nothing": ([*LINE, '<boundaryEvent id="b" attachedToRef="gone"/>'], ("dangling", "b")),
    "a step without an id": ([*LINE, "<userTask/>"], ("no_id", "")),
    "a flow without an id": ([*LINE, '<sequenceFlow sourceRef="s" targetRef="e"/>'], ("no_id", "")),
    "a flow into a sub-process": (
        [*LINE, f'<subProcess id="sub">{task("in")}</subProcess>', flow("a", "in")],
        ("flow_leaves", "a-in"),
    ),
}


@pytest.mark.parametrize("fault", TROUBLES)
def test_a_file_with_troubles_is_kept_but_not_compiled(fault: str) -> None:
    elements, (code, element) = TROUBLES[fault]
    file = file_of(*elements)
    assert bpmn.read(bpmn.write(file)).troubles == file.troubles != ()
    assert findings(*elements)[code] == element
    with pytest.raises(PlanRefused):
        bpmn.compile(file, "p", names_read)


def test_troubles_of_one_process_do_not_keep_another_from_being_compiled() -> None:
    file = file_of(*LINE, more=f'<process id="q">{task("x")}{task("x")}</process>')
    assert file.troubles != ()
    assert bpmn.compile(file, "p", names_read).start.id == "s"
    with pytest.raises(PlanRefused):
        bpmn.compile(file, "q", names_read)


def test_calls_that_lead_back_are_refused_with_the_way() -> None:
    file = bpmn.read(own("bpmn_io_style.bpmn"))
    for process, element in (("Process_1", "Call"), ("Process_2", "CallBack")):
        with pytest.raises(PlanRefused) as refusal:
            bpmn.compile(file, process, names_read)
        cycle = next(found for found in refusal.value.findings if found.code == "call_cycle")
        assert cycle.element == element
        assert "Process_1 → Process_2" in cycle.sentence or "Process_2 → Process_1" in cycle.sentence


def test_a_process_that_calls_itself_and_calls_that_do_not_lead_back() -> None:
    call = '<callActivity id="c" calledElement="{}"/>'
    assert "call_cycle" in findings(start(), call.format("p"), end(), *way("s", "c", "e"))
    assert "call_cycle" not in findings(start(), call.format("elsewhere"), end(), *way("s", "c", "e"))


def test_absurd_processes_are_refused_before_anything_is_worked_out() -> None:
    names = [f"t{n}" for n in range(2_001)]
    began = time.perf_counter()
    found = findings(start(), *map(task, names), end(), *way("s", *names, "e"))
    assert found == {"too_many_nodes": "p"}
    assert time.perf_counter() - began < 5


def test_a_process_that_is_not_in_the_file_is_refused() -> None:
    with pytest.raises(BpmnRefused, match="流程“q”不在文件里"):
        bpmn.compile(file_of(*LINE), "q", names_read)


def test_what_xml_cannot_hold_is_not_written() -> None:
    nodes = [Node("s", Kind.START, "bell \x07"), Node("e", Kind.END)]
    with pytest.raises(BpmnRefused, match=r"U\+0007"):
        bpmn.write(plan_to_bpmn(make_plan(nodes, [Flow("f", "s", "e")])))


def test_one_id_for_a_step_and_a_flow_is_not_written() -> None:
    plan = make_plan([Node("s", Kind.START), Node("e", Kind.END)], [Flow("e", "s", "e")])
    with pytest.raises(BpmnRefused, match="既是环节又是路线"):
        plan_to_bpmn(plan)


def test_the_limits_are_where_they_are_said_to_be() -> None:
    nested = "<x:a>" * (tree.MAX_DEPTH - 2) + "</x:a>" * (tree.MAX_DEPTH - 2)
    assert bpmn.read(xml_of(nested))
    with pytest.raises(BpmnRefused):
        bpmn.read(xml_of(f"<x:a>{nested}</x:a>"))
