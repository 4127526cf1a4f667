"""Ratings by channel: where people rate, and whether they are less content in one place than in another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import TruncMonth

from mingqu.evaluation import rules
from mingqu.evaluation.models import FollowUp, Rating
from mingqu.evaluation.selectors.months import months_of
from mingqu.evaluation.selectors.ratings import level_words
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel import regions
from mingqu.kernel.types import Actor


@dataclass(frozen=True)
class OfChannel:
    """
    Ratings of one channel, by level as LEVELS has them. `good_rate` in percent; None below the least number. What was
    found 误评 or 恶意差评 is in `left_out` and in nothing else.
    """

    words: str
    counts: tuple[int, ...]
    left_out: int

    @property
    def by_level(self) -> list[tuple[str, int]]:
        return [(level_words(level), many) for level, many in zip(rules.LEVELS, self.counts, strict=True)]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def good_rate(self) -> Decimal | None:
        return rules.good_rate(dict(zip(rules.LEVELS, self.counts, strict=True)))


@dataclass(frozen=True)
class ChannelLine:
    """The same of one month and department, for the file."""

    month: date
    department: str
    of: OfChannel


@dataclass(frozen=True)
class ByChannel:
    """`channels`: those anybody rated by, in the order of the list; `levels`: their words."""

    channels: tuple[OfChannel, ...]
    total: OfChannel
    lines: tuple[ChannelLine, ...]
    levels: tuple[str, ...]
    minimum: int


Key = tuple[date, UUID, str]
Counts = Mapping[tuple[int, bool], int]  # by level, and whether it is left out


def by_channel(actor: Actor, today: date, *, months: int = 12) -> ByChannel:
    """Of this month and those before it, within the post's scope, nothing of training regions; two statements."""
    first = months_of(today, months)[0]
    rows = Rating.objects.filter(
        access.scope(actor, "evaluation.see").q(party="root_id"), rated_on__gte=first, rated_on__lte=today
    )
    rows = rows.filter(regions.not_training())
    excluded = FollowUp.objects.filter(
        case_id=OuterRef("root_id"), contact=OuterRef("contact"), state=FollowUp.State.EXCLUDED
    )
    counted = (
        rows.order_by()
        .annotate(month=TruncMonth("rated_on"), out=Exists(excluded))
        .values("month", "department_id", "channel", "level", "out")
        .annotate(many=Count("id"))
    )
    found: dict[Key, dict[tuple[int, bool], int]] = {}
    for row in counted:
        key = row["month"], row["department_id"], row["channel"]
        found.setdefault(key, {})[row["level"], row["out"]] = row["many"]
    organs = identity.departments_by_id(department for _month, department, _channel in found)
    lines = [
        ChannelLine(month, organs[department].name, _of(channel, [counts]))
        for (month, department, channel), counts in found.items()
        if department in organs
    ]
    order = [label for _value, label in Rating.Channel.choices]
    lines.sort(key=lambda one: (one.month, one.department, order.index(one.of.words)))
    by_code: dict[str, list[Counts]] = {code: [] for code in Rating.Channel.values}
    for (_month, _department, channel), counts in found.items():
        by_code[channel].append(counts)
    return ByChannel(
        channels=tuple(_of(code, of) for code, of in by_code.items() if of),
        total=_of("", [one for of in by_code.values() for one in of]),
        lines=tuple(lines),
        levels=tuple(level_words(level) for level in rules.LEVELS),
        minimum=rules.MINIMUM,
    )


def _of(code: str, parts: Iterable[Counts]) -> OfChannel:
    some = list(parts)
    counts = tuple(sum(one.get((level, False), 0) for one in some) for level in rules.LEVELS)
    left_out = sum(many for one in some for (_level, out), many in one.items() if out)
    return OfChannel(str(Rating.Channel(code).label) if code else "合计", counts, left_out)
