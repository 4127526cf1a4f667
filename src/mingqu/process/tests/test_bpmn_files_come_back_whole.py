"""What another tool wrote comes back out with nothing lost, whatever of it is executed here."""

import io
from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import pytest

from mingqu.process import bpmn
from mingqu.process.bpmn import model as m
from mingqu.process.bpmn.tree import Element, parse, walk

from .bpmn_files import OWN_NAMES, REFERENCES, own, xml_of

needs_references = pytest.mark.skipif(not REFERENCES, reason="no shared data")


def canonical(xml: bytes) -> str:
    """C14N with comments. GBK is unknown to the XML parser, so such a file is first written in UTF-8."""
    head, _, rest = xml.partition(b"?>")
    if b"GBK" in head:
        xml = rest.decode("gbk").encode()
    return canonicalize(from_file=io.BytesIO(xml), with_comments=True)


def check(xml: bytes) -> m.BpmnFile:
    file = bpmn.read(xml)
    written = bpmn.write(file)
    assert canonical(written) == canonical(xml)
    # C14N 2.0 passes over declarations no element name needs; values such as xsi:type do need them.
    assert parse(written) == file.document
    assert bpmn.write(bpmn.read(written)) == written
    return file


@pytest.mark.parametrize("name", OWN_NAMES)
def test_exports_shaped_like_common_tools_come_back_whole(name: str) -> None:
    check(own(name))


@needs_references
def test_there_are_21_reference_models() -> None:
    assert len(REFERENCES) == 21


@needs_references
@pytest.mark.parametrize("path", REFERENCES, ids=lambda path: path.stem)
def test_the_reference_models_come_back_whole(path: Path) -> None:
    file = check(path.read_bytes())
    typed(file)


@pytest.mark.parametrize("name", OWN_NAMES)
def test_everything_that_flows_has_its_type(name: str) -> None:
    typed(bpmn.read(own(name)))


def typed(file: m.BpmnFile) -> None:
    """Every flow node, flow, data item, lane, pool, message and position of the tree is in the typed model."""
    written = [e for e in walk(file.document.root) if e.space in (m.BPMN, m.BPMNDI)]
    scopes = [scope for process in file.processes for scope in m.all_scopes(process.scope)]
    assert ids(written, m.FLOW_NODES) == Counter(node.id for node in file.nodes)
    assert ids(written, {"sequenceFlow"}) == Counter(flow.id for scope in scopes for flow in scope.flows)
    talks = file.collaborations
    assert ids(written, {"participant"}) == Counter(p.id for talk in talks for p in talk.participants)
    assert ids(written, {"messageFlow"}) == Counter(f.id for talk in talks for f in talk.messages)
    lanes = Counter(lane.id for scope in scopes for top in scope.lanes for lane in all_lanes(top))
    assert ids(written, {"lane"}) == lanes
    assert ids(written, {"BPMNShape"}) == Counter(s.id for d in file.diagrams for s in d.shapes)
    assert ids(written, {"BPMNEdge"}) == Counter(e.id for d in file.diagrams for e in d.edges)
    events = [e for e in written if e.local.endswith("EventDefinition")]
    roots = [root for root in file.roots if root.kind.endswith("EventDefinition")]
    assert len(events) == len(roots) + sum(
        1 for node in file.nodes for event in node.events if event.kind != "eventDefinitionRef"
    )


def ids(elements: list[Element], kinds: frozenset[str] | set[str]) -> Counter[str]:
    return Counter(e.get("id") or "" for e in elements if e.local in kinds)


def all_lanes(lane: m.Lane) -> list[m.Lane]:
    return [lane, *(inner for below in lane.lanes for inner in all_lanes(below))]


def test_the_reading_says_what_the_file_says() -> None:
    file = bpmn.read(own("camunda_style.bpmn"))
    process = file.processes[0]
    late = next(node for node in process.scope.nodes if node.id == "Late")
    review = next(node for node in process.scope.nodes if node.id == "Task_1")
    assert (file.exporter, process.name, process.executable) == ("Camunda Modeler 5.20.0", "材料审查", True)
    assert review.name == "审查\n材料"
    assert (late.attached, late.interrupting, late.events[0].timer) == ("Task_1", False, "timeDuration")
    assert late.events[0].expression is not None and late.events[0].expression.text == "P5D"
    assert process.scope.flows[2].condition is not None
    assert process.scope.flows[2].condition.text == "${ok == true}"
    assert process.scope.artifacts[0].text == "只看清单里的材料"
    assert file.diagrams[0].edges[0].points[1] == (240.5, 120.0)


def test_lanes_in_lanes_data_and_pools_are_read() -> None:
    file = bpmn.read(own("signavio_style.bpmn"))
    scope = file.processes[0].scope
    assert [lane.name for lane in scope.lanes[1].lanes] == ["审查一科", "审查二科"]
    assert {item.kind for item in scope.data} == {"dataObject", "dataObjectReference", "dataStoreReference"}
    assert [p.name for p in file.collaborations[0].participants] == ["区行政审批局", "申请人"]
    inner = next(node for node in scope.nodes if node.id == "sid-sub").inside
    assert inner is not None and len(inner.nodes) == 4
    assert file.roots[0].kind == "dataStore"


def test_a_prefix_before_a_reference_is_no_part_of_the_id() -> None:
    xml = (
        f'<b:definitions xmlns:b="{m.BPMN}" xmlns:t="urn:t" targetNamespace="urn:t"><b:process id="p">'
        '<b:startEvent id="s"/><b:endEvent id="task:1"/>'
        '<b:sequenceFlow id="f" sourceRef="t:s" targetRef="task:1"/></b:process></b:definitions>'
    ).encode()
    file = bpmn.read(xml)
    assert (file.processes[0].scope.flows[0].start, file.processes[0].scope.flows[0].end) == ("s", "task:1")
    assert file.troubles == ()


@pytest.mark.parametrize(
    "text",
    [
        "a &lt; b &amp;&amp; c &gt; d",
        "<![CDATA[a]]]]><![CDATA[> b]]>",
        "&#13;&#10;&#9;x",
        "]]&gt;",
        "<!-- -->  ",
    ],
)
def test_every_way_to_write_text_comes_back(text: str) -> None:
    check(xml_of(f'<documentation x:a="&quot;&#10;&#9;&#13;&lt;\'">{text}</documentation>'))


def test_what_stands_around_the_root_comes_back() -> None:
    xml = b"<?note a?><!-- before -->" + xml_of("<?inside it?>") + b"<!-- after --><?last?>"
    assert b"<?inside it?>" in bpmn.write(check(xml))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb2312", "gb18030"])
def test_chinese_names_are_read_in_any_encoding_tools_use(encoding: str) -> None:
    said = encoding.removesuffix("-sig")
    xml = xml_of('<startEvent id="s" name="受理"/>').decode()
    file = bpmn.read(f'<?xml version="1.0" encoding="{said}"?>{xml}'.encode(encoding))
    assert next(file.nodes).name == "受理"
    assert "受理".encode() in bpmn.write(file)
