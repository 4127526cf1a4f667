"""The lists of the desk, soonest due first, one page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.clocks import selectors as clocks
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as process
from mingqu.process.types import TaskRow
from mingqu.workbench.selectors.words import STATUSES, WITHOUT_CLOCK, clock_words, status_words
from mingqu.workbench.types import DeskPage, DeskQuery, DeskRow

if TYPE_CHECKING:
    from mingqu.cases.models import Case

PAGE = 30
SCAN = 200  # open steps read at most for one page when they are filtered by item
ITEMS = 200


@dataclass(frozen=True)
class Tab:
    """One list of the desk. Without `statuses`: the open steps of the acting post."""

    code: str
    label: str
    statuses: tuple[str, ...]
    empty: str
    next_step: str


TABS: dict[str, Tab] = {
    tab.code: tab
    for tab in (
        Tab("mine", "我的环节", (), "没有等您办的环节", "新的环节到了会排在这里，先到期的在前。"),
        Tab(
            "received", "待受理", ("received",), "没有待受理的申请", "申请人一提交就排在这里，先到期的在前。"
        ),
        Tab(
            "correction", "待补正", ("correction",), "没有等申请人补正的申请", "申请人补正后，回到“待受理”。"
        ),
        Tab("review", "审查中", ("accepted",), "没有审查中的办件", "受理以后的办件排在这里。"),
        Tab(
            "closing",
            "已决定、待归档",
            ("decided", "delivered", "not_accepted", "withdrawn"),
            "没有等送达或者归档的办件",
            "作出决定以后的办件排在这里。",
        ),
        Tab("all", "全部", tuple(STATUSES), "还没有办件", "申请人提交以后，办件排在这里。"),
    )
}


def desk_page(actor: Actor, query: DeskQuery, at: Instant) -> DeskPage:
    """One page of a tab; six statements at most."""
    tab = TABS[query.tab]
    rows, next_after = _tasks(actor, query, at) if not tab.statuses else _cases(actor, query, tab, at)
    choices = [(code, STATUSES[code]) for code in tab.statuses] if len(tab.statuses) > 1 else []
    return DeskPage(rows, next_after, _items(actor), choices)


def find_case(actor: Actor, number: str) -> str | None:
    """The number of the one case with exactly this number, if the actor may see it."""
    digits = "".join(number.split())
    return next(iter(cases.visible_cases(actor).filter(number=digits).values_list("number", flat=True)), None)


def applicant_cases(actor: Actor, citizen_number: str, at: Instant) -> list[DeskRow]:
    """
    The newest cases of whoever has this citizen number. The caller has checked identity.see_people.

    Names can't be searched: they are encrypted, and only numbers have an index of keyed digests.
    """
    people = identity.people_with_number(citizen_number)
    found = cases.cases_of_people(actor, [person.id for person in people])
    return _rows(found, at)


def _cases(actor: Actor, query: DeskQuery, tab: Tab, at: Instant) -> tuple[list[DeskRow], str]:
    statuses = [query.status] if query.status in tab.statuses else list(tab.statuses)
    after = cases.Cursor.parse(query.after) if query.after else None
    found = cases.worklist(actor, statuses=statuses, item=query.item, after=after, limit=PAGE + 1)
    page = found[:PAGE]
    more = str(cases.Cursor(page[-1].due_on, page[-1].pk)) if len(found) > PAGE else ""
    return _rows(page, at), more


def _rows(found: Sequence["Case"], at: Instant) -> list[DeskRow]:
    today, calendar = legal_day(at), clocks.current_calendar()
    return [_row(case, "", case.due_on, today, calendar) for case in found]


def _row(case: "Case", step: str, due_on: date | None, today: date, calendar: clocks.Calendar) -> DeskRow:
    return DeskRow(
        number=case.number,
        item=case.item_name,
        handling_item=case.handling_item,
        applicant=mask_name(case.applicant_name or ""),
        status=status_words(case.status, case.outcome),
        clock=clock_words(due_on, today, calendar, without=WITHOUT_CLOCK.get(case.status, "不计时")),
        step=step,
        received_on=case.received_on,
    )


def _tasks(actor: Actor, query: DeskQuery, at: Instant) -> tuple[list[DeskRow], str]:
    """
    Open steps of the acting post. Which of them to show is known only with their cases, so more are read
    than shown when an item is chosen; the next page goes on after the last one read.
    """
    code = identity.post_code(actor.post_id) if actor.post_id else ""
    wanted = SCAN if query.item else PAGE
    read = process.tasks_for_posts([code] if code else [], after=_cursor(query.after), limit=wanted + 1)
    visible = cases.cases_by_id(actor, {task.root_id for task in read[:wanted]})
    today, calendar = legal_day(at), clocks.current_calendar()
    rows: list[DeskRow] = []
    last: TaskRow | None = None
    for task in read[:wanted]:
        if len(rows) == PAGE:
            break
        last = task
        case = visible.get(task.root_id)
        if case is not None and query.item in {"", case.item_code}:
            rows.append(_row(case, task.name, task.due_on, today, calendar))
    finished = last is None or last is read[-1]
    return rows, "" if finished or last is None else _cursor_text(last)


def _cursor_text(task: TaskRow) -> str:
    due = task.due_on.isoformat() if task.due_on else "-"
    return f"{due}_{task.opened_at.timestamp():.6f}_{task.task_id}"


def _cursor(text: str) -> process.Cursor | None:
    """None for anything that is not a cursor: a stale link shows the first page."""
    try:
        due, opened, task_id = text.split("_")
        return process.Cursor(
            None if due == "-" else date.fromisoformat(due),
            datetime.fromtimestamp(float(opened), UTC),
            UUID(task_id),
        )
    except (ValueError, OverflowError):
        return None


def _items(actor: Actor) -> list[tuple[str, str]]:
    """Items that the post may have cases of, for the filter."""
    found = catalogue.published_items().filter(access.scope(actor, "case.see").q())
    return list(found.values_list("code", "name")[:ITEMS])
