"""
Cases that were really filed and taken on by the product's own commands, one for each way a case may stand; and the
rows of each as text with gaps, from which any number of others is written.

What differs from case to case: every id of the case's own (all by the same mask, so that what one id tells of another
stays true), every day (counted in working days from the day of receipt, so that deadlines fall on working days of
theirs), whose it is, which item and bureau, its numbers.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.apps import apps

from mingqu.cases import services
from mingqu.cases.models import Case, Decision
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.clocks import selectors as clocks
from mingqu.clocks.selectors import Calendar
from mingqu.kernel.legal_day import legal_day

TABLES = (
    "cases.Case",
    "cases.CaseNumber",
    "cases.CaseMaterial",
    "cases.MaterialFile",
    "cases.Opinion",
    "cases.Decision",
    "cases.ServiceOfPaper",
    "process.ProcessInstance",
    "process.Token",
    "process.Join",
    "process.Task",
    "process.Variable",
    "process.History",
    "clocks.ClockEntry",
    "documents.StoredFile",
)
POSTS = {
    "SCJG-SPXK-01": "01",
    "SCJG-SPXK-SH": "SH",
    "SCJG-HC": "HC",
    "SCJG-QLS": "QLS",
    "SCJG-LEAD": "LEAD",
}
OWN = ("id", "instance_id", "token_id", "file_id")  # columns with ids of the case's own
UUID_TEXT = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
DAY_TEXT = r"20\d\d-\d\d-\d\d"


@dataclass(frozen=True)
class Inner:
    """An id of the case's own."""

    value: int


@dataclass(frozen=True)
class Named:
    """What the case or its item gives."""

    name: str


Part = str | int | Inner | Named  # an int: so many working days after the receipt


@dataclass(frozen=True)
class Template:
    """`root`: the id of the case it was made of; each table with its columns and the text of its rows."""

    status: str
    root: int
    tables: tuple[tuple[str, tuple[str, ...], tuple[Part, ...]], ...]


@dataclass(frozen=True)
class Way:
    """
    How a case may stand: from `life` working days after the receipt, when the last thing happened to it, until
    `until`, when no case stands there any more.
    """

    name: str
    life: int
    until: int
    weight: float
    make: Callable[[f.World], Case]


def later(days: int) -> datetime:
    """Noon so many working days after the receipt."""
    day = clocks.current_calendar().add_working_days(legal_day(f.FRIDAY_NOON), days) if days else None
    return f.FRIDAY_NOON.replace(year=day.year, month=day.month, day=day.day) if day else f.FRIDAY_NOON


def _accepted(w: f.World) -> Case:
    case = f.received_case(w)
    services.accept_case(case_id=case.pk, by=w.clerk, at=later(1), key=uuid4())
    return case


def _deciding(w: f.World) -> Case:
    case = _accepted(w)
    for step, day in (("fitness", 2), ("check", 3)):
        f.review(w, case, step, at=later(day))
    return case


def _decided(w: f.World, outcome: str = "granted") -> Case:
    case, reasons = _deciding(w), "" if outcome == "granted" else "场所不符合条件"
    services.decide_case(
        case_id=case.pk, outcome=outcome, reasons=reasons, by=w.leader, at=later(5), key=uuid4()
    )
    return case


def _delivered(w: f.World, outcome: str = "granted") -> Case:
    case = _decided(w, outcome)
    services.deliver_case(
        case_id=case.pk, served=Served.at_window("李晓禾"), by=w.clerk, at=later(6), key=uuid4()
    )
    return case


def _refused(w: f.World) -> Case:
    return _delivered(w, "refused")


def _archived(w: f.World) -> Case:
    case = _delivered(w)
    services.archive_case(case_id=case.pk, by=w.reviewer, at=later(8), key=uuid4())
    return case


def _special(w: f.World) -> Case:
    case = _accepted(w)
    expected = legal_day(later(12))
    services.pause_case(
        case_id=case.pk,
        ground="hearing",
        expected_until=expected,
        reason="申请人要求听证",
        by=w.reviewer,
        at=later(2),
        key=uuid4(),
    )
    return case


def _withdrawn(w: f.World) -> Case:
    case = _accepted(w)
    services.withdraw_case(case_id=case.pk, by=w.citizen, at=later(2), key=uuid4())
    return case


def _not_accepted(w: f.World) -> Case:
    case = f.received_case(w)
    services.refuse_acceptance(
        case_id=case.pk,
        ground="not_competent",
        organ="云禾区市场监督管理局",
        reason="场所不在本区",
        by=w.clerk,
        at=later(1),
        key=uuid4(),
    )
    return case


