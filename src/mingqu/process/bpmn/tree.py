"""
XML as it was written: names with their prefixes, declarations, comments, CDATA. Pure.

The standard library's trees forget prefixes and comments, and a BPMN file means things by its prefixes
(`xsi:type="semantic:tFormalExpression"`). Here what is read is written again with nothing lost
but the way it was encoded: the output is UTF-8. Document types are refused, and with them all entities.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, LexicalHandler, property_lexical_handler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from mingqu.process.errors import BpmnRefused

MAX_BYTES: Final = 10_000_000
MAX_DEPTH: Final = 100
MAX_ELEMENTS: Final = 200_000
XML_SPACE: Final = "http://www.w3.org/XML/1998/namespace"

# Encodings of Chinese tools that the XML parser itself does not know; GB 18030 holds the older ones.
_GB: Final = frozenset({"gbk", "gb2312", "gb18030", "cp936", "gb_2312-80"})
_ENCODING: Final = re.compile(rb"""\A<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Scope = Mapping[str, str]
"""Prefix -> namespace, as declared around a place; "" is the default namespace."""


@dataclass(frozen=True, slots=True)
class Text:
    value: str
    cdata: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    value: str


@dataclass(frozen=True, slots=True)
class Instruction:
    target: str
    value: str


@dataclass(frozen=True, slots=True)
class Element:
    """
    `name` and the names of `attributes` are as written, with prefix; declarations are among the attributes.

    `space` and `local` are what the name means, `scope` the declarations that hold here.
    """

    name: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple["Node", ...]
    space: str
    local: str
    scope: Scope

    def get(self, local: str, space: str = "") -> str | None:
        """The value of an attribute; without a namespace, as BPMN's own are."""
        for name, value in self.attributes:
            if space == "":
                if name == local:
                    return value
                continue
            prefix, colon, rest = name.partition(":")
            if colon and rest == local and prefix != "xmlns" and self.scope.get(prefix) == space:
                return value
        return None

    @property
    def elements(self) -> Iterator["Element"]:
        return (child for child in self.children if isinstance(child, Element))

    @property
    def text(self) -> str:
        """All text directly inside, CDATA or not."""
        return "".join(child.value for child in self.children if isinstance(child, Text))


Node = Element | Text | Comment | Instruction


@dataclass(frozen=True, slots=True)
class Document:
    """The root, with the comments and instructions around it."""

    before: tuple[Node, ...]
    root: Element
    after: tuple[Node, ...]


def walk(element: Element) -> Iterator[Element]:
    """The element and all in it, in the order of the file."""
    waiting = [element]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(list(found.elements)))


# -- reading


def parse(xml: bytes) -> Document:
    """The document. BpmnRefused with the reason: too large, too deep, a document type, not well-formed."""
    if len(xml) > MAX_BYTES:
        raise BpmnRefused(reason=f"文件超过{MAX_BYTES // 1_000_000} MB")
    builder = _Builder()
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(builder)
    parser.setProperty(property_lexical_handler, builder)
    try:
        parser.feed(_decoded(xml))
        parser.close()
    except DefusedXmlException:
        raise BpmnRefused(reason="文件含有文档类型声明或实体，不予接受") from None
    except (SAXException, ValueError, LookupError) as problem:  # unknown encodings are LookupErrors
        raise BpmnRefused(reason=f"不是有效的 XML（{_where(problem)}）") from None
    return builder.document()


def _decoded(xml: bytes) -> bytes | str:
    found = _ENCODING.match(xml.removeprefix(b"\xef\xbb\xbf"))
    if found is None or found[1].decode("ascii").lower() not in _GB:
        return xml
    return xml.decode("gb18030")


def _where(problem: Exception) -> str:
    line = getattr(problem, "getLineNumber", lambda: None)()
    return f"第{line}行附近的写法有误" if line else "编码或写法有误"


@dataclass(slots=True)
class _Open:
    name: str
    attributes: tuple[tuple[str, str], ...]
    scope: Scope
    children: list[Node]


