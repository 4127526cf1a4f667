"""
One list of a person's own cases and bundles: narrowed, searched, in the order that is wanted, page by page.

Both are read by key from where the page before ended and laid together: their ids follow the time, so that no page
counts or skips rows.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    DateField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors as bundles
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.portal.selectors import own_lines
from mingqu.portal.types import Asked, BundleLine, CaseLine, OwnPage

PAGE = 10
MOST_TODO = 100  # beyond so many it is only said that there are more
MOST_ROWS = 5000  # of an export
SHOWN = ("open", "done", "all")
TURNS = ("", "you", "others")
ORDERS = ("todo", "due", "new")
OWN = "own"  # asked.whose: one's own, for no firm
LONGEST = 60  # characters of a search
NUMBER = re.compile(r"[Bb]?\d+")
WHOLE = 20  # digits of the number of a case
NEVER = date.max
# The rank of a case that has ended: it has no last day and is nobody's turn.
ENDED: dict[str, Any] = {"todo": 1, "due": NEVER, "new": 0}


@dataclass(frozen=True)
class Cursor:
    """Where a page ended: the rank of its last row in the order, and its id."""

    rank: Any
    id: UUID

    def __str__(self) -> str:
        return f"{self.rank}~{self.id}"


def cursor_of(text: str, order: str) -> Cursor | None:
    """None for what is no cursor of this order: then the first page is shown."""
    rank, _mark, given = text.partition("~")
    try:
        return Cursor(date.fromisoformat(rank) if order == "due" else int(rank), UUID(given))
    except ValueError:
        return None


def page(actor: Actor, at: Instant, asked: Asked, before: Cursor | None = None) -> OwnPage:
    """A page of the list, each case and bundle in one line; eleven statements however many there are."""
    ranked = [*_ranked_cases(actor, asked), _ranked(_bundles(actor, asked), asked.order)]
    rows = [row for found in ranked for row in _after(found, before)[: PAGE + 1]]
    rows.sort(key=lambda row: row.pk, reverse=True)
    rows.sort(key=lambda row: row.rank)
    here = rows[:PAGE]
    shown = [row for row in here if _is_case(row)]
    prefetch_related_objects(shown, "department", "materials")
    lines = own_lines.case_lines(shown, at)
    more = str(Cursor(here[-1].rank, here[-1].pk)) if len(rows) > PAGE else ""
    return OwnPage(tuple(lines.get(row.pk) or own_lines.bundle_line(row) for row in here), more)


def todo(actor: Actor, whose: str = "") -> tuple[CaseLine | BundleLine | None, int]:
    """What waits longest for the person, and how many others wait for her too (at most MOST_TODO); four statements."""
    asked = Asked(turn="you", whose=whose)
    found = [_whole(_cases(actor, asked)), _bundles(actor, asked)]
    ids = [
        row_id for rows in found for row_id in rows.order_by("id").values_list("pk", flat=True)[:MOST_TODO]
    ]
    if not ids:
        return None, 0
    first = next(row for rows in found for row in rows.filter(pk=min(ids)))
    shown = own_lines.line(first) if _is_case(first) else own_lines.bundle_line(first)
    return shown, min(len(ids) - 1, MOST_TODO)


def subjects(actor: Actor) -> list[tuple[str, str]]:
    """For whom the person has filed: [] where only for herself, else 个人 and each firm (id, name); two statements."""
    firms: dict[UUID, str] = {}
    for rows in (bundles.visible_bundles(actor), cases.visible_cases(actor)):
        named = rows.exclude(party_id=None).filter(party_kind="firm").order_by("party_id", "-id")
        firms |= dict(named.distinct("party_id").values_list("party_id", "party_name"))
    if not firms:
        return []
    by_name = sorted(firms.items(), key=lambda firm: (firm[1], firm[0]))
    return [(OWN, _("个人")), *((str(firm_id), name) for firm_id, name in by_name)]


def of_subject(whose: str) -> Q:
    """What is asked for in this name; `whose` is OWN, the id of a firm, or "" for everything."""
    if whose == OWN:
        return ~Q(party_kind="firm")
    return Q(party_kind="firm", party_id=UUID(whose)) if whose else Q()


HEADERS = (
    "编号", "事项", "以谁的名义", "状态", "轮到谁", "现在怎么样", "最晚哪天", "收件日期", "受理日期", "决定日期"
)  # fmt: skip


def export_rows(actor: Actor, asked: Asked) -> Iterator[Sequence[str]]:
    """The whole list as rows of a table, the newest first; four statements."""
    left = MOST_ROWS
    for found in (_bundles(actor, asked), _whole(_cases(actor, asked))):
        for row in found.order_by("-id")[:left]:
            left -= 1
            yield _export_row(row)


def _export_row(row: Any) -> Sequence[str]:
    line = own_lines.line(row) if _is_case(row) else own_lines.bundle_line(row)
    yours = line.turn.whose == cases.YOU
    received = row.received_on if _is_case(row) else legal_day(row.received_at)
    days = (line.turn.by, received, row.accepted_on, row.decided_on)
    return (
        row.number,
        line.name,
        line.party or "本人",
        line.turn.words,
        "申请人" if yours else line.turn.whose,
        line.turn.what,
        *(day.isoformat() if day else "" for day in days),
    )


def _is_case(row: Any) -> bool:
    return hasattr(row, "item_code")


def _cases(actor: Actor, asked: Asked) -> QuerySet[Any]:
    """Parts stand in the line of their bundle."""
    found = cases.visible_cases(actor).filter(of_subject(asked.whose), bundle_id=None)
    going = Q(status__in=cases.OPEN)
    found = found.filter(_of_state(asked.shown, going)).filter(_of_turn(asked.turn, going, cases.YOUR_TURN))
    for word in asked.words.split():
        named = Q(item_name__icontains=word) | Q(handling_item__icontains=word)
        found = found.filter(named | _numbered(word))
    return cases.with_asked_fields(found)


def _whole(found: QuerySet[Any]) -> QuerySet[Any]:
    """With all that a line shows; a page reads it for its own rows alone, after it is known which these are."""
    return found.select_related("department").prefetch_related("materials")


def _ranked_cases(actor: Actor, asked: Asked) -> Iterator[QuerySet[Any]]:
    """
    What goes on and what has ended, each with its rank: the first are few and have an index of their own, the others
    all have one rank, so that they are read in the order of their ids and no further than the page goes.
    """
    if asked.shown != "done":
        yield _ranked(_cases(actor, replace(asked, shown="open")), asked.order)
    if asked.shown != "open" and not asked.turn:  # an ended case is nobody's turn
        ended = _cases(actor, replace(asked, shown="done"))
        yield ended.annotate(rank=Value(ENDED[asked.order]))


def _bundles(actor: Actor, asked: Asked) -> QuerySet[Any]:
    found = bundles.own_bundles(actor).filter(of_subject(asked.whose))
    going = Q(status__in=bundles.OPEN)
    found = found.filter(_of_state(asked.shown, going)).filter(_of_turn(asked.turn, going, Q(yours=True)))
    parts = cases.visible_cases(actor).filter(bundle_id=OuterRef("pk"))
    for word in asked.words.split():
        inside = Q(item_name__icontains=word) | _numbered(word)
        found = found.filter(Q(name__icontains=word) | _numbered(word) | Q(Exists(parts.filter(inside))))
    return found


def _numbered(word: str) -> Q:
    """A whole number means that one alone: of a bundle it is a B and what may be the number of a case."""
    if not NUMBER.fullmatch(word):
        return Q(pk__in=[])
    return Q(number=word) if word.isdecimal() and len(word) == WHOLE else Q(number__contains=word.upper())


def _of_state(shown: str, going: Q) -> Q:
    return {"open": going, "done": ~going}.get(shown, Q())


def _of_turn(turn: str, going: Q, yours: Q) -> Q:
    return {"you": yours, "others": going & ~yours}.get(turn, Q())


def _ranked(found: QuerySet[Any], order: str) -> QuerySet[Any]:
    if order == "due":
        return found.annotate(rank=Coalesce("due_on", Value(NEVER), output_field=DateField()))
    if order == "new":
        return found.annotate(rank=Value(0))
    yours = Q(yours=True) if "yours" in found.query.annotations else cases.YOUR_TURN
    first = Case(When(yours, then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.annotate(rank=first)


def _after(found: QuerySet[Any], before: Cursor | None) -> QuerySet[Any]:
    if before:
        found = found.filter(Q(rank__gt=before.rank) | Q(rank=before.rank, pk__lt=before.id))
    return found.order_by("rank", "-id")
