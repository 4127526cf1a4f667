"""Questions of officers' own work: marks on materials, own phrases, and what was decided of the same item before."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from django.db.models import Q

from mingqu.cases.models import Case, CaseMaterial, MaterialFile, MaterialMark, Opinion, OwnPhrases
from mingqu.identity.services import access
from mingqu.kernel.types import Actor

NEVER: Mapping[UUID, datetime] = MappingProxyType({})


def marks_of(case: Case) -> list[MaterialMark]:
    """The last mark of each file and page, by page; the caller has checked access."""
    last = {(m.file_id, m.page): m for m in MaterialMark.objects.filter(case=case).order_by("at", "id")}
    return sorted(last.values(), key=lambda mark: mark.page)


def wrong_in(case_ids: Iterable[UUID], since: Mapping[UUID, datetime] = NEVER) -> dict[UUID, dict[str, str]]:
    """
    By case and material what officers marked as wrong in the files now before us: the beginning of a correction notice.
    Two statements; `since`: only marks made after. The caller has checked access.
    """
    wanted = list(case_ids)
    if not wanted:
        return {}
    files = MaterialFile.objects.filter(root_id__in=wanted, state=MaterialFile.State.CURRENT)
    current = set(files.values_list("file_id", flat=True))
    marks = MaterialMark.objects.filter(case_id__in=wanted).order_by("at", "id")
    last = {(m.case_id, m.file_id, m.page): m for m in marks}
    found: dict[UUID, dict[str, list[str]]] = {}
    for mark in sorted(last.values(), key=lambda one: one.page):
        told = mark.case_id in since and mark.at <= since[mark.case_id]
        if mark.fine or told or mark.file_id not in current:
            continue
        where = f"第{mark.page}页：" if mark.page else ""
        found.setdefault(mark.case_id, {}).setdefault(mark.material_code, []).append(f"{where}{mark.text}")
    return {one: {code: "；".join(said) for code, said in by.items()} for one, by in found.items()}


def marked_wrong(case_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these cases in which a file now before us is marked as wrong; the caller has checked access."""
    last: dict[tuple[UUID, UUID, int], bool] = {}
    found = MaterialMark.objects.filter(case_id__in=list(case_ids)).order_by("at", "id")
    for case_id, file_id, page, fine in found.values_list("case_id", "file_id", "page", "fine"):
        last[case_id, file_id, page] = fine
    return {case_id for (case_id, _file, _page), fine in last.items() if not fine}


def similar_cases(actor: Actor, case: Case, *, limit: int = 5) -> list[Case]:
    """The newest decided cases of the same item that the actor may see."""
    same = Q(item_code=case.item_code) & ~Q(outcome="")
    found = Case.objects.filter(access.scope(actor, "case.see").q(), same).exclude(pk=case.pk)
    newest = list(found.order_by("-id")[:limit])  # ids follow the time of filing
    return sorted(newest, key=lambda one: one.decided_on or date.min, reverse=True)


def first_received(actor: Actor, *, limit: int) -> list[tuple[str, str]]:
    """Item (code, name) of each of the first received cases that the actor may accept."""
    scope = access.scope(actor, "case.accept").q()
    found = Case.objects.filter(scope, status=Case.Status.RECEIVED).order_by("due_on", "id")
    found = found.exclude(barred_ids__contains=[actor.id])
    return list(found.values_list("item_code", "item_name")[:limit])


def materials_of_many(case_ids: Iterable[UUID]) -> dict[UUID, list[CaseMaterial]]:
    """The materials of these cases, one statement; the caller has checked access."""
    found: dict[UUID, list[CaseMaterial]] = {}
    for material in CaseMaterial.objects.filter(case_id__in=list(case_ids)).order_by("position"):
        found.setdefault(material.case_id, []).append(material)
    return found


def opinions_of_many(case_ids: Iterable[UUID]) -> dict[UUID, list[Opinion]]:
    """The opinions given in these cases, oldest first, one statement; the caller has checked access."""
    found: dict[UUID, list[Opinion]] = {}
    for opinion in Opinion.objects.filter(case_id__in=list(case_ids)).order_by("at", "id"):
        found.setdefault(opinion.case_id, []).append(opinion)
    return found


def latest_opinions(case: Case) -> dict[str, Opinion]:
    """What was found last in each step, for whoever decides; a step done twice has its history in opinions_of."""
    return {o.step: o for o in standing_opinions(case)}


def standing_opinions(case: Case) -> list[Opinion]:
    """
    What stands when it comes to the decision, oldest first: each signature of a step. Not what was taken back or said
    for another post (委派), nor, of a step that was done again, what was found before it went back.
    """
    every = opinions_of_many([case.pk]).get(case.pk, [])
    undone = {o.task_id for o in every if o.finding == Opinion.Finding.UNDONE}
    stand: dict[str, list[Opinion]] = {}
    again: set[str] = set()
    for one in every:
        if one.finding == Opinion.Finding.RETURNED:
            again = set(stand)
        elif one.finding != Opinion.Finding.UNDONE and not one.advice and one.task_id not in undone - {None}:
            if one.step in again:
                stand[one.step] = []
                again.discard(one.step)
            stand.setdefault(one.step, []).append(one)
    return sorted((o for found in stand.values() for o in found), key=lambda o: (o.at, o.id))


def received_of_item(actor: Actor, item: str, *, limit: int) -> list[Case]:
    """Received cases of one item that the actor may accept, the first due first: for accepting many at once."""
    scope = access.scope(actor, "case.accept").q()
    found = Case.objects.filter(scope, item_code=item, status=Case.Status.RECEIVED)
    found = found.exclude(barred_ids__contains=[actor.id])
    return list(found.order_by("due_on", "id")[:limit])


def own_phrases(person_id: UUID) -> list[str]:
    """An officer's own 常用语, in their order."""
    kept = OwnPhrases.objects.filter(pk=person_id).first()
    return (kept.phrases or "").split("\n") if kept and kept.phrases else []


def material_names(case_ids: Iterable[UUID]) -> dict[tuple[UUID, str], str]:
    """What the materials of cases are called, by case and code; one statement. The caller has checked access."""
    rows = CaseMaterial.objects.filter(case_id__in=list(case_ids))
    return {(case_id, code): name for case_id, code, name in rows.values_list("case_id", "code", "name")}


def numbers_of(case_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The public numbers of cases, by id; one statement. What is no case is left out."""
    return dict(Case.objects.filter(pk__in=list(case_ids)).values_list("pk", "number"))
