"""Cases of eighteen months, a batch of days at a time, as the prototypes stand; their numbers, counters and ratings."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

from mingqu.cases.models import Case
from mingqu.config.demo.history.copying import Lines, Rows, columns, field
from mingqu.config.demo.history.templates import Filled
from mingqu.evaluation.models import Rating, RatingCount
from mingqu.identity.models import Person
from mingqu.kernel.crypto import encrypt_bytes
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.models import NumberSeries
from tests.bench.million import land, prototypes
from tests.bench.million.items import source
from tests.bench.million.land import County, Size
from tests.bench.million.pour import note, owner, pour, settle
from tests.bench.million.prototypes import WAYS, Template, Way

CASES_AT_ONCE, PEOPLE_AT_ONCE = 4_000, 20_000
NAMES = 300
RATED, RATED_AFTER = 0.1, 10  # share of what is archived; working days after the receipt
LEVELS = (5, 5, 5, 5, 4, 4, 3, 2, 1)
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
NAMES_OF_PEOPLE = [a + b for a in SURNAMES for b in GIVEN][:NAMES]


def ciphers(model: Any, name: str) -> list[str]:
    """The names of people as this column has them, encrypted once; one person's name is always the same."""
    column = model._meta.get_field(name)
    found: list[str] = note(
        f"names of {model._meta.db_table}",
        lambda: [_sealed(column, one) for one in NAMES_OF_PEOPLE],
    )
    return found


def _sealed(column: Any, text: str) -> str:
    """As an encrypted column has it, in COPY's format."""
    return field(encrypt_bytes(text.encode(), context=column.context))


