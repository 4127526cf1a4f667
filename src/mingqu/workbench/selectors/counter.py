"""The result counter (出件): what lies here for whom, the oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from mingqu.cases import selectors as cases
from mingqu.clocks import selectors as clocks
from mingqu.documents import selectors as documents
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name, mask_phone
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench.selectors.words import clock_words
from mingqu.workbench.types import ClockWords

if TYPE_CHECKING:
    from mingqu.cases.models import Case

PAGE = 30
LYING = 7  # days after which nobody has come: 久未领取, a setting of the hall
CITIZEN_NUMBER = 18  # digits; a case has 20
READY = ("decision_granted", "decision_refused", "approval_granted", "approval_refused")


@dataclass(frozen=True)
class Lying:
    """A result that waits at the counter."""

    number: str
    name: str
    outcome: str
    applicant: str
    phone: str
    decided_on: date | None
    clock: ClockWords
    ready: bool  # its papers are made


@dataclass(frozen=True)
class CounterPage:
    rows: list[Lying]
    next_after: str
    longest: bool


def counter(actor: Actor, at: Instant, *, after: str = "", longest: bool = False) -> CounterPage:
    """One page; `longest`: only what lies here longer than LYING days."""
    day = legal_day(at)
    before = day - timedelta(days=LYING) if longest else None
    found = cases.waiting_for_collection(
        actor, decided_before=before, after=cases.Cursor.parse(after), limit=PAGE + 1
    )
    shown = found[:PAGE]
    more = str(cases.Cursor(shown[-1].due_on, shown[-1].pk)) if len(found) > PAGE else ""
    return CounterPage(_lying(shown, day), more, longest)


def is_citizen_number(number: str) -> bool:
    return len("".join(number.split())) == CITIZEN_NUMBER


def found(actor: Actor, number: str, at: Instant) -> list[Lying]:
    """By case number or citizen number, exactly; only what may be handed out here."""
    digits = "".join(number.split())
    scope = cases.visible_cases(actor)
    if is_citizen_number(number):
        people = [p.id for p in identity.people_with_number(digits)]
        rows = list(scope.filter(applicant_id__in=people).order_by("-id")[:PAGE])
    else:
        rows = list(scope.filter(number=digits)[:1])
    return _lying([c for c in rows if "case.deliver" in cases.actions_now(actor, c)], legal_day(at))


def lying(case: "Case", at: Instant) -> Lying:
    return _lying([case], legal_day(at))[0]


def _lying(rows: Sequence["Case"], day: date) -> list[Lying]:
    """However many, in four statements."""
    phones = identity.contacts_of(case.applicant_id for case in rows)
    ready = documents.ready_among((case.pk for case in rows), READY)
    calendar = clocks.current_calendar()
    return [
        Lying(
            number=case.number,
            name=f"{case.item_name}（{case.handling_item}）",
            outcome=case.get_outcome_display(),
            applicant=mask_name(case.party_name or case.applicant_name or ""),
            phone=mask_phone(phones[case.applicant_id]) if case.applicant_id in phones else "",
            decided_on=case.decided_on,
            clock=clock_words(case.due_on, day, calendar, without="没有期限"),
            ready=case.pk in ready,
        )
        for case in rows
    ]
