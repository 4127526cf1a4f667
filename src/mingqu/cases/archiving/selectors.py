"""归档清单: what was archived in a span of days, narrowed; of each file its papers, what is missing, its package."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from mingqu.cases import rules
from mingqu.cases.models import ArchiveRecord, ArchiveWork, Case, Decision
from mingqu.cases.worklists import Cursor
from mingqu.documents import selectors as documents
from mingqu.identity.services import access
from mingqu.kernel.types import Actor

# What a job has not done yet, or could not do, comes before how far the package is.
AT_WORK = ("waiting", "failed")
# How far a package is → what of it is asked.
STAGES: dict[str, Q | None] = {
    "none": None,
    "made": Q(sound=None, handed_on=None),
    "broken": Q(sound=False, handed_on=None),
    "checked": Q(sound=True, handed_on=None),
    "handed": Q(handed_on__isnull=False),
}


@dataclass(frozen=True)
class Asked:
    """Days, both included; an organ by code; words of the item's name; a code of retention; a key of STAGES."""

    since: date
    until: date
    organ: str = ""
    item: str = ""
    retention: str = ""
    stage: str = ""


def archived(actor: Actor, asked: Asked, *, after: Cursor | None = None, limit: int = 30) -> list[Case]:
    """Within the actor's scope, the latest first; keyset by day and id."""
    found = Case.objects.filter(
        access.scope(actor, "case.keep_archive").q(theirs=Case.THEIRS),
        archived_on__gte=asked.since,
        archived_on__lte=asked.until,
    )
    if asked.organ:
        found = found.filter(department__code=asked.organ)
    if asked.item:
        found = found.filter(item_name__contains=asked.item)
    record = ArchiveRecord.objects.filter(case_id=OuterRef("pk"))
    if asked.retention:
        found = found.filter(Exists(record.filter(retention=asked.retention)))
    work = ArchiveWork.objects.filter(case_id=OuterRef("pk"))
    if asked.stage in AT_WORK:
        found = found.filter(Exists(work.filter(state=asked.stage)))
    elif asked.stage in STAGES:
        wanted = STAGES[asked.stage]
        found = found.filter(~Exists(work.filter(state__in=AT_WORK)))
        found = found.filter(~Exists(record) if wanted is None else Exists(record.filter(wanted)))
    if after is not None and after.due_on is not None:
        found = found.filter(
            Q(archived_on__lt=after.due_on) | Q(archived_on=after.due_on, pk__lt=after.case_id)
        )
    return list(found.select_related("department").order_by("-archived_on", "-id")[:limit])


def cursor_of(case: Case) -> Cursor:
    return Cursor(case.archived_on, case.pk)


def record_of(case: Case) -> ArchiveRecord | None:
    return ArchiveRecord.objects.filter(case=case).first()


def work_of(case: Case) -> ArchiveWork | None:
    """What a job was last asked to do to its package."""
    return ArchiveWork.objects.filter(case=case).first()


def work_among(cases: Iterable[UUID]) -> dict[UUID, ArchiveWork]:
    """By case; one statement."""
    return {row.case_id: row for row in ArchiveWork.objects.filter(case_id__in=list(cases))}


def records_among(cases: Iterable[UUID]) -> dict[UUID, ArchiveRecord]:
    """By case; one statement."""
    return {row.case_id: row for row in ArchiveRecord.objects.filter(case_id__in=list(cases))}


def document_numbers(cases: Iterable[UUID]) -> dict[UUID, str]:
    """文号 of the decision of each that has one, the latest; one statement."""
    rows = Decision.objects.filter(case_id__in=list(cases)).order_by("at", "id")
    return {case_id: number for case_id, number in rows.values_list("case_id", "document_number") if number}


def usual_retention(case: Case) -> str:
    """What was chosen last for this item of this organ; "" for the first."""
    like = ArchiveRecord.objects.filter(
        case__item_code=case.item_code, case__department_id=case.department_id
    )
    return like.order_by("-made_at").values_list("retention", flat=True).first() or ""


def missing_among(cases: Iterable[Case]) -> dict[UUID, list[str]]:
    """Of each case the kinds of documents that its file should have and has not ready; one statement."""
    found = list(cases)
    states = documents.states_among([case.pk for case in found])
    return {
        case.pk: [kind for kind in wanted(case) if states.get(case.pk, {}).get(kind) != "ready"]
        for case in found
    }


def wanted(case: Case) -> list[str]:
    """
    Kinds of documents the file of such a case has. A part of a bundle has its receipt and acceptance in the bundle's
    file; what was decided on the day it was accepted has one paper for both.
    """
    kinds = [] if case.bundle_id else ["receipt"]
    if case.accepted_on and not case.bundle_id and case.accepted_on != case.decided_on:
        kinds.append("acceptance_notice")
    if case.outcome and not case.deemed_granted:
        kinds.append(rules.decision_kind(case.item_type, case.outcome))
    if case.delivered_on and case.delivery_way == Case.DeliveryWay.WINDOW:
        kinds.append("service_record")
    return kinds
