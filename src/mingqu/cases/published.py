"""
准予行政许可的决定, open to everyone (行政许可法 40; 第五条 for what is not): what was granted, by whom, to whom.

A natural person is shown as 张*, a firm with its whole name. Where the definition says why its decisions are not open,
neither number nor name is told, only that there was one.
"""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from mingqu.cases import rules
from mingqu.cases.models import Case, Decision
from mingqu.cases.worklists import Cursor
from mingqu.catalogue import selectors as catalogue
from mingqu.identity import selectors as identity
from mingqu.kernel.masking import mask_name
from mingqu.kernel.training import is_training

PAGE = 20
MOST_NAMED = 500  # of one firm or number, looked through for what is open
GRANTS = (Decision.Kind.GRANTED, Decision.Kind.DEEMED)


@dataclass(frozen=True)
class Granted:
    """One decision as everyone may read it. `party` and `document_number` are "" where `not_public` says why."""

    item_code: str
    item_name: str
    handling_item: str
    department_id: UUID
    decided_on: date
    party: str
    document_number: str
    deemed: bool
    not_public: str = ""


@dataclass(frozen=True)
class WantedGrants:
    """Which of them: of an organ, of an item, between two days, to a firm whose name begins so, or with this 文号."""

    department_id: UUID | None = None
    item_code: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""


def granted(wanted: WantedGrants, *, before: Cursor | None = None) -> tuple[list[Granted], Cursor | None]:
    """A page of them, the latest first, and where it goes on. Keyset; training regions are left out."""
    rows = Case.objects.filter(_wanted(wanted), outcome=Case.Outcome.GRANTED, item_type=rules.LICENCE)
    rows = rows.filter(decided_on__isnull=False).order_by("-decided_on", "-id")
    if before and before.due_on:
        rows = rows.filter(
            Q(decided_on__lt=before.due_on) | Q(decided_on=before.due_on, pk__lt=before.case_id)
        )
    # Who looks for a firm or a number must not learn by the answer, nor by a page after it, what is not open.
    found = list(_columns(rows)[: MOST_NAMED if wanted.words else PAGE + 1])
    if wanted.words:
        found = [case for case in found if not _closed(case)][: PAGE + 1]
    shown = found[:PAGE]
    more = Cursor(shown[-1].decided_on, shown[-1].pk) if len(found) > PAGE else None
    numbers = _numbers(shown)
    return [
        _line(case, numbers.get(case.pk, "")) for case in shown if not is_training(case.region_code)
    ], more


def _columns(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.only(
        "item_code",
        "item_name",
        "handling_item",
        "handling_code",
        "revision_id",
        "department_id",
        "region_code",
        "decided_on",
        "deemed_granted",
        "applicant_name",
        "party_kind",
        "party_name",
    )


def _wanted(wanted: WantedGrants) -> Q:
    asked = Q()
    if wanted.department_id:
        asked &= Q(department_id=wanted.department_id)
    if wanted.item_code:
        asked &= Q(item_code=wanted.item_code)
    if wanted.since:
        asked &= Q(decided_on__gte=wanted.since)
    if wanted.until:
        asked &= Q(decided_on__lte=wanted.until)
    if words := wanted.words.strip():
        ids = Decision.objects.filter(document_number=words, kind__in=GRANTS).values_list(
            "case_id", flat=True
        )
        firms = identity.firms_named(words)
        asked &= Q(pk__in=list(ids[:PAGE])) | Q(party_id__in=firms, party_kind=Case.PartyKind.FIRM)
    return asked


def _numbers(rows: list[Case]) -> dict[UUID, str]:
    found = Decision.objects.filter(case_id__in=[case.pk for case in rows], kind__in=GRANTS).order_by("at")
    return dict(found.values_list("case_id", "document_number"))


def _closed(case: Case) -> str:
    """Why its decisions are not open, "" where they are."""
    return str(catalogue.definition(case.revision_id, case.handling_code).result.not_public)


def _line(case: Case, number: str) -> Granted:
    assert case.decided_on is not None  # the filter asks for it
    firm = case.party_kind == Case.PartyKind.FIRM
    line = Granted(
        item_code=case.item_code,
        item_name=case.item_name,
        handling_item=case.handling_item,
        department_id=case.department_id,
        decided_on=case.decided_on,
        party=(case.party_name if firm else mask_name(case.applicant_name or "")) or "",
        document_number=number,
        deemed=case.deemed_granted,
    )
    reason = _closed(case)
    return replace(line, party="", document_number="", not_public=reason) if reason else line
