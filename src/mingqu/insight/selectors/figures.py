"""The list of figures (figures.yaml), and a figure from sums of measures."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files

from mingqu.insight import rules
from mingqu.insight.types import MEASURES, STANDING, Figure, Line, Value
from mingqu.kernel.yaml_text import read_yaml

HEAD = (
    "received",
    "ended",
    "on_time_rate",
    "late",
    "overdue",
    "full_online_rate",
    "good_rate",
)  # of the morning page


LEVELS = ("level5", "level4", "level3", "level2", "level1")


@cache
def figures() -> tuple[Figure, ...]:
    """All of them, in the order of the page. Raises ValueError for one that sums what is not measured."""
    raw = read_yaml(files("mingqu.insight").joinpath("figures.yaml").read_text("utf-8"))
    found = []
    for one in raw["figures"]:
        of, by = tuple(one["of"]), tuple(one.get("by", ()))
        if unknown := {name.lstrip("-") for name in (*of, *by)} - {*MEASURES, *STANDING}:
            raise ValueError(f"{one['code']} sums {sorted(unknown)}, which nobody measures")
        found.append(
            Figure(
                one["code"],
                one["name"],
                one["kind"],
                of,
                by,
                one["better"],
                one["day"],
                one["words"],
                one.get("hidden", False),
            )
        )
    return tuple(found)


UNITS = {"count": "number", "rate": "percent, one decimal", "average": "two decimals"}


def as_page() -> str:
    """docs/figures.md: every figure with the one way it is worked out."""
    lines = [
        "# Figures",
        "",
        "Made from `src/mingqu/insight/figures.yaml` (a test compares them). What is summed: `insight/types.py`",
        "MEASURES; when it counts: `insight/rules.py`. Calculations of our own, confirmed by no standard text.",
        "",
        "| Figure | Sum of | Divided by | As | Counts on | In words |",
        "|---|---|---|---|---|---|",
        *map(_line_of_page, figures()),
    ]
    return "\n".join(lines) + "\n"


def _line_of_page(one: Figure) -> str:
    by = " ".join(one.by) or "–"
    cells = (f"{one.name} `{one.code}`", " ".join(one.of), by, UNITS[one.kind], one.day, one.words)
    return f"| {' | '.join(cells)} |"


def figure(code: str) -> Figure | None:
    return next((one for one in figures() if one.code == code), None)


def value(of: Figure, sums: Mapping[str, int]) -> Value:
    """Worked out as the list says; not at all where it is of so few ratings that it tells who gave them."""
    if of.hidden and rules.total(LEVELS, sums) < rules.MINIMUM:
        return Value(of, None, 0, 0, few=True)
    above, below = rules.total(of.of, sums), rules.total(of.by, sums)
    if of.kind == "count":
        return Value(of, Decimal(above), above, 0)
    number = rules.share(above, below) if of.kind == "rate" else rules.average(above, below)
    return Value(of, number, above, below, few=below < rules.MINIMUM)


def values(sums: Mapping[str, int]) -> tuple[Value, ...]:
    return tuple(value(one, sums) for one in figures())


def line(of: Figure, sums: Mapping[str, int], before: Mapping[str, int], year_ago: Mapping[str, int]) -> Line:
    now, then, last = value(of, sums), value(of, before), value(of, year_ago)
    changed = _changed(now, then)
    return Line(now, then.text, last.text, changed, _changed(now, last), _judged(of, now, then))


def _changed(now: Value, then: Value) -> str:
    """Counts in percent, rates in points; "" where one of the two can't be said."""
    if now.number is None or then.number is None:
        return ""
    if now.figure.kind != "count":
        difference = now.number - then.number
        return f"{difference:+}{'个百分点' if now.figure.kind == 'rate' else ''}"
    by = rules.change(int(now.number), int(then.number))
    return "" if by is None else f"{by:+}%"


def _judged(of: Figure, now: Value, then: Value) -> str:
    if of.better == "none" or now.number is None or then.number is None or now.number == then.number:
        return ""
    return "better" if (now.number > then.number) == (of.better == "higher") else "worse"
