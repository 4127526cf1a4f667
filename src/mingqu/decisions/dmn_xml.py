"""
Reads DMN XML of versions 1.1 to 1.5 into `dmn_model`.

No document type, entity or outside reference is accepted; size and depth are limited. What a decision
does not need (diagrams, extensions, knowledge sources) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from mingqu.decisions.dmn_boxed_xml import Reader, child, children, local
from mingqu.decisions.dmn_model import (
    Decision,
    Definitions,
    Import,
    InputData,
    ItemDefinition,
    Knowledge,
    Service,
    Variable,
)
from mingqu.decisions.errors import ModelInvalid

VERSIONS: Final = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
MAX_BYTES: Final = 5_000_000
MAX_XML_DEPTH: Final = 60
_HEAD: Final = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")


def read(xml: str | bytes) -> Definitions:
    """One file's content. ModelInvalid with the reason."""
    root = _root(xml)
    space = root.tag[1:].partition("}")[0] if root.tag.startswith("{") else ""
    if local(root) != "definitions" or space not in VERSIONS:
        raise ModelInvalid(reason="不是 DMN 1.1 至 1.5 的文件")
    return _FileReader(root, space).whole(VERSIONS[space])


def _root(xml: str | bytes) -> Element:
    if len(xml) > MAX_BYTES:
        raise ModelInvalid(reason="文件超过 5 MB")
    try:
        if isinstance(xml, str):
            # The text is already decoded: what its head says of an encoding no longer holds.
            data = _HEAD.sub("", xml, count=1).encode()
        else:
            data = xml
        root: Element = ElementTree.fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise ModelInvalid(reason="文件含有文档类型声明或实体，不予接受") from None
    except (ParseError, ValueError, LookupError) as problem:  # unknown encodings are LookupErrors
        raise ModelInvalid(reason=f"不是有效的 XML（{problem}）") from None
    if any(depth > MAX_XML_DEPTH for depth in _depths(root)):
        raise ModelInvalid(reason="XML 嵌套过深")
    return root


def _depths(root: Element) -> Iterator[int]:
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        yield depth
        if depth <= MAX_XML_DEPTH:
            waiting.extend((inner, depth + 1) for inner in element)


class _FileReader(Reader):
    """The parts of one file."""

    def __init__(self, root: Element, space: str) -> None:
        super().__init__(space)
        self.root = root
        self.namespace = root.get("namespace", "")

    def whole(self, version: str) -> Definitions:
        root = self.root
        return Definitions(
            name=root.get("name", ""),
            namespace=self.namespace,
            version=version,
            items=tuple(self.item(e) for e in self.all(root, "itemDefinition")),
            inputs=tuple(self.input_data(e) for e in self.all(root, "inputData")),
            decisions=tuple(self.decision(e) for e in self.all(root, "decision")),
            knowledge=tuple(self.knowledge(e) for e in self.all(root, "businessKnowledgeModel")),
            services=tuple(self.service(e) for e in self.all(root, "decisionService")),
            imports=tuple(
                Import(e.get("name", ""), e.get("namespace", "")) for e in self.all(root, "import")
            ),
        )

    def item(self, element: Element) -> ItemDefinition:
        function = child(element, "functionItem")
        return ItemDefinition(
            name=element.get("name", ""),
            type_ref=self.text(child(element, "typeRef")),
            components=tuple(self.item(e) for e in children(element, "itemComponent")),
            allowed=self.inner_text(child(element, "allowedValues")),
            constraint=self.inner_text(child(element, "typeConstraint")),
            is_list=element.get("isCollection") in ("true", "1"),
            is_function=function is not None,
            parameters=()
            if function is None
            else tuple(
                Variable(e.get("name", ""), e.get("typeRef", "")) for e in children(function, "parameters")
            ),
            result="" if function is None else function.get("outputTypeRef", ""),
        )

    def own_variable(self, element: Element) -> Variable:
        variable = child(element, "variable")
        if variable is None:
            return Variable(element.get("name", ""))
        name = variable.get("name", "") or element.get("name", "")
        return Variable(name, variable.get("typeRef", ""))

    def input_data(self, element: Element) -> InputData:
        return InputData(self.reference(element), element.get("name", ""), self.own_variable(element))

    def reference(self, element: Element) -> str:
        """The element's own address; one without id goes by its name."""
        return f"{self.namespace}#{element.get('id') or element.get('name', '')}"

    def target(self, element: Element | None) -> str:
        """What an href points to."""
        space, _, name = ("" if element is None else element.get("href", "")).rpartition("#")
        return f"{space or self.namespace}#{name}"

    def targets(self, element: Element, outer: str, inner: str) -> tuple[str, ...]:
        found = (child(requirement, inner) for requirement in children(element, outer))
        return tuple(self.target(reference) for reference in found if reference is not None)

    def decision(self, element: Element) -> Decision:
        outer = "informationRequirement"
        return Decision(
            id=self.reference(element),
            name=element.get("name", ""),
            variable=self.own_variable(element),
            logic=self.logic_of(element),
            needs=self.targets(element, outer, "requiredInput")
            + self.targets(element, outer, "requiredDecision"),
            knows=self.targets(element, "knowledgeRequirement", "requiredKnowledge"),
            question=self.text(child(element, "question")),
            description=self.text(child(element, "description")),
        )

    def knowledge(self, element: Element) -> Knowledge:
        logic = child(element, "encapsulatedLogic")
        return Knowledge(
            id=self.reference(element),
            name=element.get("name", ""),
            variable=self.own_variable(element),
            function=None if logic is None else self.function(logic),
            knows=self.targets(element, "knowledgeRequirement", "requiredKnowledge"),
        )

    def service(self, element: Element) -> Service:
        def targets(name: str) -> tuple[str, ...]:
            return tuple(self.target(e) for e in children(element, name))

        return Service(
            id=self.reference(element),
            name=element.get("name", ""),
            variable=self.own_variable(element),
            outputs=targets("outputDecision"),
            encapsulated=targets("encapsulatedDecision"),
            input_decisions=targets("inputDecision"),
            input_data=targets("inputData"),
        )
