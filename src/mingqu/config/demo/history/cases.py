"""Cases of eighteen months, as the patterns stand: their rows, their ledger, their numbers, ratings and counts."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import psycopg
from django.apps import apps

from mingqu.cases.models import Case
from mingqu.cases.rules import QUERY_CODE_LENGTH, QUERY_CODE_LETTERS
from mingqu.certificates import rules as licences
from mingqu.certificates import selectors as certificates
from mingqu.certificates.models import Certificate
from mingqu.clocks import selectors as clocks
from mingqu.config.demo.district import REGION
from mingqu.config.demo.history import ledger
from mingqu.config.demo.history.copying import Lines, Rows, columns, copy
from mingqu.config.demo.history.making import Kind
from mingqu.config.demo.history.patterns import ALL, NAMES, PEOPLE, Licence, Pattern, sealed
from mingqu.config.demo.history.templates import Filled
from mingqu.config.demo.history.ways import Way
from mingqu.identity.models import Person
from mingqu.kernel.identifiers import CertificateId
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.models import NumberSeries

MONTHS = 18
LIFE_DAYS = 200  # of the calendar, past the last day: deadlines of what came in last
PER_PERSON = 3
LATER = 150  # minutes
AT_ONCE = 2000
# Around the Spring Festival people apply for little: share of a usual day, by calendar days from its holiday.
DIP, NEAR = 0.4, 12
FESTIVAL = ((1, 15), (2, 28))  # month and day between which it begins
HOLIDAY = 6  # days in a row without work

Made = dict[tuple[Kind, Way], Pattern]


@dataclass(frozen=True)
class Span:
    """The days of the history. `until`: its last working day."""

    until: date

    @cached_property
    def days(self) -> list[date]:
        calendar = clocks.current_calendar()
        first = self.until - timedelta(days=round(MONTHS * 30.44))
        every = (first + timedelta(days=n) for n in range((self.until - first).days + LIFE_DAYS))
        return [day for day in every if calendar.working_day(day)]

    @cached_property
    def last(self) -> int:
        return self.days.index(self.until)

    @cached_property
    def weights(self) -> list[float]:
        """How much of a usual day each is."""
        return [DIP if self._near_festival(day) else 1.0 for day in self.days[: self.last + 1]]

    @cached_property
    def festivals(self) -> list[tuple[date, date]]:
        """The working days before and after each Spring Festival."""
        return [
            (one, following)
            for one, following in zip(self.days, self.days[1:], strict=False)
            if (following - one).days > HOLIDAY
            and FESTIVAL[0] <= (following.month, following.day)
            and (one.month, one.day) <= FESTIVAL[1]
        ]

    def _near_festival(self, day: date) -> bool:
        return any(
            0 <= (before - day).days <= NEAR or 0 <= (day - after).days <= NEAR
            for before, after in self.festivals
        )

    def numbers(self, cases: int) -> list[int]:
        """How many cases each day brings; all of them together are `cases`."""
        whole = sum(self.weights)
        up_to = [round(cases * part / whole) for part in accumulate(self.weights)]
        return [there - before for there, before in zip(up_to, [0, *up_to], strict=False)]


class Pouring:
    """Writes the cases; `since`: the day from which the revision in force was asked."""

    def __init__(self, cursor: psycopg.Cursor[Any], made: Made, until: date, since: date) -> None:
        self.cursor, self.made, self.span, self.since = cursor, made, Span(until), since
        self.days = [day.isoformat() for day in self.span.days]
        self.kinds = list(dict.fromkeys(kind for kind, _way in made))
        self.two = any(
            one.before for one in self.kinds
        )  # whether there is a revision before the one in force
        self.dice = Random("mingqu:demo:history")  # noqa: S311  fictional cases
        self.last = Counter[tuple[str, str, str]](
            {(one.kind, one.organ, one.period): one.last for one in NumberSeries.objects.all()}
        )
        self.series = Counter[tuple[str, str, str]]()
        self.rated = Counter[tuple[str, str, str, int]]()
        self.entries = list[tuple[UUID, int, bytes]]()
        self.query, self.code = (
            Case._meta.get_field("query_code"),
            Certificate._meta.get_field("verification_code"),
        )

    def people(self, number: int) -> list[UUID]:
        """Who applies: people with the name that they told."""
        lines, column = Lines(columns(Person)), Person._meta.get_field("name")
        names = [sealed(column, one) for one in PEOPLE]
        found = [uuid5(NAMESPACE_URL, f"mingqu:demo:history:person:{n}") for n in range(number)]
        row: dict[str, Any] = {
            "document_kind": "",
            "assurance": 1,
            "created_at": f"{self.days[0]} 01:00:00+00",
        }
        for n, one in enumerate(found):
            told = {"id": str(one), "name": names[n % NAMES]} | {k: str(v) for k, v in row.items()}
            lines.text.append("\t".join(told.get(name, "\\N") for name in lines.columns) + "\n")
        copy(self.cursor, Person._meta.db_table, lines)
        return found

    def pour(self, cases: int) -> None:
        self.persons = self.people(max(20, cases // PER_PERSON))
        rows, held = self._tables(), 0
        for place, number in enumerate(self.span.numbers(cases)):
            for at in range(number):
                self._case(rows, place, at)
            held += number
            if held >= AT_ONCE:
                self._write(rows)
                rows, held = self._tables(), 0
        self._write(rows)
        self._counts()

    def _tables(self) -> Rows:
        tables = {apps.get_model(one)._meta.db_table: Lines(columns(apps.get_model(one))) for one in ALL}
        return tables | {one._meta.db_table: Lines(columns(one)) for one in ledger.TABLES}

    def _write(self, rows: Rows) -> None:
        for table, lines in rows.items():
            if lines.text:
                copy(self.cursor, table, lines)

    def _case(self, rows: Rows, place: int, at: int) -> None:
        kind, way = self._stands(place)
        pattern, who = self.made[kind, way], self.dice.randrange(len(self.persons))
        root = self._time_ordered(self.span.days[place], at)
        filled = Filled(
            self._values(pattern, who, place),
            pattern.root ^ root.int,
            self.days,
            place,
            self.dice.randrange(LATER),
        )
        for table, _columns, parts in pattern.tables:
            rows[table].text.append(filled.text(parts))
        for chain in pattern.chains:
            self.entries += ledger.write(rows, chain, filled)
        if way.level:
            self.rated[pattern.department, pattern.item, self.days[place + pattern.rated], way.level] += 1

    def _stands(self, place: int) -> tuple[Kind, Way]:
        """Which service, and how far it has come: what was asked before the revision in force is long over."""
        before, age = self.span.days[place] < self.since, self.span.last - place
        kinds = [one for one in self.kinds if not (one.revised and self.two) or one.before == before]
        (kind,) = self.dice.choices(kinds, [one.share for one in kinds])
        able = [way for of, way in self.made if of is kind and way.life <= age <= way.until]
        return kind, self.dice.choices(able, [way.weight for way in able])[0]

    def _values(self, pattern: Pattern, who: int, place: int) -> dict[str, str]:
        day, name = self.days[place], who % NAMES
        region, date_part = REGION[:6], day.replace("-", "")
        serial = self._next(("case", region, date_part))
        values = {
            "number": f"{region}{date_part}{serial:06d}",
            "person": str(self.persons[who]),
            "query": sealed(self.query, self._letters(QUERY_CODE_LETTERS, QUERY_CODE_LENGTH)),
            "none": "\\N",
            **{what: texts[name] for what, texts in pattern.sealed.items()},
        }
        if pattern.paper:
            year = self.days[place + pattern.paper.days][:4]
            number = self._next((pattern.paper.kind, pattern.paper.organ, year))
            values["paper"] = f"{pattern.paper.prefix}〔{year}〕{number}号"
        if pattern.licence:
            values |= self._licence(pattern.licence, self.span.days[place + pattern.licence.series.days])
        return values

    def _licence(self, of: Licence, decided: date) -> dict[str, str]:
        serial = self._next((of.series.kind, of.series.organ, str(decided.year)))
        number = licences.certificate_number(of.series.prefix, of.region, decided.year, serial)
        code = self._letters(licences.CODE_ALPHABET, licences.CODE_LENGTH)
        _since, until = certificates.validity(decided, of.years)
        return {
            "licence": number,
            "identifier": str(CertificateId(of.type_code, of.issuer, number, 1)),
            "code": sealed(self.code, code),
            "digest": certificates.code_digest(code),
            "until": until.isoformat() if until else "",
        }

    def _next(self, series: tuple[str, str, str]) -> int:
        self.series[series] = self.series.get(series, self.last[series]) + 1
        return self.series[series]

    def _letters(self, letters: str, number: int) -> str:
        return "".join(self.dice.choices(letters, k=number))

    def _time_ordered(self, day: date, at: int) -> UUID:
        """A version 7 id of that day, the `at`-th of it."""
        morning = datetime.combine(day, time(8), BEIJING).timestamp()
        number = (int(morning * 1000) + at * 1000) << 80 | 7 << 76 | self.dice.getrandbits(12) << 64
        return UUID(int=number | 2 << 62 | self.dice.getrandbits(62))

    def _counts(self) -> None:
        """The series that numbers came from, and the public figures of ratings, as the product keeps them."""
        self.cursor.executemany(
            "INSERT INTO kernel_numberseries (kind, organ, period, last) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (kind, organ, period) DO UPDATE SET last = excluded.last",
            [(*series, last) for series, last in self.series.items()],
        )
        self.cursor.executemany(
            "INSERT INTO evaluation_ratingcount AS c (department_id, item_code, day, level, count)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (department_id, item_code, day, level)"
            " DO UPDATE SET count = c.count + excluded.count",
            [(*of, count) for of, count in self.rated.items()],
        )
