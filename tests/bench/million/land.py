"""
The land that is poured: counties, bureaus, items, people, days. Everything follows from the seed and a number, so that
no part of it need be remembered.
"""

import itertools
import random
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.clocks import selectors as clocks

COUNTIES, BUREAUS, CITIES = 40, 10, 4
LIFE_DAYS = 200  # of the calendar, past the last day: deadlines of what came in last
MONTH = 30.44
POSTS = ("01", "SH", "HC", "QLS", "LEAD")  # of each bureau: who examines, checks, visits, advises, decides
CAN_BE_APPLIED_FOR, OF = 2, 5  # so many of so many
MOST_OF_ONE = 5000  # cases of one person, where there are so many to share


@dataclass(frozen=True)
class County:
    """`share`: of all cases; the first has the most, the last but one hardly any, the last none."""

    number: int
    share: float

    @property
    def stem(self) -> str:
        return f"99{1 + self.number % CITIES:02d}{11 + self.number // CITIES:02d}"

    @property
    def code(self) -> str:
        return f"{self.stem}000000"

    @property
    def name(self) -> str:
        return f"第{self.number + 1}区"


@dataclass(frozen=True)
class Bureau:
    county: County
    number: int

    @property
    def code(self) -> str:
        return f"{self.county.stem}-J{self.number:02d}"

    @property
    def name(self) -> str:
        return f"澜州市{self.county.name}第{self.number + 1}局"

    @property
    def id(self) -> UUID:
        return named("bureau", self.code)

    def post(self, which: str) -> str:
        return f"{self.code}-{which}"


@dataclass(frozen=True)
class Size:
    """How much is poured; `until`: the last day, the first lies eighteen months before."""

    cases: int
    items: int
    until: date
    seed: int = 1
    months: int = 18

    @property
    def kinds(self) -> int:
        """Items of one county: each county has the same services under its own bureaus."""
        return max(BUREAUS * OF, self.items // COUNTIES)

    @property
    def people(self) -> int:
        return max(20, self.cases // 4)

    def is_of_one(self, case: int) -> bool:
        """Whether the case with this number is the one person's who has so many."""
        every = max(1, self.cases // MOST_OF_ONE)
        return self.cases >= 2 * MOST_OF_ONE and case % every == 0 and case // every < MOST_OF_ONE

    @cached_property
    def days(self) -> list[date]:
        """Every working day from a month before the first case until all deadlines are over."""
        calendar = clocks.current_calendar()
        first = self.until - timedelta(days=round(self.months * MONTH) + 30)
        every = (first + timedelta(days=n) for n in range((self.until - first).days + LIFE_DAYS))
        return [day for day in every if calendar.working_day(day)]

    @cached_property
    def begins(self) -> int:
        """The place in `days` of the first day with cases."""
        return bisect_right(self.days, self.until - timedelta(days=round(self.months * MONTH)))

    @cached_property
    def ends(self) -> int:
        """The place of the last."""
        return bisect_right(self.days, self.until) - 1

    def on(self, place: int) -> range:
        """The numbers of the cases of a day."""
        since, whole = place - self.begins, self.ends - self.begins + 1
        return range(self.cases * since // whole, self.cases * (since + 1) // whole)

    def dice(self, *of: object) -> random.Random:
        """The same throws for the same words, in every run of this seed."""
        return random.Random(":".join(map(str, (self.seed, *of))))


def named(*words: object) -> UUID:
    """An id that follows from what it names."""
    return uuid5(NAMESPACE_URL, "mingqu:bench:" + ":".join(map(str, words)))


@cache
def counties() -> list[County]:
    tail = [1 / (n + 4) for n in range(COUNTIES - 3)]
    scale = 0.7 / sum(tail)
    shares = [0.3, *(one * scale for one in tail), 0.00005, 0.0]
    return [County(number, share) for number, share in enumerate(shares)]


@cache
def bureaus(county: County) -> list[Bureau]:
    return [Bureau(county, number) for number in range(BUREAUS)]


@cache
def shares() -> list[float]:
    return list(itertools.accumulate(one.share for one in counties()))


def bureau_of(kind: int, county: County) -> Bureau:
    return bureaus(county)[kind % BUREAUS]


def applicable(kind: int) -> bool:
    return kind // BUREAUS % OF < CAN_BE_APPLIED_FOR


def item_code(kind: int, county: County) -> str:
    return f"{county.stem}-{kind:06d}"


def revision_id(code: str) -> UUID:
    return named("revision", code)


def person_id(number: int) -> UUID:
    return named("person", number)
