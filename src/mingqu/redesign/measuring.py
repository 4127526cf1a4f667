"""四减 of a definition (ARC-08): steps, materials, days, visits, questions; pure. One place for each count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mingqu.catalogue.types import Document, Handling, complete

OWN = ("upload", "paper")
"""Sources of materials that the applicant has to bring; the others are looked up or promised."""
DAYS = {"working_days": "个工作日", "days": "天"}
"""Units of limits counted in days. Working days and natural days are neither added nor taken from each other."""
LIMITS = ("promised", "statutory")


@dataclass(frozen=True)
class Measures:
    """
    Of one 业务办理项. `steps`: rows of the step table and the decision. `materials`: all that some situation needs,
    optional ones left out; `own`: those the applicant brings. `promised`, `statutory`: days, None where the limit is
    not in days (0 on the spot), with the unit they count in, "" where there is none. `visits`: 到现场次数. `asked`:
    questions of the form.
    """

    steps: int
    materials: int
    own: int
    promised: int | None
    statutory: int | None
    visits: int
    asked: int
    promised_unit: str = ""
    statutory_unit: str = ""


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
    """
    One measure before and after, each in its unit: a limit may have been in working days and be in natural days now.
    `less`: by how much less; None where one of the two is no number of days, or the units are two.
    """

    key: str
    name: str
    unit: str
    before: int | None
    after: int | None
    unit_after: str = ""  # "" where it is the same

    @property
    def limit(self) -> bool:
        return self.key in LIMITS

    @property
    def apart(self) -> bool:
        return bool(self.unit_after) and self.unit_after != self.unit

    @property
    def less(self) -> int | None:
        if self.apart or self.before is None or self.after is None:
            return None
        return self.before - self.after

    @property
    def words(self) -> str:
        if self.less is None:
            both = self.before is not None and self.after is not None
            return "单位不同，不能相减" if both else "不能比"
        if not self.less:
            return "没有变"
        share = f"（{abs(self.less) / self.before:.0%}）" if self.before else ""
        return f"{'减少' if self.less > 0 else '增加'}{abs(self.less)}{self.unit}{share}"

    @property
    def before_words(self) -> str:
        return "没有按天定" if self.before is None else f"{self.before}{self.unit}"

    @property
    def after_words(self) -> str:
        return "没有按天定" if self.after is None else f"{self.after}{self.unit_after or self.unit}"


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
        promised_unit="" if handling.on_the_spot or promised is None else clocks.promised.unit,
        statutory_unit="" if statutory is None else clocks.statutory.unit,
    )


def _questions(schema: Mapping[str, Any]) -> Iterator[str]:
    for name, below in schema.get("properties", {}).items():
        if isinstance(below, Mapping) and below.get("type") == "object":
            yield from _questions(below)
        else:
            yield name


def lines(before: Measures, after: Measures) -> list[Line]:
    return [
        line(key, getattr(before, key), getattr(after, key), units_of(key, before, after)) for key in NAMES
    ]


def units_of(key: str, before: Measures, after: Measures) -> tuple[str, str]:
    """Units of a limit, ("", "") of what is none. On the spot is 0 of whatever the other counts in."""
    if key not in LIMITS:
        return "", ""
    old, new = getattr(before, f"{key}_unit"), getattr(after, f"{key}_unit")
    return old or new, new or old


def line(key: str, before: int | None, after: int | None, units: tuple[str, str] = ("", "")) -> Line:
    """With the words of the units: of what is no limit those of the measure."""
    name, unit = NAMES[key]
    old, new = (DAYS.get(one, unit) for one in units)
    return Line(key, name, old, before, after, new)


def gone_and_come(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Names of what is there no more, and of what is new, by code."""
    old, new = dict(before), dict(after)
    return [name for code, name in old.items() if code not in new], [
        name for code, name in new.items() if code not in old
    ]
