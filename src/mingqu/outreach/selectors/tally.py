"""月度统计 of 帮办代办 and 上门服务: a month by point and agent, counted from errands and visits as they stand."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.types import Actor
from mingqu.outreach.models import Errand, HomeVisit, PointPost

COUNTED = ("opened", "by_code", "by_paper", "filed", "fixed", "brought", "ended", "visited")
HEADERS = ("开始代办", "手机同意", "委托书同意", "代为提交", "代为补正", "结果送到", "停下", "上门办成")


@dataclass(frozen=True)
class Tally:
    """One agent at one point in one month; `agent` "": all of them together."""

    point: str
    agent: str
    opened: int = 0
    by_code: int = 0
    by_paper: int = 0
    filed: int = 0
    fixed: int = 0
    brought: int = 0
    ended: int = 0
    visited: int = 0

    @property
    def counts(self) -> list[int]:
        return [getattr(self, name) for name in COUNTED]


def month_of(text: str, today: date) -> date:
    """The first day of 「2026-09」; this month for what is none, or lies ahead."""
    try:
        found = datetime.strptime(text, "%Y-%m").replace(tzinfo=BEIJING).date()
    except ValueError:
        return today.replace(day=1)
    return min(found, today.replace(day=1))


def months(today: date, many: int = 12) -> list[date]:
    """The first days of this month and of those before it."""
    found = [today.replace(day=1)]
    while len(found) < many:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def tally(by: Actor, first: date) -> list[Tally]:
    """
    Of the points within the acting post's scope; an agent sees his own alone. By point and name; four statements. What
    is counted is what happened in the month, so one errand may stand in two of them.
    """
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    counted: dict[tuple[str, UUID], dict[str, int]] = {}
    for row in _errands(by, first, last):
        key = (row.pop("point__name"), row.pop("agent_id"))
        counted[key] = row
    for point, agent, many in _visits(by, first, last):
        counted.setdefault((point, agent), {})["visited"] = many
    names = identity.names_of({agent for _point, agent in counted})
    rows = [Tally(point, names.get(agent, ""), **found) for (point, agent), found in counted.items()]
    return sorted((one for one in rows if any(one.counts)), key=lambda one: (one.point, one.agent))


def total(rows: list[Tally]) -> Tally:
    return Tally("合计", "", **{name: sum(getattr(one, name) for one in rows) for name in COUNTED})


def _within(by: Actor, party: str) -> Q:
    found = access.scope(by, "errand.tally").q(party=party)
    return found & Q(post_id=by.post_id) if access.may(by, "errand.open") else found


def _errands(by: Actor, first: date, last: date) -> list[dict[str, Any]]:
    begun, over = _instants(first, last)
    agreed = Q(consented_at__gte=begun, consented_at__lt=over)
    month = {
        "opened": Q(opened_on__range=(first, last)),
        "by_code": agreed & Q(consent=Errand.Consent.CODE),
        "by_paper": agreed & Q(consent=Errand.Consent.PAPER),
        "filed": Q(filed_on__range=(first, last)),
        "fixed": Q(fixed_on__range=(first, last)),
        "brought": Q(ended_on__range=(first, last), state=Errand.State.BROUGHT),
        "ended": Q(ended_on__range=(first, last), state=Errand.State.ENDED),
    }
    rows = Errand.objects.filter(_within(by, "person_id")).order_by()
    grouped = rows.values("point__name", "agent_id")
    return list(grouped.annotate(**{name: Count("id", filter=which) for name, which in month.items()}))


def _visits(by: Actor, first: date, last: date) -> list[tuple[str, UUID, int]]:
    """Those that agents went to, by the point whose post was sent."""
    begun, over = _instants(first, last)
    within = access.scope(by, "errand.tally").q(party="party_id")
    if access.may(by, "errand.open"):
        within &= Q(assigned_post=by.post_id)
    done = HomeVisit.objects.filter(
        within, state=HomeVisit.State.DONE, closed_at__gte=begun, closed_at__lt=over
    )
    many = {
        post: count
        for post, count in done.order_by().values_list("assigned_post").annotate(count=Count("id"))
        if post
    }
    points = PointPost.objects.filter(post_id__in=many).values_list("post_id", "post__code", "point__name")
    known = {post: (code, point) for post, code, point in points}
    held = identity.people_by_post((code for code, _point in known.values()), last)
    return [(point, held[code][0], many[post]) for post, (code, point) in known.items() if held[code]]


def _instants(first: date, last: date) -> tuple[datetime, datetime]:
    return (
        datetime.combine(first, time(), BEIJING),
        datetime.combine(last + timedelta(days=1), time(), BEIJING),
    )
