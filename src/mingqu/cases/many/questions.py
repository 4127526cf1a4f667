"""Questions about one's own tables; each holds its access check."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from mingqu.cases.many import columns
from mingqu.cases.many.columns import OWN
from mingqu.cases.many.commands import agent_of, capacity_of, is_of, service
from mingqu.cases.many.errors import ManyUnknown
from mingqu.cases.models import Case, ManyFiling, ManyRow
from mingqu.catalogue import selectors as catalogue
from mingqu.kernel.errors import DomainError, spoken
from mingqu.kernel.types import Actor
from mingqu.payments import selectors as payments

PAGE = 20
ROWS = 50
ITEMS = 30
SHOWN = ("wrong", "good", "filed", "refused")


@dataclass(frozen=True)
class BatchLine:
    id: UUID
    name: str
    file_name: str = field(repr=False)
    state: str
    state_words: str
    total: int
    uploaded_at: datetime


@dataclass(frozen=True)
class RowView:
    """A row for its owner; `case` what it became, `due` by when it is answered or decided."""

    line: int
    own: str = field(repr=False)
    state: str
    findings: list[tuple[str, str]] = field(repr=False)
    number: str = ""
    draft_id: UUID | None = None
    query_code: str = field(default="", repr=False)
    status: str = ""
    due_on: date | None = None
    ended: bool = False


@dataclass(frozen=True)
class RowPage:
    rows: tuple[RowView, ...]
    after: int | None


def batches(by: Actor, before: UUID | None = None) -> tuple[list[BatchLine], UUID | None]:
    """One's own in the name one acts in now, the newest first; and where the next page begins."""
    found = ManyFiling.objects.filter(owner_id=by.id, agent_id=agent_of(by), capacity_id=capacity_of(by))
    if before:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-id")[: PAGE + 1])
    lines = [
        BatchLine(
            one.pk,
            f"{one.item_name}（{one.handling_item}）",
            one.file_name or "",
            one.state,
            spoken(str(one.get_state_display())),
            one.total,
            one.uploaded_at,
        )
        for one in rows[:PAGE]
        if is_of(one, by)
    ]
    return lines, rows[PAGE - 1].pk if len(rows) > PAGE else None


def batch(by: Actor, batch_id: UUID) -> ManyFiling:
    """Raises ManyUnknown, also for another's."""
    found = ManyFiling.objects.filter(pk=batch_id).first()
    if found is None or not is_of(found, by):
        raise ManyUnknown()
    return found


def counts(of: ManyFiling) -> dict[str, int]:
    """How many rows are in each state; one statement."""
    found = ManyRow.objects.filter(batch=of).order_by().values_list("state").annotate(Count("line"))
    return dict.fromkeys(ManyRow.State.values, 0) | dict(found)


def rows(of: ManyFiling, state: str, after: int = 0) -> RowPage:
    """A page of the rows in one state, by line."""
    found = list(ManyRow.objects.filter(batch=of, state=state, line__gt=after).order_by("line")[: ROWS + 1])
    shown = found[:ROWS]
    return RowPage(tuple(_views(of, shown)), shown[-1].line if len(found) > ROWS else None)


def all_filed(of: ManyFiling) -> list[RowView]:
    """Every row that became a case, as it stands now: for the list on paper and in Excel; two statements."""
    return _views(of, list(ManyRow.objects.filter(batch=of, state=ManyRow.State.FILED).order_by("line")))


def _views(of: ManyFiling, found: list[ManyRow]) -> list[RowView]:
    ids = [row.draft_id for row in found if row.state == ManyRow.State.FILED]
    cases = {case.pk: case for case in Case.objects.filter(pk__in=ids)} if ids else {}
    place = next((n for n, header in enumerate(of.headers) if columns.plain(header) == OWN), None)
    return [_view(row, place, cases.get(row.draft_id)) for row in found]


def _view(row: ManyRow, place: int | None, case: Case | None) -> RowView:
    told: dict[str, Any] = {}
    if case is not None:
        told = {
            "query_code": case.query_code or "",
            "status": spoken(str(case.get_status_display())),
            "due_on": case.due_on,
            "ended": not case.is_open,
        }
    return RowView(
        row.line,
        row.cells[place] if place is not None else "",
        row.state,
        [(header, sentence) for header, sentence in row.findings],
        row.number,
        row.draft_id,
        **told,
    )


def wrong_rows(of: ManyFiling) -> Iterable[tuple[int, list[str], str]]:
    """Line, cells and what is to be corrected, of the rows that were not and will not be handed in."""
    states = (ManyRow.State.WRONG, ManyRow.State.REFUSED)
    for row in ManyRow.objects.filter(batch=of, state__in=states).order_by("line"):
        yield row.line, row.cells, "；".join("：".join(filter(None, one)) for one in row.findings)


def to_pay(of: ManyFiling) -> list[Any]:
    """What is owed for the cases of this table."""
    return payments.owed_of_cases(_case_ids(of))


def fees(of: ManyFiling) -> dict[str, list[Any]]:
    """Every fee of the cases of this table, by the number of the case; for the list."""
    found: dict[str, list[Any]] = {}
    for one in payments.notices_of_cases(_case_ids(of)):
        found.setdefault(one.case_number, []).append(one)
    return found


def _case_ids(of: ManyFiling) -> list[UUID]:
    ids = ManyRow.objects.filter(batch=of, state=ManyRow.State.FILED).values_list("draft_id", flat=True)
    return [one for one in ids if one]


def services(words: str) -> list[tuple[str, str, str]]:
    """(code, 业务办理项, name) of what can be handed in in bulk: everything that begins with no certificate."""
    found = []
    for item in catalogue.published_items(words=words)[:ITEMS]:
        for handling in catalogue.applicable(catalogue.document(item.current_id)):
            try:
                definition, _schema, _revision = service(item.code, handling.code)
            except DomainError:
                continue  # acts on a certificate, or nothing of it can be applied for now
            found.append((item.code, handling.code, f"{item.name}（{definition.handling_item.name}）"))
    return found
