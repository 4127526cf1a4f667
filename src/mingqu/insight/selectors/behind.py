"""
The cases behind a figure, as far as the post may see them. Of ratings none: who rated what is not for those who were
rated; their page shows what was said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q

from mingqu.cases import selectors as cases
from mingqu.identity.services import access
from mingqu.insight.models import CaseFacts
from mingqu.insight.selectors.figures import figure
from mingqu.insight.selectors.kept import overdue
from mingqu.insight.selectors.statistics import place_filter
from mingqu.insight.types import Asked, Figure, Span
from mingqu.kernel.ids import id_or_none
from mingqu.kernel.types import Actor

PAGE = 30
RATINGS = frozenset({"rated", "bad", "good_rate"})
DECIDED = ("granted", "refused")


@dataclass(frozen=True)
class CaseLine:
    number: str
    item: str
    received_on: date
    ended_on: date | None
    ending: str
    visits: int


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
    """None for a figure that has no cases to show. Keyset by id, the latest first; three statements."""
    of = figure(code)
    if of is None or code not in BEHIND:
        return None
    facts = CaseFacts.objects.filter(access.scope(actor, "board.see").q(party="id"))
    facts = facts.filter(BEHIND[code](span) & place_filter(asked))
    seen = cases.visible_cases(actor).filter(pk__in=facts.values("pk")).order_by("-id")
    if (start := id_or_none(after)) is not None:
        seen = seen.filter(pk__lt=start)
    found = list(seen.only("number", "item_name", "region_code")[: PAGE + 1])
    shown = found[:PAGE]
    rows = {row.pk: row for row in CaseFacts.objects.filter(pk__in=[case.pk for case in shown])}
    lines = tuple(
        CaseLine(
            case.number,
            case.item_name,
            rows[case.pk].received_on,
            rows[case.pk].ended_on,
            ENDINGS[rows[case.pk].ending],
            rows[case.pk].visits,
        )
        for case in shown
    )
    return Behind(of, lines, str(shown[-1].pk) if len(found) > PAGE else "")
