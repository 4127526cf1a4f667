"""日终清单: what of a hall is not finished today, with the page where each is."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from mingqu.documents import selectors as documents
from mingqu.hall import selectors as halls
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.text import zh_day, zh_moment
from mingqu.workbench.selectors.counter import READY

KINDS: Final = {
    "paper": "收存的材料还在手里",
    "slip": "材料交接单没有签收",
    "number": "排队号没有办完",
    "result": "结果做好了，没有登记到件",
    "shift": "换班交接单没有接",
}
ASKS: Final = {"paper": "paper.keep", "number": "hall.call", "result": "case.deliver"}  # who opens its page


@dataclass(frozen=True)
class Line:
    """`mine`: of the acting post; `url`: "" where the reader has no page for it."""

    kind: str
    what: str
    number: str
    holder: str
    since: str
    note: str
    mine: bool
    url: str


@dataclass(frozen=True)
class Part:
    kind: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Closing:
    """Of one hall; `others`: the code and name of each other one the reader may choose."""

    hall: Any  # None: she sees none
    others: list[tuple[str, str]]
    parts: list[Part]

    @property
    def many(self) -> int:
        return sum(len(part.lines) for part in self.parts)


def closing(actor: Actor, at: Instant, *, code: str = "", mine: bool = False) -> Closing:
    """Of the hall `code`, else the first; `mine`: what the acting post has. Ten statements, however much there is."""
    known = list(halls.halls_managed(actor, "hall.see_closing"))
    chosen = next((one for one in known if one.code == code), known[0] if known else None)
    if chosen is None:
        return Closing(None, [], [])
    rows = [*_held(actor, chosen, at), *_results(actor, chosen)]
    if mine:
        rows = [row for row in rows if row.mine]
    parts = [
        Part(kind, title, tuple(row for row in rows if row.kind == kind)) for kind, title in KINDS.items()
    ]
    others = [(one.code, one.name) for one in known if one.pk != chosen.pk]
    return Closing(chosen, others, [part for part in parts if part.lines])


def _held(actor: Actor, hall: Any, at: Instant) -> list[Line]:
    found = halls.left_over(hall, at)
    names, opens = halls.holders(found), {kind: access.may(actor, ask) for kind, ask in ASKS.items()}
    return [
        Line(
            kind=one.kind,
            what=one.what,
            number=one.number,
            holder=names.get(one.post_id, "") if one.post_id else "",
            since=zh_moment(one.since),
            note=one.note,
            mine=one.post_id is not None and one.post_id == actor.post_id,
            url=_page(one.kind, one.number, opens, own=one.post_id == actor.post_id),
        )
        for one in found
    ]


def _page(kind: str, number: str, opens: dict[str, bool], *, own: bool) -> str:
    """A slip and a shift open for their two sides alone."""
    if kind == "paper" and opens["paper"]:
        return reverse("workbench:paper_case", args=[number])
    if kind == "number" and opens["number"]:
        return reverse("workbench:queue")
    if kind == "slip" and own and opens["paper"]:
        return reverse("workbench:paper_slip", args=[number])
    return reverse("workbench:hand_over") if kind == "shift" and own else ""


def _results(actor: Actor, hall: Any) -> list[Line]:
    """Those whose paper is made."""
    found = halls.results_away(hall)
    ready: set[UUID] = documents.ready_among((one.case_id for one in found), READY)
    may = access.may(actor, ASKS["result"])
    return [
        Line(
            kind="result",
            what=one.item_name,
            number=one.number,
            holder="",
            since=f"{zh_day(one.decided_on)}决定" if one.decided_on else "",
            note=f"最晚{zh_day(one.due_on)}送达" if one.due_on else "",
            mine=False,
            url=reverse("workbench:deliver", args=[one.number]) if may else "",
        )
        for one in found
        if one.case_id in ready
    ]


def file_name(at: Instant) -> str:
    return f"日终清单-{legal_day(at):%Y%m%d}.xlsx"
