"""四减 of a definition (ARC-08): steps, materials, days, visits, questions; pure. One place for each count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from mingqu.catalogue.types import Document, Handling, complete

OWN = ("upload", "paper")
"""Sources of materials that the applicant has to bring; the others are looked up or promised."""
DAYS = ("working_days", "days")


@dataclass(frozen=True)
class Measures:
    """
    Of one 业务办理项. `steps`: rows of the step table and the decision. `materials`: all that some situation needs,
    optional ones left out; `own`: those the applicant brings. `promised`, `statutory`: days, None where the limit is
    not in days (0 on the spot). `visits`: 到现场次数. `asked`: questions of the form.
    """

    steps: int
    materials: int
    own: int
    promised: int | None
    statutory: int | None
    visits: int
    asked: int


NAMES = {
    "steps": ("环节", "个"),
    "materials": ("材料", "份"),
    "own": ("自己交的材料", "份"),
    "promised": ("承诺期限", "天"),
    "statutory": ("法定期限", "天"),
    "visits": ("跑动", "次"),
    "asked": ("要填的", "项"),
}


@dataclass(frozen=True)
class Line:
    """One measure before and after; `share`: by how much less."""

    key: str
    name: str
    unit: str
    before: int | None
    after: int | None

    @property
    def less(self) -> int | None:
        return None if self.before is None or self.after is None else self.before - self.after

    @property
    def words(self) -> str:
        if self.less is None:
            return "不能比"
        if not self.less:
            return "没有变"
        share = f"（{abs(self.less) / self.before:.0%}）" if self.before else ""
        return f"{'减少' if self.less > 0 else '增加'}{abs(self.less)}{self.unit}{share}"

    def value(self, number: int | None) -> str:
        return "没有按天定" if number is None else f"{number}{self.unit}"

    @property
    def before_words(self) -> str:
        return self.value(self.before)

    @property
    def after_words(self) -> str:
        return self.value(self.after)


def handling_of(document: Document, code: str) -> Handling | None:
    return next((one for one in document.handling if one.code == code and complete(one)), None)


def measures(handling: Handling) -> Measures:
    """Of one that is complete."""
    assert handling.form and handling.clocks
    needed = [material for material in handling.materials if not material.optional]
    clocks = handling.clocks
    promised, statutory = (
        rule.limit if rule.unit in DAYS else None for rule in (clocks.promised, clocks.statutory)
    )
    return Measures(
        steps=len(handling.steps) + 1,
        materials=len(needed),
        own=sum(material.source.kind in OWN for material in needed),
        promised=0 if handling.on_the_spot else promised,
        statutory=statutory,
        visits=handling.visits,
        asked=sum(1 for _ in _questions(handling.form.schema)),
    )


def _questions(schema: Mapping[str, Any]) -> Iterator[str]:
    for name, below in schema.get("properties", {}).items():
        if isinstance(below, Mapping) and below.get("type") == "object":
            yield from _questions(below)
        else:
            yield name


def lines(before: Measures, after: Measures) -> list[Line]:
    return [
        Line(one.name, *NAMES[one.name], getattr(before, one.name), getattr(after, one.name))
        for one in fields(Measures)
    ]


def gone_and_come(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Names of what is there no more, and of what is new, by code."""
    old, new = dict(before), dict(after)
    return [name for code, name in old.items() if code not in new], [
        name for code, name in new.items() if code not in old
    ]
