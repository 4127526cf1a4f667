"""回访率, 整改率 by month and department: every bad rating that counts is to be called about and put right (100%)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from mingqu.evaluation.models import FollowUp
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel import regions
from mingqu.kernel.types import Actor

State = FollowUp.State
OVER = (State.PUBLISHED, State.EXCLUDED)
COUNTS = ~Q(state=State.EXCLUDED)
# A call that reached nobody is no answer until the last try.
CALLED = COUNTS & Q(called_on__isnull=False) & ~Q(call=FollowUp.Call.NOT_REACHED, state=State.CALLING)
RECTIFIED = COUNTS & Q(rectified_on__isnull=False) & ~Q(state=State.RECTIFYING)


@dataclass(frozen=True)
class Followed:
    """
    Bad ratings of one month, or of one department, by the day on which they were given. What was found 误评 or 恶意差评
    is in `given` and `left_out` and in nothing else.
    """

    given: int = 0
    left_out: int = 0
    called: int = 0
    unreached: int = 0  # of these: nobody answered, three times
    rectified: int = 0
    in_time: int = 0  # of these: every step within its days
    open: int = 0
    overdue: int = 0  # of these: the step that waits is past its day

    @property
    def counted(self) -> int:
        return self.given - self.left_out

    @property
    def called_rate(self) -> Decimal | None:
        return share(self.called, self.counted)

    @property
    def rectified_rate(self) -> Decimal | None:
        return share(self.rectified, self.counted)

    @property
    def in_time_rate(self) -> Decimal | None:
        return share(self.in_time, self.counted)

    def __add__(self, other: Followed) -> Followed:
        return Followed(
            **{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        )


@dataclass(frozen=True)
class FollowedLine:
    month: date
    department_id: UUID
    department: str
    of: Followed


@dataclass(frozen=True)
class FollowedMonths:
    """`months`: each of the span, also those without a bad rating; `departments` by name; `lines`: both."""

    months: tuple[tuple[date, Followed], ...]
    departments: tuple[tuple[str, Followed], ...]
    lines: tuple[FollowedLine, ...]
    total: Followed


def share(count: int, total: int) -> Decimal | None:
    """In percent, one decimal, never rounded up to 100; None of nothing."""
    return (Decimal(count * 100) / total).quantize(Decimal("0.1"), ROUND_DOWN) if total else None


def months_of(until: date, many: int) -> list[date]:
    """The first days of this month and of those before it, the earliest first."""
    last = until.year * 12 + until.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - many + 1, last + 1)]


def followed_by_month(actor: Actor, today: date, *, months: int = 12) -> FollowedMonths:
    """Within the post's scope, nothing of training regions."""
    span = months_of(today, months)
    rows = FollowUp.objects.filter(
        access.scope(actor, "evaluation.see").q(party="case_id"), rated_on__gte=span[0], rated_on__lte=today
    )
    rows = rows.filter(regions.not_training())
    counted = rows.order_by().annotate(month=TruncMonth("rated_on")).values("month", "department_id").annotate(
        given=Count("pk"),
        left_out=Count("pk", filter=~COUNTS),
        called=Count("pk", filter=CALLED),
        unreached=Count("pk", filter=CALLED & Q(call=FollowUp.Call.NOT_REACHED)),
        rectified=Count("pk", filter=RECTIFIED),
        in_time=Count("pk", filter=RECTIFIED & Q(late=False)),
        open=Count("pk", filter=~Q(state__in=OVER)),
        overdue=Count("pk", filter=~Q(state__in=OVER) & Q(due_on__lt=today)),
    )  # fmt: skip
    found = list(counted)
    organs = identity.departments_by_id(row["department_id"] for row in found)
    lines = [
        FollowedLine(row.pop("month"), key := row.pop("department_id"), organs[key].name, Followed(**row))
        for row in found
    ]
    lines.sort(key=lambda one: (one.month, one.department, one.department_id))
    return FollowedMonths(
        months=tuple((month, _sum(one.of for one in lines if one.month == month)) for month in span),
        departments=tuple(_by_department(lines)),
        lines=tuple(lines),
        total=_sum(one.of for one in lines),
    )


def _by_department(lines: Iterable[FollowedLine]) -> Iterable[tuple[str, Followed]]:
    sums: dict[tuple[str, UUID], Followed] = {}
    for one in lines:
        key = (one.department, one.department_id)
        sums[key] = sums.get(key, Followed()) + one.of
    return ((name, sums[name, key]) for name, key in sorted(sums))


def _sum(parts: Iterable[Followed]) -> Followed:
    return sum(parts, Followed())
