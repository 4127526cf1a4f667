"""
What the rooms hold of one person: each says which of its columns name her, what is still under way, what has to be kept
when she closes her account, and what a copy of her data shows. This room lies below them, so they register themselves.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from mingqu.kernel.legal_day import BEIJING

MOST = 5000  # rows of one part of a copy; a person who has more is told so in the part


@dataclass(frozen=True)
class Matter:
    """
    Something of hers that is not finished, in words, and where to go on. `bars`: the account is not closed before.
    """

    words: str
    url: str = ""
    bars: bool = True


@dataclass(frozen=True)
class Part:
    """
    One table of a copy: columns by code and title, rows in their order. `more`: there are rows that are not in it.
    """

    code: str
    title: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[str]] = field(repr=False)
    more: bool = False


def _nothing(person_id: UUID, day: date) -> Iterable[Matter]:
    return ()


def _never(person_id: UUID) -> bool:
    return False


def _owns_nothing(person_id: UUID, number: str) -> bool:
    return False


@dataclass(frozen=True)
class Holding:
    """
    What one room holds. `names`: its columns with a person's id ("cases.Case.applicant_id") that the copy covers;
    `keeps`: whether it has records of her that the law keeps; `owns`: whether something of hers bears this number,
    which strangers don't know.
    """

    room: str
    names: frozenset[str] = frozenset()
    copy: Callable[[UUID], Iterable[Part]] = lambda person_id: ()
    open_matters: Callable[[UUID, date], Iterable[Matter]] = _nothing
    keeps: Callable[[UUID], bool] = _never
    owns: Callable[[UUID, str], bool] = _owns_nothing


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Called from a room's `ready()`; the same room again replaces the earlier one."""
    _holdings[holding.room] = holding


def holdings() -> list[Holding]:
    return list(_holdings.values())


def open_matters(person_id: UUID, day: date) -> list[Matter]:
    """What is not finished, what bars a closing first."""
    found = [one for holding in _holdings.values() for one in holding.open_matters(person_id, day)]
    return sorted(found, key=lambda one: not one.bars)


def kept(person_id: UUID) -> bool:
    """Whether any room has records of her that the law keeps; then the person stays known in them."""
    return any(holding.keeps(person_id) for holding in _holdings.values())


def owns(person_id: UUID, number: str) -> bool:
    """Whether something of hers bears this number, in any room; all are asked, so that time tells nothing of which."""
    number = "".join(number.split()).upper()
    said = [holding.owns(person_id, number) for holding in _holdings.values()]
    return bool(number) and any(said)


def table(
    code: str,
    title: str,
    columns: Sequence[tuple[str, str]],
    rows: QuerySet[Any],
    of: Callable[[Any], Sequence[Any]],
) -> Part:
    """A part of the newest rows of a query; `of` gives a row's values in the order of the columns."""
    found = list(rows[: MOST + 1])
    lines = [[_text(value) for value in of(row)] for row in found[:MOST]]
    return Part(code, title, columns, lines, more=len(found) > MOST)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    return str(value)
