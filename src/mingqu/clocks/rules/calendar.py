"""
Working days as a value: which days count, for how long that is known, and why a day counts or not.

Two index arrays answer "how many working days between" in logarithmic time, so a list of thousands of
deadlines needs no day-by-day walk. The explanation walks day by day; the tests hold the two together.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from mingqu.clocks.rules.statutory import SATURDAY, estimate
from mingqu.clocks.rules.wording import say
from mingqu.clocks.types import DayKind, MovingFestivals, SpecialDay, Why
from mingqu.kernel.errors import spoken, to_citizens

WEEKEND = (to_citizens("星期六"), to_citizens("星期日"))
WORKING = to_citizens("工作日")
MAKEUP = to_citizens("{name}调休上班")
# As the notices and the law name them.
FESTIVALS = (
    *(to_citizens("元旦"), to_citizens("春节"), to_citizens("清明节"), to_citizens("劳动节")),
    *(to_citizens("端午节"), to_citizens("中秋节"), to_citizens("国庆节")),
)


@dataclass(frozen=True, slots=True)
class DayFact:
    """What one day is. `provisional`: outside the published years."""

    day: date
    working: bool
    why: Why
    text: str
    provisional: bool


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """
    The working days of the whole country under one version of the published notices.

    Published days hold from `known_from` to `known_until`; later days come from the law's own festivals
    (`festivals`), without shifted weekends, and are provisional; earlier ones are Monday to Friday only.
    Two calendars are the same when their versions are.
    """

    version: str
    known_from: date
    known_until: date
    days: tuple[SpecialDay, ...]
    festivals: tuple[MovingFestivals, ...] = ()
    _special: dict[date, SpecialDay] = field(init=False, repr=False)
    _off: tuple[int, ...] = field(init=False, repr=False)
    _on: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        years = [f for f in self.festivals if f.year >= self.known_until.year]
        special = {s.day: s for s in (*estimate(years, self.known_until), *self.days)}
        object.__setattr__(self, "_special", special)
        object.__setattr__(self, "_off", _ordinals(special.values(), DayKind.HOLIDAY, weekend=False))
        object.__setattr__(self, "_on", _ordinals(special.values(), DayKind.MAKEUP, weekend=True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and other.version == self.version

    def __hash__(self) -> int:
        return hash(self.version)

    def working_day(self, day: date) -> bool:
        """True where offices work on that day."""
        special = self._special.get(day)
        if special is None:
            return day.weekday() < SATURDAY
        return special.kind is DayKind.MAKEUP

    def provisional(self, day: date) -> bool:
        """True where no notice says what that day is."""
        return not self.known_from <= day <= self.known_until

    def fact(self, day: date) -> DayFact:
        """The day with its reason in words."""
        special, provisional = self._special.get(day), self.provisional(day)
        if special is None:
            if day.weekday() < SATURDAY:
                return DayFact(day, True, Why.COUNTED, WORKING, provisional)
            return DayFact(day, False, Why.WEEKEND, WEEKEND[day.weekday() - SATURDAY], provisional)
        if special.kind is DayKind.MAKEUP:
            return DayFact(day, True, Why.MAKEUP, say(MAKEUP, name=spoken(special.name)), provisional)
        return DayFact(day, False, Why.HOLIDAY, spoken(special.name), provisional)

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie in (after, until]; 0 where the span is empty."""
        if until <= after:
            return 0
        return self._count(until.toordinal()) - self._count(after.toordinal())

    def add_working_days(self, start: date, number: int) -> date:
        """The day on which the number-th working day after `start` falls; `start` itself never counts."""
        if number < 0:
            raise ValueError("working days are only added")
        day = start.toordinal()
        target = self._count(day) + number
        while missing := target - self._count(day):
            day += missing  # a day adds at most one, so this never overshoots and ends on a working day
        return date.fromordinal(day)

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return self.add_working_days(day, 1)

    def working_day_on_or_after(self, day: date) -> date:
        """`day` itself if offices work on it, else the next working day (民法典 203)."""
        return day if self.working_day(day) else self.next_working_day(day)

    def _count(self, ordinal: int) -> int:
        """Working days from the Monday 0001-01-01 (ordinal 1) up to and with that day."""
        weeks, rest = divmod(ordinal, 7)
        return weeks * 5 + min(rest, 5) - bisect_right(self._off, ordinal) + bisect_right(self._on, ordinal)


def _ordinals(days: Iterable[SpecialDay], kind: DayKind, *, weekend: bool) -> tuple[int, ...]:
    return tuple(
        sorted(s.day.toordinal() for s in days if s.kind is kind and (s.day.weekday() >= SATURDAY) is weekend)
    )


def days_of(first: date, last: date) -> list[date]:
    """Every day from first to last, both with."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
