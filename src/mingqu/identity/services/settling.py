"""
What rooms have of a department that has to be settled before it is closed (机构撤销前的清理): each says which rows,
what they are called and where they are dealt with. This room lies below them, so they register themselves.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

MOST = 1000  # as many are counted


@dataclass(frozen=True)
class Tie:
    """
    One kind of thing that holds a department: `rows` finds them by its id and the day, `words` says what they are,
    `page` is the name of the address where they are dealt with. `bars`: it can't be closed before. Where its posts are
    carried over (岗位划转), `with_posts` goes with them by itself and bars nothing; `along` is the column of these rows
    that is then set to the successor.
    """

    words: str
    rows: Callable[[UUID, date], QuerySet[Any]]
    page: str = ""
    how: str = ""  # what to do, in words
    bars: bool = True
    with_posts: bool = False
    along: str = ""

    @property
    def goes_along(self) -> bool:
        return self.with_posts or bool(self.along)


@dataclass(frozen=True)
class Found:
    """What there is of one kind. `many`: at most MOST, then `more`."""

    words: str
    many: int
    page: str
    how: str
    bars: bool
    goes_along: bool = False

    @property
    def number(self) -> str:
        return f"{MOST}以上" if self.many > MOST else str(self.many)


_ties: dict[str, tuple[Tie, ...]] = {}


def register(room: str, *ties: Tie) -> None:
    """Called from a room's `ready()`; the same room again replaces the earlier ones."""
    _ties[room] = ties


def ties() -> Iterable[Tie]:
    return [one for room in _ties.values() for one in room]


def unsettled(department_id: UUID, day: date) -> list[Found]:
    """What the department has, what bars its closing first; a statement for each kind, none of them reads far."""
    found = [_found(one, department_id, day) for one in ties()]
    return sorted((one for one in found if one.many), key=lambda one: not one.bars)


def _found(tie: Tie, department_id: UUID, day: date) -> Found:
    rows = tie.rows(department_id, day).order_by().values_list("pk", flat=True)
    return Found(tie.words, len(rows[: MOST + 1]), tie.page, tie.how, tie.bars, tie.goes_along)
