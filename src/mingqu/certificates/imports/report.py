"""The quality report of a batch: how whole it is, what was found how often. Pure but for the shape it is kept in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mingqu.certificates.imports.checks import FINDINGS, error
from mingqu.certificates.imports.columns import COLUMNS

VERSION = 1


@dataclass(frozen=True)
class FindingLine:
    code: str
    words: str
    error: bool
    count: int


@dataclass(frozen=True)
class FillLine:
    header: str
    filled: int
    share: str  # "98.5%"


@dataclass(frozen=True)
class Report:
    total: int
    good: int
    noted: int
    wrong: int
    whole: int  # rows in which every known column is filled
    findings: tuple[FindingLine, ...]
    fill: tuple[FillLine, ...]
    unused: tuple[str, ...]

    @property
    def usable(self) -> int:
        return self.good + self.noted

    @property
    def share_usable(self) -> str:
        return percent(self.usable, self.total)

    @property
    def share_whole(self) -> str:
        return percent(self.whole, self.total)


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else ""


class Tally:
    """Counts while the rows are checked, batch by batch."""

    def __init__(self, kept: Mapping[str, Any], headers: Sequence[str], unused: Sequence[str]) -> None:
        self.states = Counter(kept.get("states", {}))
        self.findings = Counter(kept.get("findings", {}))
        self.fill = Counter(kept.get("fill", {}))
        self.whole = int(kept.get("whole", 0))
        self.headers, self.unused = list(headers), list(unused)

    def add(self, values: Mapping[str, str], findings: Iterable[Sequence[str]], state: str) -> None:
        self.states[state] += 1
        self.findings.update({code for code, _column in findings})
        filled = [name for name in self.headers if values.get(name)]
        self.fill.update(filled)
        self.whole += len(filled) == len(self.headers)

    def kept(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "states": dict(self.states),
            "findings": dict(self.findings),
            "fill": dict(self.fill),
            "whole": self.whole,
            "headers": self.headers,
            "unused": self.unused,
        }


def read_report(kept: Mapping[str, Any], total: int) -> Report:
    """Raises ValueError for a version this code does not know."""
    if kept and kept.get("version") != VERSION:
        raise ValueError(f"report of an import in version {kept.get('version')}")
    states, counts, fill = kept.get("states", {}), kept.get("findings", {}), kept.get("fill", {})
    lines = [FindingLine(code, FINDINGS[code][1], error(code), count) for code, count in counts.items()]
    names = {c.code: c.header for c in COLUMNS}
    return Report(
        total=total,
        good=states.get("good", 0),
        noted=states.get("noted", 0),
        wrong=states.get("wrong", 0),
        whole=kept.get("whole", 0),
        findings=tuple(sorted(lines, key=lambda line: (not line.error, -line.count, line.code))),
        fill=tuple(
            FillLine(names.get(name, name), fill.get(name, 0), percent(fill.get(name, 0), total))
            for name in kept.get("headers", [])
        ),
        unused=tuple(kept.get("unused", [])),
    )


def sentence(code: str, column: str) -> str:
    """What is said of one finding in one column."""
    names = {c.code: c.header for c in COLUMNS}
    return f"{names.get(column, column)}：{FINDINGS[code][1]}"
