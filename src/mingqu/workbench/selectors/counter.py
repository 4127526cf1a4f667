"""The result counter (出件): what lies here for whom, the oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.urls import reverse

from mingqu.across import selectors as across
from mingqu.cases import selectors as cases
from mingqu.clocks import selectors as clocks
from mingqu.documents import selectors as documents
from mingqu.hall import selectors as halls
from mingqu.hall.types import ResultView
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name, mask_phone
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting
from mingqu.workbench.selectors.words import clock_words
from mingqu.workbench.types import ClockWords

if TYPE_CHECKING:
    from mingqu.cases.models import Case

PAGE = 30
MOST_ROWS = 2000  # of a file
MOST_COUNTED = 99
LISTS: Final = {
    "all": "全部等领取",
    "away": "还没有到窗口",
    "here": "已到窗口、等来领",
    "longest": "久未领取",
}
AT_COUNTER = frozenset({"here", "longest"})
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
    at_counter: ResultView | None  # None: not registered at a counter yet
    to_send: bool  # its applicant asked to have it sent
    elsewhere: str  # 通办: the hall of another district that gives it out; "": this side does
    parcel: str  # the state of the parcel that is on its way; "": none


@dataclass(frozen=True)
class CounterPage:
    rows: list[Lying]
    next_after: str
    shown: str  # of LISTS
    whose: UUID | None = None  # post whose counter alone is shown


def counter(
    actor: Actor, at: Instant, *, shown: str = "all", whose: UUID | None = None, after: str = ""
) -> CounterPage:
    """
    One page of a list of LISTS: by the last day of service; of what lies here, the longest lying first. `whose`: only
    what lies at the counter of this post, so of what lies here.
    """
    shown = "here" if whose and shown not in AT_COUNTER else shown
    found, last = _page(actor, legal_day(at), (shown, whose), after, PAGE)
    return CounterPage(found, last, shown, whose)


def counter_rows(actor: Actor, at: Instant, shown: str, whose: UUID | None = None) -> list[Lying]:
    """The whole list, MOST_ROWS at most, for a file."""
    shown = "here" if whose and shown not in AT_COUNTER else shown
    rows: list[Lying] = []
    after = ""
    while len(rows) < MOST_ROWS:
        found, after = _page(actor, legal_day(at), (shown, whose), after, 500)
        rows += found
        if not after:
            break
    return rows[:MOST_ROWS]


def _page(
    actor: Actor, day: date, wanted: tuple[str, UUID | None], after: str, size: int
) -> tuple[list[Lying], str]:
    shown = wanted[0]
    if shown in AT_COUNTER:
        return _at_counter(actor, day, wanted, after, size)
    narrowed = halls.not_here() if shown == "away" else None
    found = cases.waiting_for_collection(
        actor, narrowed=narrowed, after=cases.Cursor.parse(after), limit=size + 1
    )
    rows = found[:size]
    more = str(cases.Cursor(rows[-1].due_on, rows[-1].pk)) if len(found) > size else ""
    return _lying(rows, day), more


def _at_counter(
    actor: Actor, day: date, wanted: tuple[str, UUID | None], after: str, size: int
) -> tuple[list[Lying], str]:
    late, whose = wanted[0] == "longest", wanted[1]
    cursor = cases.Cursor.parse(after)
    place = (cursor.due_on, cursor.case_id) if cursor and cursor.due_on else None
    found = halls.results_lying(actor, day, late=late, counter=whose, after=place, limit=size + 1)
    results = found[:size]
    known = {case.pk: case for case in cases.visible_cases(actor).filter(pk__in=[r.case_id for r in results])}
    rows = _lying(
        [known[r.case_id] for r in results if r.case_id in known], day, {r.case_id: r for r in results}
    )
    last = results[-1] if len(found) > size else None
    return rows, str(cases.Cursor(last.arrived_on, last.case_id)) if last else ""


def uncollected(actor: Actor, at: Instant) -> Waiting | None:
    """Results nobody has come for, on the first page of who hands them out."""
    late = (
        halls.late_results(actor, legal_day(at), MOST_COUNTED + 1) if access.may(actor, "case.deliver") else 0
    )
    if not late:
        return None
    words = f"{late}件" if late <= MOST_COUNTED else f"{MOST_COUNTED}件以上"
    days = halls.setting("uncollected_days")
    return Waiting(
        f"{words}结果超过{days}天没有来领",
        url=f"{reverse('workbench:counter')}?list=longest",
        label="久未领取的结果",
    )


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


def _lying(rows: Sequence["Case"], day: date, here: dict[UUID, ResultView] | None = None) -> list[Lying]:
    """However many, in eight statements; `here`: where they lie, if that was read already."""
    here = halls.results_of((case.pk for case in rows), day) if here is None else here
    phones = identity.contacts_of(case.applicant_id for case in rows)
    ready = documents.ready_among((case.pk for case in rows), READY)
    calendar = clocks.current_calendar()
    sent = halls.sent_among(case.pk for case in rows)
    elsewhere = across.given_elsewhere(
        case.pk for case in rows if case.channel == "window" and not case.by_post
    )
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
            at_counter=here.get(case.pk),
            to_send=case.by_post,
            elsewhere=elsewhere.get(case.pk, ""),
            parcel=sent.get(case.pk, ""),
        )
        for case in rows
    ]
