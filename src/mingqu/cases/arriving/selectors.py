"""What a case waits for from outside, and what came. The caller has checked access to the case."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from mingqu.cases.arriving.types import ArrivalLine
from mingqu.cases.defined import flow_of
from mingqu.cases.models import Arrival, Case
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.drawings import selectors as drawings
from mingqu.documents import selectors as documents
from mingqu.identity import selectors as identity
from mingqu.process import selectors as process
from mingqu.process.services import Plan
from mingqu.process.types import Awaited


def awaited_by(case: Case) -> list[Awaited]:
    """What its flow waits for now; no statement for a case whose flow waits for nothing from outside."""
    if case.status != Case.Status.ACCEPTED or not any(map(process.hears, _plans(case))):
        return []
    return process.awaited(case.pk)


def of_case(case: Case) -> list[ArrivalLine]:
    """What came, oldest first; no statement for a case whose flow waits for nothing from outside."""
    if not any(map(process.hears, _plans(case))):
        return []
    rows = list(Arrival.objects.filter(case=case).order_by("at", "id"))
    if not rows:
        return []
    names = identity.names_of({row.person_id for row in rows if row.person_id})
    posts = identity.post_names(row.post_id for row in rows if row.post_id)
    wanted = {one for row in rows for one in row.file_ids}
    files = {one.id: one.name for one in documents.files_of(case.pk) if one.id in wanted} if wanted else {}
    return [
        ArrivalLine(
            row.name,
            row.came_on,
            row.text,
            tuple((one, files[one]) for one in row.file_ids if one in files),
            _who(row, posts, names),
            row.at,
            row.system,
        )
        for row in rows
    ]


def _who(row: Arrival, posts: Mapping[UUID, str], names: Mapping[UUID, str]) -> str:
    if row.post_id is None or row.person_id is None:
        return f"{row.system}传来"
    return f"{posts.get(row.post_id, '')} {names.get(row.person_id, '')}"


def asks_others(case: Case) -> bool:
    """Whether its flow ever waits for what another system may bring; no statement."""
    return any(map(process.asks, _plans(case)))


def files_of(case: Case) -> set[UUID]:
    """Files of what came: for the officers of the case, never for the applicant."""
    if not any(map(process.hears, _plans(case))):
        return set()
    rows = Arrival.objects.filter(case=case).exclude(file_ids=[])
    return {one for found in rows.values_list("file_ids", flat=True) for one in found}


def _plans(case: Case) -> Iterator[Plan]:
    """Of the flow it goes by, and of those it went by before, as far as an expert drew them."""
    for revision in (*case.flow_past, flow_of(case)):
        plan = drawings.drawn_plan(catalogue.definition(revision, case.handling_code))
        if plan is not None:
            yield plan