LONG = 10_000
WAYS = (
    Way("received", 0, 6, 60, f.received_case),
    Way("correction", 0, 15, 6, f.correction_case),
    Way("accepted", 1, 14, 40, _accepted),
    Way("late", 1, LONG, 0.4, _accepted),
    Way("special", 2, 30, 2, _special),
    Way("deciding", 3, 16, 25, _deciding),
    Way("decided", 5, 20, 30, _decided),
    Way("delivered", 6, 80, 80, _delivered),
    Way("refused", 6, LONG, 4, _refused),
    Way("withdrawn", 2, LONG, 3, _withdrawn),
    Way("not_accepted", 1, LONG, 2, _not_accepted),
    Way("archived", 8, LONG, 60, _archived),
)


def file_all(world: f.World) -> dict[str, str]:
    """File one case of each way; way -> id."""
    return {way.name: str(way.make(world).pk) for way in WAYS}


def read(cursor: psycopg.Cursor[Any], made: dict[str, str]) -> dict[str, Template]:
    """The cases as text with gaps."""
    calendar = clocks.current_calendar()
    return {way.name: _template(cursor, UUID(made[way.name]), calendar) for way in WAYS}


def _template(cursor: psycopg.Cursor[Any], case_id: UUID, calendar: Calendar) -> Template:
    case = Case.objects.get(pk=case_id)
    dumped, own, name = [], set[str](), ""
    for label in TABLES:
        model = apps.get_model(label)
        columns = tuple(str(one.column) for one in model._meta.concrete_fields)
        key = next(one for one in ("root_id", "case_id", "id") if one in columns)
        table = model._meta.db_table
        named = ", ".join(f'"{one}"' for one in columns)
        chosen = f"(SELECT {named} FROM {table} WHERE {key} = '{case_id}')"
        with cursor.copy(f"COPY {chosen} TO STDOUT") as stream:
            text = b"".join(bytes(block) for block in stream).decode()
        for line in text.splitlines():
            values = dict(zip(columns, line.split("\t"), strict=True))
            own |= {values[one] for one in OWN if one in values}
            if label == "cases.Case":
                name = values["applicant_name"]
        dumped.append((table, columns, text))
    own = {one for one in own if re.fullmatch(UUID_TEXT, one)}
    gaps = _Gaps(case, name, own, calendar)
    tables = tuple((table, columns, gaps.split(text)) for table, columns, text in dumped if text)
    return Template(case.status, case_id.int, tables)


class _Gaps:
    """What of the text of one case becomes a gap."""

    def __init__(self, case: Case, name: str, own: set[str], calendar: Calendar) -> None:
        self.received, self.own, self.calendar = case.received_on, own, calendar
        plan = case.revision.handling.get(code=case.handling_code).plan_digest
        self.named = {
            name: "cipher",
            case.number: "number",
            str(case.applicant_id): "person",
            str(case.department_id): "bureau",
            str(case.revision_id): "revision",
            case.item_code: "item",
            case.item_name: "name",
            case.region_code: "region",
            plan: "plan",
            **{post: f"post {which}" for post, which in POSTS.items()},
        }
        for decision in Decision.objects.filter(case=case):
            self.named[decision.document_number] = "paper"
        words = "|".join(re.escape(one) for one in sorted(self.named, key=len, reverse=True))
        self.pattern = re.compile(f"({UUID_TEXT}|{DAY_TEXT}|{words})")

    def split(self, text: str) -> tuple[Part, ...]:
        pieces = self.pattern.split(text)
        return tuple(one if n % 2 == 0 else self._gap(one) for n, one in enumerate(pieces) if one)

    def _gap(self, word: str) -> Part:
        if word in self.own:
            return Inner(UUID(word).int)
        if word in self.named:
            return Named(self.named[word])
        if re.fullmatch(DAY_TEXT, word):
            return self._days(date.fromisoformat(word))
        return word

    def _days(self, day: date) -> int:
        if day < self.received:
            raise ValueError(f"{day} lies before the receipt")
        return self.calendar.working_days_between(self.received, day)


def joined(parts: Sequence[Part], values: dict[str, str], mask: int, days: Sequence[str], place: int) -> str:
    """The text with its gaps filled. `days`: every working day as text, `place`: that of the receipt."""
    out = list[str]()
    for part in parts:
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, Inner):
            out.append(f"{part.value ^ mask:032x}")
        elif isinstance(part, int):
            out.append(days[place + part])
        else:
            out.append(values[part.name])
    return "".join(out)
