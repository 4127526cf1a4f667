"""Questions about cases; each holds its access check or says that its caller does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from mingqu.cases import models, picture, rules, turns, visiting
from mingqu.cases.errors import CaseUnknown
from mingqu.cases.models import Case, CaseMaterial, CaseNumber, Decision, MaterialFile, Opinion
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition, SituationResult
from mingqu.documents import selectors as documents
from mingqu.documents.selectors import FileView
from mingqu.identity.services import access
from mingqu.kernel.crypto import blind_index
from mingqu.kernel.types import Actor

# What lists and guides of the rooms above share with our own pages.
OPEN = models.OPEN
turn_of = turns.turn_of
picture_of = picture.picture
PicturePlace = picture.Place
RECEIVE, ACCEPT, DELIVER = picture.RECEIVE, picture.ACCEPT, picture.DELIVER
VisitCursor = visiting.VisitCursor
visits_of, visit_of, visits_ahead = visiting.visits_of, visiting.visit_of, visiting.visits_ahead
checklist_of, points_found = visiting.checklist_of, visiting.points_found
photos_of, may_see_photos = visiting.photos_of, visiting.may_see_photos


def case_for_update(case_id: UUID) -> Case:
    """The case with its department, locked by its shard key: the first lock of every command. Raises CaseUnknown."""
    found = (
        Case.objects.select_related("department").select_for_update(of=("self",)).filter(pk=case_id).first()
    )
    if found is None:
        raise CaseUnknown()
    return found


def case_id_of(number: str) -> UUID:
    """From the public number to the id. Raises CaseUnknown."""
    digits = "".join(number.split())
    found = CaseNumber.objects.filter(number=digits).values_list("case_id", flat=True).first()
    if found is None:
        raise CaseUnknown()
    return found


def case_visible_to(actor: Actor | None, number: str) -> Case:
    """The case if this actor may see it. Raises CaseUnknown for absent and for forbidden alike."""
    case = Case.objects.filter(pk=case_id_of(number)).first()
    if case is None or not access.allows(actor, "case.see", case):
        raise CaseUnknown()
    return case


def case_visible_to_id(actor: Actor | None, case_id: UUID) -> Case:
    """The same by id, for what already knows it."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None or not access.allows(actor, "case.see", case):
        raise CaseUnknown()
    return case


def case_by_query_code(number: str, code: str) -> Case:
    """Public progress query (CAS-08). A wrong code gives no information. Raises CaseUnknown."""
    case = Case.objects.filter(pk=case_id_of(number)).first()
    given = "".join(code.split()).upper()
    if case is None or blind_index("cases.query", given) != blind_index("cases.query", case.query_code):
        raise CaseUnknown()
    return case


def definition_of(case: Case) -> Definition:
    """The definition the case was filed under."""
    return catalogue.definition(case.revision_id, case.handling_code)


def situation_of(case: Case) -> SituationResult:
    """Materials and steps of this case's answers."""
    return catalogue.situation_of_answers(definition_of(case), case.situation)


def cases_of(person_id: UUID, *, before: UUID | None = None, limit: int = 20) -> list[Case]:
    """A person's cases, newest first, keyset by id (ids are time-ordered)."""
    found = Case.objects.filter(applicant_id=person_id).order_by("-id")
    if before:
        found = found.filter(pk__lt=before)
    return list(found[:limit])


@dataclass(frozen=True)
class Cursor:
    """Where a worklist page ends: the due date (None comes last) and the id."""

    due_on: date | None
    case_id: UUID

    def __str__(self) -> str:
        return f"{self.due_on.isoformat() if self.due_on else '-'}_{self.case_id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """None for anything that is not a cursor: a stale link shows the first page."""
        day, _, case_id = text.partition("_")
        try:
            return cls(None if day == "-" else date.fromisoformat(day), UUID(case_id))
        except ValueError:
            return None


def worklist(
    actor: Actor, *, statuses: Sequence[str], item: str = "", after: Cursor | None = None, limit: int = 30
) -> list[Case]:
    """Cases the acting post may see in these states, by deadline; without one at the end. Keyset."""
    found = visible_cases(actor).filter(status__in=statuses).order_by("due_on", "id")
    if item:
        found = found.filter(item_code=item)
    if after:
        later = Q(due_on=after.due_on, pk__gt=after.case_id)
        if after.due_on is not None:
            later |= Q(due_on__gt=after.due_on) | Q(due_on=None)
        found = found.filter(later)
    return list(found[:limit])


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """Every case the actor may see."""
    return Case.objects.filter(access.scope(actor, "case.see").q())


def cases_by_id(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Case]:
    """Those of `ids` that the actor may see."""
    return {case.pk: case for case in visible_cases(actor).filter(pk__in=list(ids))}


def cases_of_people(actor: Actor, person_ids: Iterable[UUID], *, limit: int = 50) -> list[Case]:
    """The newest cases of these applicants that the actor may see."""
    return list(visible_cases(actor).filter(applicant_id__in=list(person_ids)).order_by("-id")[:limit])


def actions_now(actor: Actor | None, case: Case) -> frozenset[str]:
    """
    The commands this actor may give on this case in its present state: for buttons. Each command checks
    again, and a step of the review belongs to its post besides.
    """
    return frozenset(
        action
        for action, statuses in rules.ALLOWED_IN.items()
        if case.status in statuses and access.allows(actor, action, case)
    )


def overdue_unanswered(day: date, *, limit: int) -> list[UUID]:
    """Received cases whose five days (行政许可法 32(4)) ended before `day`."""
    return list(
        Case.objects.filter(status=Case.Status.RECEIVED, due_on__lt=day)
        .order_by("due_on", "id")
        .values_list("pk", flat=True)[:limit]
    )


def materials_of(case: Case) -> list[CaseMaterial]:
    return list(CaseMaterial.objects.filter(case=case).order_by("position"))


def files_of(case: Case, *, all_versions: bool = False) -> list[MaterialFile]:
    """Files of the materials, oldest first; replaced ones only if asked for."""
    states = [MaterialFile.State.CURRENT, *([MaterialFile.State.REPLACED] if all_versions else [])]
    return list(MaterialFile.objects.filter(root_id=case.pk, state__in=states).order_by("added_at", "id"))


def pending_files(root_id: UUID) -> list[MaterialFile]:
    """Files that wait: of a draft for filing, of a case for its correction. The caller has checked access."""
    found = MaterialFile.objects.filter(root_id=root_id, state=MaterialFile.State.PENDING)
    return list(found.order_by("added_at", "id"))


def waiting_uploads(root_id: UUID) -> dict[str, list[FileView]]:
    """The same as their owner sees them, by material; two statements. The caller has checked access."""
    shown = {file.id: file for file in documents.files_of(root_id)}
    found: dict[str, list[FileView]] = {}
    for row in pending_files(root_id):
        found.setdefault(row.material_code, []).append(shown[row.file_id])
    return found


def opinions_of(case: Case) -> list[Opinion]:
    return list(Opinion.objects.filter(case=case).order_by("at", "id"))


def decisions_of(case: Case) -> list[Decision]:
    return list(Decision.objects.filter(case=case).order_by("at", "id"))


def due_dates() -> Iterable[tuple[UUID, date | None]]:
    """(id, stored copy) of every running case, for the nightly check of the clocks."""
    return (
        Case.objects.filter(status__in=(Case.Status.RECEIVED, Case.Status.ACCEPTED, Case.Status.DECIDED))
        .values_list("pk", "due_on")
        .iterator(chunk_size=2000)
    )
