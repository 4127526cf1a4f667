"""Into which sheets a definition is divided, and what a new element of each list begins with. Pure."""

import dataclasses
import typing
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from mingqu.catalogue import places
from mingqu.catalogue.studio.asking import Asking, form_of, table_of
from mingqu.catalogue.studio.choices import FORMATS, Choices
from mingqu.catalogue.studio.edits import drop, new_code, put, value_at
from mingqu.catalogue.studio.fields import Part
from mingqu.catalogue.studio.sheet import Sheet
from mingqu.catalogue.types import Document, Handling
from mingqu.kernel.codelists import code_list


@dataclass(frozen=True)
class Section:
    """
    One sheet. `name`: its place in addresses; `base`: the object it is of ("" the document); `only`: which of its
    fields, in order.
    """

    name: str
    title: str
    lead: str
    base: str
    only: tuple[str, ...]
    handling: int | None = None

    @property
    def is_form(self) -> bool:
        """The application form, which is shown as a table of its questions."""
        return self.only == ("form",)

    @property
    def kind(self) -> Any:
        if self.is_form:
            return Asking
        return Document if self.handling is None else Handling

    @property
    def root(self) -> Any:
        """The kind of what `view` gives."""
        return Asking if self.is_form else Document

    @property
    def tops(self) -> list[str]:
        """The places on this sheet that hold all others of it."""
        return ["pages"] if self.is_form else [f"{self.base}.{name}".lstrip(".") for name in self.only]

    def view(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the sheet shows and changes: the document, or the table of its form."""
        return table_of(value_at(document, f"{self.base}.form")) if self.is_form else document

    def back(self, document: Mapping[str, Any], view: dict[str, Any]) -> dict[str, Any]:
        """The document with what became of the view."""
        if not self.is_form:
            return view
        made, before = deepcopy(dict(document)), value_at(document, f"{self.base}.form")
        form = form_of(view, before)
        if form is None:
            drop(made, f"{self.base}.form")
        elif form != before:
            put(made, f"{self.base}.form", form)
        return made

    @property
    def short(self) -> str:
        """Which sheet of a 业务办理项 it is: steps, materials …"""
        return self.name.partition("-")[2] if self.handling is not None else self.name

    def parts(self, document: Mapping[str, Any], choices: Choices) -> list[Part]:
        """Of what `view` gave."""
        if self.is_form:
            return Sheet(document, choices).parts(Asking, "")
        return Sheet(document, choices).parts(self.kind, self.base, self.only)

    def values(self, document: Mapping[str, Any]) -> list[Any]:
        """What the sheet is about, to see whether somebody else changed it."""
        return [value_at(document, f"{self.base}.{name}".lstrip(".")) for name in self.only]


WHOLE = (
    ("item", "基本信息", "事项叫什么、谁办、给谁办、凭什么办。", ("item", "basis")),
    ("guide", "办事指南", "告诉申请人的电话、窗口、救济途径。材料、时限、流程由其他部分生成，不用再写。", ("guide",)),
)  # fmt: skip
OF_HANDLING = (
    ("main", "办理项和时限", "申请条件、到场次数、法定时限和承诺时限。",
     ("name", "kind", "on_the_spot", "visits", "conditions", "clocks")),
    ("situations", "情形引导", "申请前问的几个问题，答案决定要哪些材料、走哪些环节。",
     ("situations", "stops", "not_needed")),
    ("materials", "材料", "要交什么、从哪里来、怎样审查。", ("materials", "commitments")),
    ("form", "申请表", "申请人要填的问题，下面是他们看到的样子。", ("form",)),
    ("steps", "环节表", "收件、受理以后由谁办、办几天、看什么。流程图按这张表画出来。",
     ("steps", "decide", "routes", "checklists")),
)  # fmt: skip
LAST = (
    (
        "scenarios",
        "场景",
        "写在定义里的例子，发布前自动演算，一个也没有或者结果不对，就不能发布。",
        ("scenarios",),
    ),
)
DISCRETION = (
    "discretion",
    "裁量基准",
    "批准时可以裁量的内容：什么情形、最低到最高多少、依据哪一条。超出的要写理由、由第二个人复核。没有裁量的不用填。",
    ("discretion", "more_discretion"),
)
RESULT = ("result", "结果和收费", "准予以后发什么，收不收费。")
# What has no sheet: files of experts, and what never changes.
NOWHERE = {"code", "eligibility", "process"}


def sections(document: Mapping[str, Any]) -> list[Section]:
    """All sheets of a document, in the order in which a person fills them in."""
    found = [Section(name, title, lead, "", only) for name, title, lead, only in WHOLE]
    handling = document.get("handling")
    for number, one in enumerate(handling if isinstance(handling, list) else ()):
        if not isinstance(one, Mapping):
            continue
        for name, title, lead, only in (*OF_HANDLING, (*RESULT, _the_rest()), DISCRETION, *LAST):
            found.append(Section(f"{number}-{name}", title, lead, f"handling[{number}]", only, number))
    return found


def _the_rest() -> tuple[str, ...]:
    """What a grant brings and costs, and whatever the format has besides."""
    elsewhere = {name for row in (*OF_HANDLING, DISCRETION, *LAST) for name in row[3]} | NOWHERE
    return tuple(one.name for one in dataclasses.fields(Handling) if one.name not in elsewhere)


def section(document: Mapping[str, Any], name: str) -> Section:
    """Raises KeyError."""
    return {one.name: one for one in sections(document)}[name]


def section_of(document: Mapping[str, Any], path: str) -> Section | None:
    """The sheet on which a place (counted from 0) is filled in."""
    for one in sections(document):
        for name in one.only:
            top = f"{one.base}.{name}".lstrip(".")
            if path == top or path.startswith((f"{top}.", f"{top}[")):
                return one
    within = [one for one in sections(document) if one.base and path.startswith(one.base)]
    return within[0] if within else None


# -- new elements

STEMS = {
    "Step": "s", "Material": "m", "Situation": "q", "Choice": "a", "Commitment": "c", "Checklist": "k",
    "CheckPoint": "p", "CertificateField": "f", "Route": "rule", "RouteResult": "r",
}  # fmt: skip
BEGINS: dict[str, dict[str, Any]] = {
    "Step": {"name": "", "post": "", "limit": 3, "standard": "", "result": ""},
    "Material": {"name": "", "explain": "", "accept": list(FORMATS)},
    "Situation": {
        "text": "",
        "choices": [{"value": "yes", "label": "是"}, {"value": "no", "label": "否"}],
    },
    "CheckPoint": {"text": ""},
    "Fee": {"name": "", "standard": "", "basis": {"law": "", "article": 0}},
    "Deed": {"do": "accept"},
}


def new_element(document: Mapping[str, Any], path: str, root: Any = Document) -> dict[str, Any]:
    """What a new element of the list at the path begins with. Raises KeyError where that is no list of the format."""
    kind = kind_at(path, root)
    if kind is None:
        raise KeyError(path)
    begins = BEGINS.get(kind.__name__) or blank(kind)
    if kind.__name__ == "Asked":  # on whichever page: one name for each question of the form
        pages = value_at(document, "pages") or []
        asked = [one for page in pages for one in page["questions"]]
        return {"name": new_code(asked, "name", "q"), "title": "", "kind": "text", "required": True}
    key, stem = places.key_of(kind), STEMS.get(kind.__name__, "")
    rows = value_at(document, path)
    return ({key: new_code(rows, key, stem)} if stem else {}) | deepcopy(begins)


def kind_at(path: str, root: Any = Document) -> Any:
    """The dataclass of the elements of the list at a path; None where there is none."""
    kind: Any = root
    for name, index in places.parts(path):
        if index is None:
            kind = places.kind_of(kind, name) if kind is not None else None
    return kind


def blank(kind: Any) -> dict[str, Any]:
    """The fields an element must have, empty."""
    hints = typing.get_type_hints(kind)
    return {
        one.name: _empty(hints[one.name], one.metadata)
        for one in dataclasses.fields(kind)
        if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
    }


def _empty(hint: Any, metadata: Mapping[str, Any]) -> Any:
    inner = places.inner(hint)
    if typing.get_origin(hint) is list:
        return []
    if inner is not None:
        return blank(inner)
    if "lists" in metadata:
        return code_list(metadata["lists"][0]).choices()[0][0]
    return int(metadata.get("minimum", 0)) if hint in (int, float) else ""
