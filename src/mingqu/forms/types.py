"""What a form is, as values; what other rooms get back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

Kind = Literal[
    "text",
    "long_text",
    "number",
    "integer",
    "yes_no",
    "confirm",  # a box that must be ticked: a statement, not a question
    "choice",
    "choices",
    "date",
    "person_name",
    "firm_name",
    "address",
    "phone",
    "citizen_number",
    "credit_code",
]
Grade = Literal["L1", "L2", "L3", "L4"]

# Where a value may come from before anyone types it; a schema that names another slot is refused.
PREFILL_SLOTS: Final = frozenset(
    {
        "applicant.name",
        "applicant.citizen_number",
        "applicant.phone",
        "applicant.address",
        "organisation.name",
        "organisation.credit_code",
        "organisation.address",
        "organisation.legal_representative",
        "project.name",
    }
)


@dataclass(frozen=True)
class Choice:
    """One option: the value kept, the words shown, a line of explanation."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class FormField:
    """
    One question. `path` is its place in the answers ("premises.area_m2").

    `group` is the path of the nearest optional object around it: the question is required only once
    something in that group is answered. "" = always.
    """

    path: str
    kind: Kind
    title: str
    required: bool
    grade: Grade
    group: str = ""
    hint: str = ""
    example: str = ""
    unit: str = ""
    prefill: str = ""
    choices: tuple[Choice, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    earliest: str = ""  # dates: "today" or 2026-11-09
    latest: str = ""
    asked_when: tuple[
        tuple[str, tuple[str, ...]], ...
    ] = ()  # earlier question → one of these answers; all must hold

    @property
    def is_personal(self) -> bool:
        return self.grade in {"L3", "L4"}


@dataclass(frozen=True)
class Page:
    """One page: a title in words of the applicant, and the paths asked on it."""

    number: int
    title: str
    hint: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class FormSchema:
    fields: Mapping[str, FormField]
    pages: tuple[Page, ...]

    def page(self, number: int) -> Page:
        """The page with this number, from 1. Raises LookupError."""
        for page in self.pages:
            if page.number == number:
                return page
        raise LookupError(number)

    def page_of(self, path: str) -> int:
        return next(page.number for page in self.pages if path in page.paths)

    def fields_of(self, page: Page) -> tuple[FormField, ...]:
        return tuple(self.fields[path] for path in page.paths)


@dataclass(frozen=True)
class FieldError:
    """Something to change: where, a stable code, a sentence with the wrong input and an example."""

    path: str
    code: str
    message: str
    page: int


@dataclass(frozen=True)
class AnswerRow:
    """One line of a summary. `masked`: more is known than is shown."""

    path: str
    title: str
    text: str
    masked: bool
    page: int


ANSWERS_FORMAT: Final = 1


@dataclass(frozen=True)
class Answers:
    """The one wrapper of stored answers: nested values and the format they were written in."""

    values: dict[str, Any] = field(default_factory=dict)
    format: int = ANSWERS_FORMAT

    @classmethod
    def load(cls, stored: Any) -> Answers:
        """From the column. Raises ValueError for a format this version does not know."""
        if not isinstance(stored, dict) or stored.get("format") != ANSWERS_FORMAT:
            raise ValueError("answers of an unknown format")
        return cls(dict(stored["values"]))

    def dump(self) -> dict[str, Any]:
        return {"format": self.format, "values": self.values}


@dataclass(frozen=True)
class Started:
    """A new draft. `token` opens it until a person claims it; only its digest is kept here."""

    draft_id: UUID
    token: str
    version: int


@dataclass(frozen=True)
class Saved:
    """What the page shows as 「已保存 09:12」."""

    version: int
    saved_at: datetime


@dataclass(frozen=True)
class DraftView:
    """A draft as its owner sees it. `context` is what the asking room put there; nothing personal."""

    draft_id: UUID
    about: str
    form_digest: str
    context: Mapping[str, Any]
    answers: Mapping[str, Any] = field(repr=False)
    version: int
    page: int
    owner_id: UUID | None
    saved_at: datetime
    expires_at: datetime
    capacity_id: UUID | None = None  # under which authority it was begun for another (identity)
    aside: Mapping[str, str] = field(default_factory=dict, repr=False)  # personal, beside the form
