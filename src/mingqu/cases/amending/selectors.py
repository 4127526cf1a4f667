"""Questions about 作废 and 更正; each holds its access check or says that its caller does."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from mingqu.cases.amending import paper
from mingqu.cases.models import Case, FilingChange
from mingqu.cases.services import amending
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.ids import id_or_none
from mingqu.kernel.types import Actor

PAGE = 30
outage, outages, pack, packs = paper.outage, paper.latest, paper.pack, paper.packs
slips_of, slips_to_do = paper.slips_of, paper.count_to_do
blanks, typed_in_later = paper.blanks, paper.typed_in_later
SlipLine = paper.SlipLine
TAGS = {"waiting": "accepted", "done": "done", "declined": "void"}


@dataclass(frozen=True)
class FieldChange:
    """One field, as it was and as it is or will be."""

    name: str
    before: str = field(repr=False)
    after: str = field(repr=False)


@dataclass(frozen=True)
class ChangeLine:
    """One 作废 or 更正 of one case."""

    id: UUID
    number: str
    item: str
    kind: str
    kind_words: str
    state: str
    state_words: str
    tag: str
    reason: str = field(repr=False)
    fields: list[FieldChange] = field(repr=False)
    asked_by: UUID
    asked_name: str
    asked_at: datetime
    answered_name: str
    answer: str = field(repr=False)


def of_case(case: Case) -> list[ChangeLine]:
    """Newest first; no statement for what came in online. The caller has checked access."""
    if case.channel != Case.Channel.WINDOW:
        return []
    return _lines(FilingChange.objects.filter(case=case).select_related("case").order_by("-id"))


def waiting(actor: Actor, *, after: str = "") -> tuple[list[ChangeLine], str]:
    """What waits for a second person within the acting post's scope, oldest first; and where the page goes on."""
    rows = _waiting(actor).select_related("case").order_by("id")
    if cursor := id_or_none(after):
        rows = rows.filter(id__gt=cursor)
    found = list(rows[: PAGE + 1])
    return _lines(found[:PAGE]), str(found[PAGE - 1].id) if len(found) > PAGE else ""


def count_waiting(actor: Actor) -> int:
    """For others than who asked; one statement, a hundred at most are counted."""
    if not access.may(actor, "case.answer_change"):
        return 0
    return len(_waiting(actor).exclude(asked_by=actor.id).values_list("id", flat=True)[:100])


def _waiting(actor: Actor) -> QuerySet[FilingChange]:
    scope = access.scope(actor, "case.answer_change").q(
        department="case__department_id", region="case__region_code", item_type="case__item_type"
    )
    open_cases = ("received", "correction", "accepted")
    found = FilingChange.objects.filter(scope, state=FilingChange.State.WAITING, case__status__in=open_cases)
    return found.exclude(case__barred_ids__contains=[actor.id])


def _lines(found: Iterable[FilingChange]) -> list[ChangeLine]:
    rows = list(found)
    people = {row.asked_by for row in rows} | {row.answered_by for row in rows if row.answered_by}
    names = identity.names_of(people) if people else {}
    return [
        ChangeLine(
            id=row.id,
            number=row.case.number,
            item=row.case.item_name,
            kind=row.kind,
            kind_words=str(FilingChange.Kind(row.kind).label),
            state=row.state,
            state_words=str(FilingChange.State(row.state).label),
            tag=TAGS[row.state],
            reason=row.reason or "",
            fields=_fields(row),
            asked_by=row.asked_by,
            asked_name=names.get(row.asked_by, ""),
            asked_at=row.asked_at,
            answered_name=names.get(row.answered_by, "") if row.answered_by else "",
            answer=row.answer or "",
        )
        for row in rows
    ]


def _fields(row: FilingChange) -> list[FieldChange]:
    before, after = row.before or {}, row.after or {}
    shown = amending.shown(row.case, row.paths)
    return [
        FieldChange(row.names[path], shown(path, before.get(path)), shown(path, after.get(path)))
        for path in row.paths
    ]
