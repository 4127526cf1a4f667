"""
Cases that were really filed and taken on by the product's own commands, one for each way a case may stand; and the
rows of each as text with gaps. What differs besides ids and days: whose it is, which item and bureau, its numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg

from mingqu.cases import services
from mingqu.cases.models import Case, Decision
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.clocks import selectors as clocks
from mingqu.clocks.selectors import Calendar
from mingqu.config.demo.history import templates
from mingqu.kernel.legal_day import legal_day

POSTS = {
    "SCJG-SPXK-01": "01",
    "SCJG-SPXK-SH": "SH",
    "SCJG-HC": "HC",
    "SCJG-QLS": "QLS",
    "SCJG-LEAD": "LEAD",
}


@dataclass(frozen=True)
class Template:
    """`root`: the id of the case it was made of; each table with its columns and the text of its rows."""

    status: str
    root: int
    tables: tuple[tuple[str, tuple[str, ...], templates.Parts], ...]


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
    dumped = templates.dump(cursor, [case_id])
    (name,) = next(one for one in dumped if one.table == Case._meta.db_table).values("applicant_name")
    gaps = templates.Gaps(case.received_on, templates.own_ids(dumped), _named(case, name), calendar)
    return Template(
        case.status, case_id.int, tuple((one.table, one.columns, gaps.split(one.text)) for one in dumped)
    )


def _named(case: Case, name: str) -> dict[str, str]:
    """What of a case's text differs from case to case."""
    plan = case.revision.handling.get(code=case.handling_code).plan_digest
    named = {
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
        named[decision.document_number] = "paper"
    return named
