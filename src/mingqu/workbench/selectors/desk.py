"""The lists of the desk, soonest due first, one page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from mingqu.across import selectors as across
from mingqu.cases import selectors as cases
from mingqu.cases.recusing.selectors import undecided
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.errors import ItemUnknown
from mingqu.clocks import selectors as clocks
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as process
from mingqu.ui.text import zh_day_short
from mingqu.workbench.case_types import ClaimMark
from mingqu.workbench.selectors import claims
from mingqu.workbench.selectors.handled import cursor_of, deeds
from mingqu.workbench.selectors.tabs import COUNTED, TABS
from mingqu.workbench.selectors.words import STATUSES, clock_words, labels_of, no_clock_words, status_words
from mingqu.workbench.types import DeskPage, DeskQuery, DeskRow, StatusWords

if TYPE_CHECKING:
    from mingqu.cases.models import Case

PAGE = 30
ITEMS = 200
NAMED = 20  # items a search shows
MOST = 99  # a list that is longer says 99+


Steps = Sequence[tuple[str, str, str]]  # id, name, post


@dataclass(frozen=True)
class Now:
    """The legal day of a page and the calendar it counts with, read once."""

    today: date
    calendar: clocks.Calendar
    moment: Instant

    @classmethod
    def at(cls, at: Instant) -> "Now":
        return cls(legal_day(at), clocks.current_calendar(), at)


def desk_page(actor: Actor, query: DeskQuery, at: Instant) -> DeskPage:
    """One page of a tab; six statements at most, one more where something came by a window."""
    tab, now = TABS[query.tab], Now.at(at)
    steps = _steps(query.item)
    rows, next_after = _READ[tab.kind](actor, query, steps, now)
    choices = [(code, STATUSES[code]) for code in tab.statuses] if len(tab.statuses) > 1 else []
    listed = [(step, name) for step, name, _post in steps] if tab.kind in ("cases", "tasks") else []
    counted = {} if query.after else _counts(actor, now)
    items, every = _items(actor, query.item, rows)
    return DeskPage(rows, next_after, items, choices, listed, counted, every)


def export_rows(actor: Actor, query: DeskQuery, at: Instant, *, most: int) -> Iterator[DeskRow]:
    """The whole list of a query, page after page, `most` rows at the longest."""
    read, steps, now, given = _READ[TABS[query.tab].kind], _steps(query.item), Now.at(at), 0
    page = replace(query, after="", trail=())
    while given < most:
        rows, after = read(actor, page, steps, now)
        yield from rows[: most - given]
        given += len(rows)
        if not after:
            return
        page = replace(page, after=after)


def next_number(actor: Actor, query: DeskQuery, after: str, at: Instant) -> str | None:
    """The case after this one in the first page of a list, else the first other one; none that a colleague claimed."""
    rows, _after = _READ[TABS[query.tab].kind](actor, query, (), Now.at(at))
    numbers = list(dict.fromkeys(row.number for row in rows if not row.taken or row.number == after))
    place = numbers.index(after) + 1 if after in numbers else 0
    return next((number for number in (*numbers[place:], *numbers[:place]) if number != after), None)


def find_case(actor: Actor, number: str) -> str | None:
    """The number of the one case with exactly this number, if the actor may see it."""
    digits = "".join(number.split())
    return next(iter(cases.visible_cases(actor).filter(number=digits).values_list("number", flat=True)), None)


def items_named(actor: Actor, words: str) -> list[tuple[str, str]]:
    """Items whose name or code has these words, of those the post may have cases of: code and name."""
    found = _own_items(actor).filter(Q(name__contains=words) | Q(code=words.upper()))
    return list(found.values_list("code", "name")[:NAMED])


def applicant_cases(actor: Actor, *, citizen_number: str = "", phone: str = "", at: Instant) -> list[DeskRow]:
    """
    The newest cases of whoever has this whole citizen number, or signs in with this telephone number. The caller has
    checked identity.see_people and writes down that it was asked.

    Names can't be searched: they are encrypted, and only numbers have an index of keyed digests.
    """
    if citizen_number:
        people = [person.id for person in identity.people_with_number(citizen_number)]
    else:
        account = identity.citizen_with_phone(phone)
        people = [account.person_id] if account else []
    found = cases.cases_of_people(actor, people)
    return _rows(found, Now.at(at))


def _cases(actor: Actor, query: DeskQuery, steps: Steps, now: Now) -> tuple[list[DeskRow], str]:
    tab = TABS[query.tab]
    wanted = tab.wanted(
        now.today,
        now.calendar,
        status=query.status,
        item=query.item,
        step=next(((post, step) for step, _name, post in steps if step == query.step), None),
        received_first=query.sort == "received",
    )
    after = cases.Cursor.parse(query.after) if query.after else None
    found = cases.worklist(actor, wanted, after=after, limit=PAGE + 1)
    page = found[:PAGE]
    more = str(cases.cursor_of(page[-1], wanted.order)) if len(found) > PAGE else ""
    return _rows(page, now, with_steps=True), more


def _checks(actor: Actor, query: DeskQuery, steps: Steps, now: Now) -> tuple[list[DeskRow], str]:
    """Promises to be checked: the day is that of the check, the step names what was promised."""
    after = cases.Cursor.parse(query.after) if query.after else None
    found = cases.after_checks(actor, item=query.item, after=after, limit=PAGE + 1)
    rows = []
    for case, check in found[:PAGE]:
        named = {m.code: m.name for m in cases.definition_of(case).materials}
        step = f"核查承诺：{named.get(check.material_code, check.material_code)}"
        rows.append(_row(case, step, check.due_on, now))
    last = found[PAGE - 1][1] if len(found) > PAGE else None
    return rows, str(cases.Cursor(last.due_on, last.id)) if last else ""


def _handled(actor: Actor, query: DeskQuery, steps: Steps, now: Now) -> tuple[list[DeskRow], str]:
    """What this officer did something in, whoever has it now: in the place of the step what it was and when."""
    found = deeds(actor, query.item, now.moment, after=query.after, limit=PAGE + 1)
    page = found[:PAGE]
    rows = cases.visible_cases(actor).in_bulk([one.case_id for one in page])
    here = [(rows[one.case_id], one) for one in page if one.case_id in rows]
    asked = undecided([case for case, _deed in here])
    made = [
        _row(case, f"{zh_day_short(legal_day(deed.at))} {deed.words}", case.due_on, now, case.pk in asked)
        for case, deed in here
    ]
    return _marked(made, [case for case, _deed in here]), cursor_of(page[-1]) if len(found) > PAGE else ""


def _rows(found: Sequence["Case"], now: Now, *, with_steps: bool = False) -> list[DeskRow]:
    """`with_steps`: what is open in each of them, by one statement more."""
    reviewed = [case.pk for case in found if case.status == "accepted"] if with_steps else []
    tasks = process.open_tasks_of(reviewed) if reviewed else {}
    asked = undecided(found)
    rows = [
        _row(case, "、".join(t.name for t in tasks.get(case.pk, ())), case.due_on, now, case.pk in asked)
        for case in found
    ]
    return _marked(rows, found)


def _marked(rows: list[DeskRow], found: Sequence["Case"]) -> list[DeskRow]:
    """通办: what a hall of another district received says so; one statement, none where nothing came by a window."""
    elsewhere = across.marks(case.pk for case in found if case.channel == "window")
    return [
        replace(row, labels=[StatusWords("received", f"通办 · {elsewhere[case.pk]}代收"), *row.labels])
        if case.pk in elsewhere
        else row
        for row, case in zip(rows, found, strict=True)
    ]


def _row(
    case: "Case",
    step: str,
    due_on: date | None,
    now: Now,
    recusal: bool = False,
    mark: ClaimMark | None = None,
) -> DeskRow:
    labels = labels_of(case, recusal=recusal, today=now.today)
    return DeskRow(
        number=case.number,
        item=case.item_name,
        item_code=case.item_code,
        handling_item=case.handling_item,
        applicant=mask_name(case.applicant_name or ""),
        status=status_words(case.status, case.outcome),
        clock=clock_words(due_on, now.today, now.calendar, without=no_clock_words(case)),
        step=step,
        received_on=case.received_on,
        labels=[*labels, StatusWords("void" if mark.taken else "accepted", mark.words)] if mark else labels,
        taken=mark is not None and mark.taken,
    )


def _tasks(actor: Actor, query: DeskQuery, steps: Steps, now: Now) -> tuple[list[DeskRow], str]:
    """Open steps of the acting post, what is late first."""
    code = identity.post_code(actor.post_id) if actor.post_id else ""
    if not code:
        return [], ""
    order: cases.Order = "received" if query.sort == "received" else "due"
    holders = tuple(identity.people_at([code], now.today)) if query.claim == "free" else ()
    wanted = cases.StepsWanted(query.item, query.step, order, query.claim, holders)
    after = cases.StepCursor.parse(query.after) if query.after else None
    found = cases.steps_waiting(actor, code, wanted, after=after, limit=PAGE + 1)
    page = found[:PAGE]
    asked = undecided(one.case for one in page)
    marks = claims.marks(actor, [one.task for one in page], now.today)
    rows = [
        _row(one.case, one.task.name, one.day, now, one.case.pk in asked, marks.get(one.task.task_id))
        for one in page
    ]
    rows = _marked(rows, [one.case for one in page])
    more = str(cases.StepCursor(page[-1].place, page[-1].task.task_id)) if len(found) > PAGE else ""
    return rows, more


def _items(actor: Actor, chosen: str, rows: Sequence[DeskRow]) -> tuple[list[tuple[str, str]], bool]:
    """
    For the filter, by name: the items that the post may have cases of, and whether these are all. Where they are more
    than anybody looks through (a province has half a million), those of this page and the chosen one; nothing is put
    in order to find that out.
    """
    found = list(_own_items(actor).order_by().values_list("code", "name")[: ITEMS + 1])
    every = len(found) <= ITEMS
    if not every:
        here = {row.item_code: row.item for row in rows}
        if chosen and chosen not in here:
            here |= catalogue.names([chosen])
        found = list(here.items())
    return sorted(found, key=lambda item: (item[1], item[0])), every


def _own_items(actor: Actor) -> QuerySet[Any]:
    # 查询 and 依职权 never become a case.
    within = access.scope(actor, "case.see").q()
    return catalogue.published_items().filter(within, handling_kind="on_application")


def _steps(item: str) -> Steps:
    """Steps of an item, of all its handling items, for the filter; none where no item is chosen."""
    if not item:
        return ()
    try:
        _item, document = catalogue.current_document(item)
    except ItemUnknown:
        return ()
    found: dict[str, tuple[str, str, str]] = {}
    for handling in document.handling:
        for step in (*handling.steps, handling.decide):
            if step is not None:
                found.setdefault(step.id, (step.id, step.name, step.post))
    return tuple(found.values())


def counts_of(actor: Actor, at: Instant) -> dict[str, str]:
    """How long each list of a post is, for who does not look at it now."""
    return _counts(actor, Now.at(at))


def _counts(actor: Actor, now: Now) -> dict[str, str]:
    """How long each list of cases is, up to 99."""
    lists = {code: TABS[code].wanted(now.today, now.calendar) for code in COUNTED}
    found = cases.worklist_counts(actor, lists, "promises", most=MOST)
    return {code: f"{MOST}+" if number > MOST else str(number) for code, number in found.items()}


_READ = {"tasks": _tasks, "checks": _checks, "cases": _cases, "handled": _handled}