def pour_people(size: Size, tell: Callable[[str], None]) -> int:
    """Who applies: people with a name that they told a clerk."""
    names = ciphers(Person, "name")
    fixed = {"document_kind": "", "assurance": 1, "created_at": "2025-01-02 04:00:00+00"}

    def make(batch: int) -> tuple[int, Rows]:
        lines = Lines(columns(Person))
        numbers = range(batch * PEOPLE_AT_ONCE, min(size.people, (batch + 1) * PEOPLE_AT_ONCE))
        for number in numbers:
            row = fixed | {"id": land.person_id(number), "name": None}
            values = [field(row.get(one)) for one in lines.columns]
            values[lines.columns.index("name")] = names[number % NAMES]
            lines.text.append("\t".join(values) + "\n")
        return len(numbers), {"identity_person": lines}

    return pour("people", -(-size.people // PEOPLE_AT_ONCE), make, size.people, tell)


def batches_of_days(size: Size) -> list[range]:
    """Whole days, so that the counters of a day are written once; not more cases than a batch may hold."""
    found, since, held = list[range](), size.begins, 0
    for place in range(size.begins, size.ends + 1):
        here = len(size.on(place))
        if held and held + here > CASES_AT_ONCE:
            found.append(range(since, place))
            since, held = place, 0
        held += here
    return [*found, range(since, size.ends + 1)]


class Pouring:
    """What every batch needs: the prototypes, who applies, the plans of the bureaus."""

    def __init__(self, size: Size, made: dict[str, str], plans: dict[str, str], whose: UUID) -> None:
        with owner() as cursor:
            self.templates = prototypes.read(cursor, made)
        self.size, self.plans, self.whose = size, plans, whose
        self.names = ciphers(Case, "applicant_name")
        self.days = [day.isoformat() for day in size.days]
        self.kinds = [kind for kind in range(size.kinds) if land.applicable(kind)]

    def batch(self, places: range) -> tuple[int, Rows]:
        dice, rows, made = self.size.dice("cases", places.start), _tables(self.templates), 0
        for place in places:
            counted, rated = Counter[County](), Counter[tuple[UUID, str, int]]()
            for at, number in enumerate(self.size.on(place)):
                self._case(rows, dice, place, (at, number), counted, rated)
                made += 1
            self._counters(rows, place, counted, rated)
        return made, rows

    def _case(
        self,
        rows: Rows,
        dice: Random,
        place: int,
        which: tuple[int, int],
        counted: Counter[County],
        rated: Any,
    ) -> None:
        at, number = which
        way = _way(dice, self.size.ends - place)
        county = dice.choices(land.counties(), cum_weights=land.shares())[0]
        kind = self.kinds[int(dice.random() * len(self.kinds))]
        bureau, code = land.bureau_of(kind, county), land.item_code(kind, county)
        counted[county] += 1
        whose = dice.randrange(self.size.people)
        root = _time_ordered(self.size.days[place], at, dice)
        values = {
            "number": f"{county.stem}{self.days[place].replace('-', '')}{counted[county]:06d}",
            "person": str(self.whose if self.size.is_of_one(number) else land.person_id(whose)),
            "cipher": self.names[whose % NAMES],
            "bureau": str(bureau.id),
            "revision": str(land.revision_id(code)),
            "item": code,
            "name": name_of(kind, self.size),
            "region": county.code,
            "plan": self.plans[bureau.code],
            "paper": f"{bureau.name}〔{self.days[place][:4]}〕{number}号",
            **{f"post {one}": bureau.post(one) for one in land.POSTS},
        }
        template = self.templates[way.name]
        filled = Filled(values, template.root ^ root.int, self.days, place)
        for table, _columns, parts in template.tables:
            rows[table].text.append(filled.text(parts))
        if way.name == "archived" and dice.random() < RATED and place + RATED_AFTER <= self.size.ends:
            level = dice.choice(LEVELS)
            rated[bureau.id, code, level] += 1
            self._rating(rows, values, (root, level), self.days[place + RATED_AFTER])

    def _rating(self, rows: Rows, values: dict[str, str], told: tuple[UUID, int], day: str) -> None:
        lines, (root, level) = rows["evaluation_rating"], told
        row = {
            "root_id": root,
            "id": UUID(int=root.int ^ 1),
            "channel": "online",
            "contact": "result",
            "item_code": values["item"],
            "department_id": values["bureau"],
            "region_code": values["region"],
            "item_type": "01",
            "level": level,
            "reasons": "[]",
            "indicator_version": "1",
            "rated_at": f"{day} 04:00:00+00",
            "rated_on": day,
        }
        told_in_words = [_empty() if one == "text" else field(row[one]) for one in lines.columns]
        lines.text.append("\t".join(told_in_words) + "\n")

    def _counters(self, rows: Rows, place: int, counted: Counter[County], rated: Any) -> None:
        """The series that numbers came from, and the public figures of ratings, as the product keeps them."""
        lines, day = rows["kernel_numberseries"], self.days[place]
        for county, last in counted.items():
            row = {"kind": "case", "organ": county.stem, "period": day.replace("-", ""), "last": last}
            lines.add(*(row[one] for one in lines.columns))
        lines = rows["evaluation_ratingcount"]
        for (bureau, code, level), count in rated.items():
            on = self.days[place + RATED_AFTER]
            row = {"department_id": bureau, "item_code": code, "day": on, "level": level, "count": count}
            lines.add(*(row[one] for one in lines.columns))


@cache
def _empty() -> str:
    """An empty text, encrypted."""
    return _sealed(Rating._meta.get_field("text"), "")


def _tables(templates: dict[str, Template]) -> Rows:
    found = {table: Lines(names) for one in templates.values() for table, names, _parts in one.tables}
    for model in (NumberSeries, Rating, RatingCount):
        found[model._meta.db_table] = Lines(columns(model))
    return found


@cache
def _ways(age: int) -> tuple[list[Way], list[float]]:
    """How a case of that age, in working days, may stand."""
    able = [way for way in WAYS if way.life <= age <= way.until]
    return able, list(accumulate(way.weight for way in able))


def _way(dice: Random, age: int) -> Way:
    able, weights = _ways(min(age, prototypes.LONG))
    return dice.choices(able, cum_weights=weights)[0]


def _time_ordered(day: date, at: int, dice: Random) -> UUID:
    """A version 7 id of that day, the `at`-th of it."""
    noon = datetime.combine(day, time(8), BEIJING).timestamp()
    number = (int(noon * 1000) + at * 1000) << 80 | 7 << 76 | dice.getrandbits(12) << 64
    return UUID(int=number | 2 << 62 | dice.getrandbits(62))


@cache
def name_of(kind: int, size: Size) -> str:
    """The same in every county."""
    return source(kind, land.counties()[0], size).name


def pour_cases(
    size: Size, made: dict[str, str], plans: dict[str, str], whose: UUID, tell: Callable[[str], None]
) -> int:
    """All cases, the oldest first; how many were made now."""
    days = batches_of_days(size)
    pouring = Pouring(size, made, plans, whose)
    poured = pour("cases", len(days), lambda batch: pouring.batch(days[batch]), size.cases, tell)
    settle([*_tables(pouring.templates), "identity_person"])
    return poured
