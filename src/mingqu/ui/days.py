"""An explained deadline as a calendar of weeks (look: mq-days). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingqu.ui.text import WEEKDAYS


@dataclass(frozen=True)
class Day:
    """One cell: `kind` is count, off, stop or end; `words` what is said under the date."""

    day: date
    kind: str
    words: str
    weekday: str
    names_month: bool
    is_today: bool
    is_due: bool


@dataclass(frozen=True)
class Calendar:
    blanks: range  # empty cells before the first day, Monday first
    days: list[Day]
    sentences: list[str]
    weekdays: str = WEEKDAYS


def _of(row: Any, name: str, default: object = None) -> Any:
    return row.get(name, default) if isinstance(row, Mapping) else getattr(row, name, default)


def _kind(row: Any, due: date) -> str:
    """
    A counted day, a stopped one, or one that no clock counts. The clocks may say it (`kind`); else an uncounted
    working day that carries its own article is a stop (special procedure), any other uncounted day is off.
    """
    day: date = _of(row, "date")
    if day == due:
        return "end"
    if _of(row, "counted"):
        return "count"
    said = _of(row, "kind", "")
    if said:
        return "stop" if said in {"stop", "pause", "paused", "stopped"} else "off"
    return "stop" if _of(row, "article") and day.weekday() < 5 and _of(row, "number") is None else "off"


def calendar(explanation: Any, *, due: date, today: date | None = None) -> Calendar:
    """Cells of every day of the explanation, in order. Raises ValueError when it has no days."""
    rows = list(_of(explanation, "rows", ()))
    if not rows:
        raise ValueError("an explanation without days explains nothing")
    cells: list[Day] = []
    for index, row in enumerate(rows):
        day, number = _of(row, "date"), _of(row, "number")
        words = f"第{number}日" if _of(row, "counted") and number is not None else str(_of(row, "why") or "")
        cells.append(
            Day(
                day=day,
                kind=_kind(row, due),
                words=words,
                weekday=f"周{WEEKDAYS[day.weekday()]}",
                names_month=index == 0 or day.day == 1,
                is_today=day == today,
                is_due=day == due,
            )
        )
    sentences = [str(sentence) for sentence in _of(explanation, "sentences", ())]
    return Calendar(range(cells[0].day.weekday()), cells, sentences)
