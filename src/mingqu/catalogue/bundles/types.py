"""
The definition of a bundle (一件事) or of a stage of a project: which services, in which order, and what is asked
once for all of them (format 1.0).

Everything else (conditions, checks, limits, papers, results) stays in the definitions of the services.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from mingqu.catalogue.types import Choice, Definition, LawRef, Material, NotNeeded

FORMAT = "1.0"
KINDS = ("bundle", "stage")
SUBJECTS = ("person", "firm", "provisional_firm")
# What a part's form may get from the subject once it is known, instead of asking for it.
FILLS = ("subject.name", "subject.credit_code")
BRINGS_FIRM = "firm"


@dataclass(frozen=True)
class External:
    """
    A part that another system handles: `handed_over` by a connection where there is one, `assisted`: typed in there by
    people. `limit` in working days.

    `guide`: code of the item that is listed for who wants this part alone.
    """

    organ: str  # department by code
    system: str
    limit: int
    guide: str = ""
    standard: str = ""
    article: LawRef | None = None
    post: str = ""  # who answers for it here, by code: types it in, asks when nothing is heard
    sends: list[str] = field(default_factory=list)  # common fields and questions that go there; no others


@dataclass(frozen=True)
class Part:
    """
    One matter of the bundle: a handling item of the catalogue, or an external one.

    `subject`: in whose name it is: person; firm (it must be registered); provisional_firm (its reserved name will
    do). `brings` firm: its result registers the subject. `situation`: answers of the item's own questions that
    are the same for every bundle. `fill`: fields of the item's form that the subject answers (FILLS).
    """

    code: str
    name: str
    item: str = ""
    handling: str = "01"
    external: External | None = None
    when: str = ""  # FEEL over the bundle's situation; empty: always
    after: list[str] = field(default_factory=list)
    subject: str = "person"
    where: str = "here"
    brings: str = ""
    situation: dict[str, Any] = field(default_factory=dict)
    fill: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """A question asked once; `to`: part → its question with the same choices. `when`: only then it is asked."""

    ask: str
    text: str
    choices: list[Choice]
    hint: str = ""
    many: bool = False
    when: str = ""
    to: dict[str, str] = field(default_factory=dict)

    @property
    def options(self) -> dict[str, str]:
        return {choice.value: choice.label for choice in self.choices}


@dataclass(frozen=True)
class SharedField:
    """
    A field asked once; `to`: part → path in its form. One with no `to` is the bundle's own: asked where `when`
    holds, and then `required` counts.
    """

    name: str
    schema: dict[str, Any]
    to: dict[str, str] = field(default_factory=dict)
    when: str = ""
    required: bool = False


@dataclass(frozen=True)
class FormPage:
    title: str
    fields: list[str]
    hint: str = ""


@dataclass(frozen=True)
class SharedMaterial:
    """
    A material handed in once for several parts; `to`: part → its material.

    `brought_by`: it is the result of that part, so nobody hands it in (no explanation, nothing accepted).
    """

    code: str
    name: str
    to: dict[str, str]
    explain: str = ""
    accept: list[str] = field(default_factory=list)
    where: str = ""
    brought_by: str = ""


@dataclass(frozen=True)
class JointLimit:
    """The limit of handling together (行政许可法 42, second paragraph), in working days."""

    limit: int = 45
    extension: int = 15
    approver: str = "government_head"
    law: str = "中华人民共和国行政许可法"
    article: int = 42
    paragraph: int = 2


@dataclass(frozen=True)
class Provisional:
    """Where `when` holds, the subject is a firm that has only a reserved name: fields that tell it."""

    when: str
    name: str
    number: str


@dataclass(frozen=True)
class BundleDocument:
    """
    A whole bundle, as published and pinned by its digest.

    `accept`: each (what is complete is accepted) or together (all or none). `on_refusal`: others_go_on or
    end_all. `lead`: 牵头部门 by code.
    """

    format: str
    kind: str
    code: str
    name: str
    lead: str
    region_code: str
    audience: list[str]
    life_event: str
    summary: str
    parts: list[Part]
    situations: list[Question]
    fields: list[SharedField]
    pages: list[FormPage]
    materials: list[SharedMaterial] = field(default_factory=list)
    not_needed: list[NotNeeded] = field(default_factory=list)
    accept: str = "each"
    on_refusal: str = "others_go_on"
    limit: JointLimit = field(default_factory=JointLimit)
    provisional: Provisional | None = None
    consult: str = ""

    def part(self, code: str) -> Part:
        """Raises KeyError."""
        return {part.code: part for part in self.parts}[code]


@dataclass(frozen=True)
class OpenBundle:
    """A bundle with the definitions of its parts, each pinned to a revision: what drafts and bundles read."""

    revision_id: UUID
    document: BundleDocument
    definitions: Mapping[str, Definition]  # by part; external parts have none
    revisions: Mapping[str, UUID]


@dataclass(frozen=True)
class MergedForm:
    """One form for all parts: every common field once."""

    schema: dict[str, Any]
    pages: list[dict[str, Any]]


@dataclass(frozen=True)
class MergedMaterial:
    """A material handed in once, and where it goes: part → the code it has there."""

    code: str
    material: Material
    to: dict[str, str]


@dataclass(frozen=True)
class Elapsed:
    """How long it takes, in working days: side by side (the critical path) and one after the other."""

    days: int
    serial: int
    path: list[str]


@dataclass(frozen=True)
class Needed:
    """What the answers come to."""

    answers: dict[str, Any]
    missing: list[str]  # questions not yet answered
    parts: list[Part]
    left_out: list[Part]  # those without a reason of their own in `not_needed`
    after: dict[str, list[str]]  # among the parts needed
    stops: list[tuple[Part, Any]]  # (part, catalogue Stop)
    not_needed: list[NotNeeded]
    elapsed: Elapsed | None = None
