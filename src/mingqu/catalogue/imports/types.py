"""Rows of other catalogues on their way to a definition: what is read, what it means, what is found. Pure."""

from dataclasses import dataclass, field
from typing import Any

# The posts a department has in a training region, by kind of step: suffix of the code, name, role.
DEFAULT_POSTS = {
    "review": ("CB", "承办岗", "reviewer"),
    "check": ("SH", "审核岗", "checker"),
    "decide": ("PZ", "批准岗", "approver"),
}


def default_post(organ: str, kind: str) -> str:
    """The code of a department's post for steps of a kind (code list step_kind; a visit is the reviewer's)."""
    suffix = DEFAULT_POSTS.get(kind, DEFAULT_POSTS["review"])[0]
    return f"{organ}-{suffix}" if organ else ""


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row of a file as it was read. `line`: as the file counts them (of JSON: the how-manieth, from 1). `above`: what
    it lies in, nearest first. `place`: its numbers on the way from the top, two digits each (03-01).
    """

    line: int
    values: dict[str, Any]
    above: tuple[dict[str, Any], ...] = ()
    place: str = ""
    unreadable: str = ""  # why there is nothing in it, in words


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ as a source names it, or the register: `code` is the register's, empty for a source's."""

    credit_code: str
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """An organ and what it does in an approval by several: 受理 审核 决定与公开 证件制定与送达."""

    level: str  # 国家级 省级 市级 县级
    organ: str  # 发改委, as written
    deeds: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"{self.level}{self.organ}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person should know of a row; `path` in the document, empty for the row."""

    code: str
    sentence: str
    path: str = ""


@dataclass(frozen=True)
class Built:
    """
    A row as a definition: `document` (format 1.0; empty where nothing can be made of the row), what was found, the
    text in which laws may be quoted, and the gates: code of a condition that is not met → its gate.
    """

    line: int
    key: str
    item_code: str
    name: str
    organ: Organ
    item_type: str
    type_words: str
    handling_kind: str
    raw: dict[str, Any]
    document: dict[str, Any]
    findings: list[Finding]
    quotes: str = ""
    shut: dict[str, str] = field(default_factory=dict)
    refused: bool = False

    def open(self, gate: str) -> bool:
        return not self.refused and gate not in self.shut.values()