class _Builder(ContentHandler, LexicalHandler):
    """Puts the tree together from what the parser reports."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[_Open] = []
        self.top: list[Node] = []
        self.cdata = False
        self.count = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self.count += 1
        if len(self.open) >= MAX_DEPTH:
            raise BpmnRefused(reason="XML 嵌套过深")
        if self.count > MAX_ELEMENTS:
            raise BpmnRefused(reason=f"元素超过{MAX_ELEMENTS}个")
        attributes = tuple((str(key), str(value)) for key, value in attrs.items())
        around = self.open[-1].scope if self.open else MappingProxyType({"xml": XML_SPACE})
        self.open.append(_Open(name, attributes, declared(attributes, around), []))

    def endElement(self, name: str) -> None:
        done = self.open.pop()
        self._add(made(done.name, done.attributes, done.children, done.scope))

    def characters(self, content: str) -> None:
        if not self.open:
            return
        held = self.open[-1].children
        last = held[-1] if held else None
        if isinstance(last, Text) and last.cdata == self.cdata:
            held[-1] = Text(last.value + content, self.cdata)
        else:
            held.append(Text(content, self.cdata))

    def ignorableWhitespace(self, whitespace: str) -> None:
        self.characters(whitespace)

    def processingInstruction(self, target: str, data: str) -> None:
        self._add(Instruction(target, data))

    def comment(self, content: str) -> None:
        self._add(Comment(content))

    def startCDATA(self) -> None:
        self.cdata = True

    def endCDATA(self) -> None:
        self.cdata = False

    def _add(self, node: Node) -> None:
        (self.open[-1].children if self.open else self.top).append(node)

    def document(self) -> Document:
        place = next(number for number, node in enumerate(self.top) if isinstance(node, Element))
        root = self.top[place]
        assert isinstance(root, Element)
        return Document(tuple(self.top[:place]), root, tuple(self.top[place + 1 :]))


def declared(attributes: tuple[tuple[str, str], ...], around: Scope) -> Scope:
    """The declarations that hold inside an element with these attributes."""
    own = {
        name.partition(":")[2]: value
        for name, value in attributes
        if name == "xmlns" or name.startswith("xmlns:")
    }
    return MappingProxyType({**around, **own}) if own else around


def made(name: str, attributes: tuple[tuple[str, str], ...], children: list[Node], scope: Scope) -> Element:
    """An element; BpmnRefused where a prefix was never declared."""
    for prefix in (n.partition(":")[0] for n, _ in attributes if ":" in n):
        if prefix != "xmlns" and prefix not in scope:
            raise BpmnRefused(reason=f"没有声明命名空间前缀“{prefix}”")
    prefix, colon, local = name.rpartition(":")
    if colon and prefix not in scope:
        raise BpmnRefused(reason=f"没有声明命名空间前缀“{prefix}”")
    return Element(name, attributes, tuple(children), scope.get(prefix, ""), local, scope)


# -- writing


def serialize(document: Document) -> bytes:
    """UTF-8. BpmnRefused for a character XML can't hold."""
    out: list[str] = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    for node in document.before:
        _write(node, out)
        out.append("\n")
    _write(document.root, out)
    for node in document.after:
        out.append("\n")
        _write(node, out)
    out.append("\n")
    text = "".join(out)
    if found := _FORBIDDEN.search(text):
        raise BpmnRefused(reason=f"含有 XML 不允许的字符（U+{ord(found[0]):04X}）")
    return text.encode()


def _write(node: Node, out: list[str]) -> None:
    match node:
        case Text(value, True):
            out.append(f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>")
        case Text(value):
            out.append(_escaped(value, _IN_TEXT))
        case Comment(value):
            out.append(f"<!--{value}-->")
        case Instruction(target, value):
            out.append(f"<?{target} {value}?>" if value else f"<?{target}?>")
        case Element():
            _write_element(node, out)


def _write_element(element: Element, out: list[str]) -> None:
    out.append(f"<{element.name}")
    out.extend(f' {name}="{_escaped(value, _IN_ATTRIBUTE)}"' for name, value in element.attributes)
    if not element.children:
        out.append("/>")
        return
    out.append(">")
    for child in element.children:
        _write(child, out)
    out.append(f"</{element.name}>")


_IN_TEXT: Final[dict[int, Any]] = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE: Final[dict[int, Any]] = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


def _escaped(text: str, table: dict[int, Any]) -> str:
    return text.translate(table)
