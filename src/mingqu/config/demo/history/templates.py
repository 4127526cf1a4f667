"""
The rows of a case that was really filed and taken on by the product's own commands, as text with gaps, from which any
number of others is written.

What differs from case to case: every id of the case's own (all by the same mask, so that what one id tells of another
stays true), every day (counted in working days from the day of receipt, so that deadlines fall on working days of
theirs) and time of day, whose it is, and what is named: its numbers, and whatever else the caller gives a name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from django.apps import apps

from mingqu.clocks.selectors import Calendar
from mingqu.config.demo.history.copying import columns

# What a case is of, besides what the relay and the jobs make for its applicant: messages and papers.
TABLES = (
    "cases.Case",
    "cases.CaseNumber",
    "cases.CaseMaterial",
    "cases.MaterialFile",
    "cases.Opinion",
    "cases.Decision",
    "cases.ServiceOfPaper",
    "process.ProcessInstance",
    "process.Token",
    "process.Join",
    "process.Task",
    "process.Variable",
    "process.History",
    "clocks.ClockEntry",
    "documents.StoredFile",
)
KEYS = ("root_id", "case_id", "id", "certificate_id")  # the first that a table has says whose row it is
OWN = ("id", "instance_id", "token_id", "file_id")  # columns with ids of the case's own
UUID_TEXT = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
DAY_TEXT = r"20\d\d-\d\d-\d\d"
TIME_TEXT = r"[ T]\d\d:\d\d:"
MINUTES = 60


@dataclass(frozen=True)
class Inner:
    """An id of the case's own."""

    value: int


@dataclass(frozen=True)
class Named:
    """What the case or its item gives."""

    name: str


@dataclass(frozen=True)
class Moment:
    """So many working days after the receipt, at a minute of the day (UTC); `mark` between day and time."""

    days: int
    mark: str
    minute: int


Part = str | int | Inner | Named | Moment  # an int: so many working days after the receipt
Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Dumped:
    """What one table has of a case, in COPY's text."""

    table: str
    columns: tuple[str, ...]
    text: str

    def values(self, name: str) -> list[str]:
        """Of one column, each row's."""
        if name not in self.columns:
            return []
        place = self.columns.index(name)
        return [line.split("\t")[place] for line in self.text.splitlines()]


def dump(cursor: psycopg.Cursor[Any], roots: Sequence[UUID], tables: Iterable[str] = TABLES) -> list[Dumped]:
    """Every row of these roots, table by table; tables without one are left out."""
    found, wanted = [], ", ".join(f"'{one}'" for one in roots)
    for label in tables:
        model = apps.get_model(label)
        names = columns(model)
        key = next(one for one in KEYS if one in names)
        listed = ", ".join(f'"{one}"' for one in names)
        chosen = f"(SELECT {listed} FROM {model._meta.db_table} WHERE {key} IN ({wanted}))"  # noqa: S608  our own
        with cursor.copy(f"COPY {chosen} TO STDOUT") as stream:
            text = b"".join(bytes(block) for block in stream).decode()
        if text:
            found.append(Dumped(model._meta.db_table, tuple(names), text))
    return found


def own_ids(dumped: Iterable[Dumped]) -> set[str]:
    found = {value for one in dumped for name in OWN for value in one.values(name)}
    return {one for one in found if re.fullmatch(UUID_TEXT, one)}


class Gaps:
    """What of the text of one case becomes a gap. `named`: what stands there -> the name of the gap."""

    def __init__(self, received: date, own: set[str], named: Mapping[str, str], calendar: Calendar) -> None:
        self.received, self.own, self.named, self.calendar = received, own, named, calendar
        words = "|".join(re.escape(one) for one in sorted(named, key=len, reverse=True))
        self.pattern = re.compile(f"({UUID_TEXT}|{DAY_TEXT}{TIME_TEXT}|{words}|{DAY_TEXT})")

    def split(self, text: str) -> Parts:
        pieces = self.pattern.split(text)
        return tuple(one if n % 2 == 0 else self._gap(one) for n, one in enumerate(pieces) if one)

    def _gap(self, word: str) -> Part:
        if word in self.own:
            return Inner(UUID(word).int)
        if word in self.named:
            return Named(self.named[word])
        if re.fullmatch(DAY_TEXT, word):
            return self._days(date.fromisoformat(word))
        if re.fullmatch(DAY_TEXT + TIME_TEXT, word):
            day, mark, hour, minute = word[:10], word[10], word[11:13], word[14:16]
            return Moment(self._days(date.fromisoformat(day)), mark, int(hour) * MINUTES + int(minute))
        return word

    def _days(self, day: date) -> int:
        if day < self.received:
            raise ValueError(f"{day} lies before the receipt")
        return self.calendar.working_days_between(self.received, day)


@dataclass(frozen=True)
class Filled:
    """
    Of one case to be written: what its gaps are filled with. `days`: every working day as text, `place`: that of the
    receipt; `later`: so many minutes after the times of day of the case it is copied from.
    """

    values: Mapping[str, str]
    mask: int
    days: Sequence[str]
    place: int
    later: int = 0

    def text(self, parts: Parts) -> str:
        out = list[str]()
        for part in parts:
            if isinstance(part, str):
                out.append(part)
            elif isinstance(part, Inner):
                out.append(self._id_text(part.value))
            elif isinstance(part, int):
                out.append(self.days[self.place + part])
            elif isinstance(part, Moment):
                hour, minute = divmod(part.minute + self.later, MINUTES)
                out.append(f"{self.days[self.place + part.days]}{part.mark}{hour:02d}:{minute:02d}:")
            else:
                out.append(self.values[part.name])
        return "".join(out)

    def _id_text(self, value: int) -> str:
        """As `str(self.id(value))`, which millions of rows would wait for."""
        digits = f"{value ^ self.mask:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def id(self, value: int) -> UUID:
        """The id that stands where the case it is copied from has this one."""
        return UUID(int=value ^ self.mask)
