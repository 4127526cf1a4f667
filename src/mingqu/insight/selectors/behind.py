"""
The cases behind a figure, as far as the post may see them. Of ratings none: who rated what is not for those who were
rated; their page shows what was said.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from mingqu.cases import selectors as cases
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import DepartmentView
from mingqu.insight.models import CaseFacts
from mingqu.insight.selectors.figures import figure
from mingqu.insight.selectors.kept import overdue
from mingqu.insight.selectors.statistics import place_filter
from mingqu.insight.types import Asked, Figure, Span
from mingqu.kernel.ids import id_or_none
from mingqu.kernel.types import Actor

PAGE = 30
MOST = 5_000  # rows of a file
RATINGS = frozenset({"rated", "bad", "good_rate"})
DECIDED = ("granted", "refused")


@dataclass(frozen=True)
class CaseLine:
    """`due_on`: the last day, of what goes on and of what ended after it; `late`: it had passed by the days asked."""

    number: str
    item: str
    organ: str
    received_on: date
    due_on: date | None
    ended_on: date | None
    ending: str
    visits: int
    late: bool = False


@dataclass(frozen=True)
class Behind:
    """`more`: where the next page begins."""

    figure: Figure
    lines: tuple[CaseLine, ...]
    more: str


ENDINGS = {
    "": "办理中", "granted": "准予", "refused": "不予", "not_accepted": "不予受理", "not_required": "不需要许可",
    "withdrawn": "撤回", "terminated": "终止",
}  # fmt: skip


def _on(column: str, **more: object) -> Callable[[Span], Q]:
    return lambda span: Q(**{f"{column}__gte": span.since, f"{column}__lte": span.until}, **more)


def _decided(**more: object) -> Callable[[Span], Q]:
    return _on("ended_on", ending__in=DECIDED, **more)


def _corrected(span: Span) -> Q:
    days = [span.since + timedelta(days=n) for n in range(span.days)]
    return Q(corrections__overlap=days)


BEHIND: dict[str, Callable[[Span], Q]] = {
    "received": _on("received_on"),
    "online_rate": _on("received_on", channel="online"),
    "bundled": _on("received_on", in_bundle=True),
    "accepted": _on("accepted_on"),
    "owed": _on("accepted_on", owed=True),
    "corrections": _corrected,
    "correction_rate": _corrected,
    "ended": lambda span: _on("ended_on")(span) & ~Q(ending=""),
    "granted": _on("ended_on", ending="granted"),
    "refused": _on("ended_on", ending="refused"),
    "refusal_rate": _on("ended_on", ending="refused"),
    "not_accepted": _on("ended_on", ending="not_accepted"),
    "late": _decided(timing__in=("late", "late_law")),
    "overdue": lambda span: overdue(span.until),
    "late_law": _decided(timing="late_law"),
    "on_time_rate": _decided(timing__in=("early", "on_day")),
    "early_rate": _decided(timing="early"),
    "full_online_rate": _decided(channel="online", visits=0, electronic=True),
    "zero_visit_rate": _decided(visits=0),
    "visits": _decided(visits__gt=0),
    "same_day_rate": lambda span: _decided()(span) & Q(accepted_on=F("ended_on")),
    "compression": _decided(statutory_days__gt=0),
}


def has_cases(code: str) -> bool:
    return code in BEHIND


def behind(actor: Actor, code: str, span: Span, asked: Asked, *, after: str = "") -> Behind | None:
    """None for a figure that has no cases to show. Keyset by id, the latest first; four statements."""
    of = figure(code)
    if of is None or code not in BEHIND:
        return None
    seen = _seen(actor, code, span, asked)
    if (start := id_or_none(after)) is not None:
        seen = seen.filter(pk__lt=start)
    found = list(seen[: PAGE + 1])
    shown = found[:PAGE]
    return Behind(of, _lines(shown, span.until), str(shown[-1].pk) if len(found) > PAGE else "")


def every_case(actor: Actor, code: str, span: Span, asked: Asked) -> Behind | None:
    """The same list whole, for a file; MOST rows at most."""
    of = figure(code)
    if of is None or code not in BEHIND:
        return None
    return Behind(of, _lines(list(_seen(actor, code, span, asked)[:MOST]), span.until), "")


def _seen(actor: Actor, code: str, span: Span, asked: Asked) -> QuerySet[Any]:
    facts = CaseFacts.objects.filter(access.scope(actor, "board.see").q(party="id"))
    facts = facts.filter(BEHIND[code](span) & place_filter(asked))
    seen = cases.visible_cases(actor).filter(pk__in=facts.values("pk")).order_by("-id")
    return seen.only("number", "item_name", "region_code")


def _lines(shown: list[Any], until: date) -> tuple[CaseLine, ...]:
    rows = {row.pk: row for row in CaseFacts.objects.filter(pk__in=[case.pk for case in shown])}
    organs = identity.departments_by_id({row.department_id for row in rows.values()})
    return tuple(_line(case, rows[case.pk], organs, until) for case in shown)


def _line(case: Any, row: CaseFacts, organs: Mapping[UUID, DepartmentView], until: date) -> CaseLine:
    due_on = row.overdue_from - timedelta(days=1) if row.overdue_from else None
    return CaseLine(
        number=case.number,
        item=case.item_name,
        organ=organs[row.department_id].name if row.department_id in organs else "",
        received_on=row.received_on,
        due_on=due_on,
        ended_on=row.ended_on,
        ending=ENDINGS[row.ending],
        visits=row.visits,
        late=due_on is not None and (row.ended_on or until) > due_on,
    )
