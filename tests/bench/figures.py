"""A figure, the list of all of them that a run writes, and the page made from it."""

import json
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

Better = Literal["lower", "higher"]
SHOWN_STATEMENTS = False  # print each command's statements too
KNOWN: set[str] = set()  # names of figures that are not measured again

HEAD = """# Benchmarks

Written by `make bench` from `benchmarks.json`; nothing here is typed by hand. One group alone:
`make bench ONLY=commands`.

- **Beside** is the neighbour measured in the same run, **ratio** the value divided by it. Where a figure has a
  neighbour its bar holds for the ratio, otherwise for the value.
- **Bare** is the very statements of the command, captured with their parameters and replayed by psycopg in one
  transaction on the same database, with the same parameters and committed like the command.
- CPU is that of the process that runs the command; PostgreSQL's is a figure of its own.
- Commands run against a PostgreSQL of their own with durability on (fsync, synchronous commit, full page writes).

"""


@dataclass(frozen=True)
class Figure:
    """One measured value. `bar` is what the issue asks for, of the ratio where there is a neighbour."""

    name: str
    value: float
    unit: str
    better: Better = "lower"
    bar: float | None = None
    beside: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.beside if self.beside else None

    @property
    def meets(self) -> bool | None:
        """None without a bar."""
        if self.bar is None:
            return None
        held = self.value if self.ratio is None else self.ratio
        return held <= self.bar if self.better == "lower" else held >= self.bar


Bench = Callable[[], Iterable[Figure]]


def row(group: str, figure: Figure, day: date, where: str) -> dict[str, Any]:
    """As `docs/benchmarks.json` keeps it."""
    numbers = {name: _rounded(getattr(figure, name)) for name in ("value", "beside", "ratio")}
    return {"group": group, **asdict(figure), **numbers, "date": day.isoformat(), "machine": where}


def kept_in(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return rows


def keep(
    path: Path, rows: Sequence[dict[str, Any]], order: Sequence[str], *, beside: bool = False
) -> list[dict[str, Any]]:
    """
    Put rows in place of those of the same group, or `beside` those of other names; other groups keep theirs, with
    their dates.
    """
    groups, names = {one["group"] for one in rows}, {(one["group"], one["name"]) for one in rows}

    def stays(one: dict[str, Any]) -> bool:
        return one["group"] not in groups or (beside and (one["group"], one["name"]) not in names)

    kept = [one for one in kept_in(path) if stays(one)] + list(rows)
    kept.sort(key=lambda one: order.index(one["group"]))
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return kept


def page(rows: Sequence[dict[str, Any]], titles: dict[str, str]) -> str:
    """docs/benchmarks.md."""
    parts = [HEAD]
    for group in dict.fromkeys(one["group"] for one in rows):
        own = [one for one in rows if one["group"] == group]
        parts.append(f"## {titles.get(group, group)}\n\n")
        parts.append("| figure | value | beside | ratio | bar | |\n|---|---:|---:|---:|---:|---|\n")
        parts += [line(one) for one in own]
        runs = sorted({(one["date"], one["machine"]) for one in own})
        parts.append("\n" + "\n".join(f"{day}, {where}" for day, where in runs) + "\n\n")
    return "".join(parts).rstrip() + "\n"


def line(one: dict[str, Any]) -> str:
    figure = Figure(**{name: one[name] for name in Figure.__dataclass_fields__})
    sign = "≤" if figure.better == "lower" else "≥"
    scale = " ×" if figure.ratio is not None else ""
    bar = "" if figure.bar is None else f"{sign} {_shown(figure.bar)}{scale}"
    verdict = {True: "met", False: "**missed**", None: ""}[figure.meets]
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f} ×"
    beside = "" if figure.beside is None else f"{_shown(figure.beside)} {figure.unit}"
    return (
        f"| {one['name']} | {_shown(figure.value)} {figure.unit} | {beside} | {ratio} | {bar} | {verdict} |\n"
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def machine() -> str:
    """What the run stood on: processor, cores, memory, versions; and how busy others kept it at the start."""
    info = Path("/proc/cpuinfo")
    names = [
        line.partition(":")[2].strip()
        for line in (info.read_text("utf-8").splitlines() if info.exists() else [])
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB,"
        f" {platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()};"
        f" load {os.getloadavg()[0]:.1f} before the run"
    )
