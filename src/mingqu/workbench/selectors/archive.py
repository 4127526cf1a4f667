"""归档清单: the lines of its page and file, and the page of one package."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from mingqu.cases.archiving import selectors as archiving
from mingqu.cases.archiving.selectors import Asked
from mingqu.cases.selectors import Cursor
from mingqu.documents import selectors as documents
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import DepartmentView, Mandate
from mingqu.kernel.codelists import code_list
from mingqu.kernel.masking import mask_name
from mingqu.kernel.types import Actor

if TYPE_CHECKING:
    from mingqu.cases.models import ArchiveRecord, ArchiveWork, Case

PAGE, BATCH, MOST = 30, 300, 5000  # lines of a page, read at once for a file, of a file
STAGES = {  # code → (shape of the tag, words)
    "waiting": ("received", "正在做"),
    "failed": ("refused", "没有做成"),
    "none": ("received", "没有做包"),
    "made": ("accepted", "等核对"),
    "broken": ("refused", "核对不符"),
    "checked": ("accepted", "等移交"),
    "handed": ("done", "已移交"),
}


@dataclass(frozen=True)
class ArchivedLine:
    """One file. `missing`: titles of the papers it should have and has not; pages are counted with the package."""

    number: str
    item: str
    organ: str
    applicant: str = field(repr=False)
    document_number: str
    outcome: str
    archived_on: date
    missing: tuple[str, ...]
    pieces: int | None
    pages: int | None
    retention: str
    stage: str
    handed: str
    cursor: str

    @property
    def words(self) -> str:
        return STAGES[self.stage][1]

    @property
    def shape(self) -> str:
        return STAGES[self.stage][0]


def archived(
    actor: Actor, asked: Asked, after: str = "", *, limit: int = PAGE
) -> tuple[list[ArchivedLine], str]:
    """A page of the list, and where the next begins; five statements."""
    found = archiving.archived(actor, asked, after=Cursor.parse(after), limit=limit + 1)
    lines = _lines(found[:limit])
    return lines, lines[-1].cursor if len(found) > limit else ""


def every(actor: Actor, asked: Asked) -> Iterator[ArchivedLine]:
    """The whole list for a file, batch by batch, 5,000 lines at most."""
    after, number = "", 0
    while number < MOST:
        lines, after = archived(actor, asked, after, limit=min(BATCH, MOST - number))
        yield from lines
        number += len(lines)
        if not after:
            return


def organs(actor: Actor) -> list[tuple[str, str]]:
    """
    Of the district of the acting post, for the filter: code and name. Only those whose files it may keep: no other one
    could have a line here.
    """
    post = identity.acting_post(actor)
    if post is None:
        return []
    region = identity.department(post.department_id).region_code[:6]
    mandates = access.scope(actor, "case.keep_archive").mandates
    return [
        (one.code, one.name)
        for one in identity.departments_within(f"{region}000000")
        if any(_reaches(mandate, one) for mandate in mandates)
    ]


def _reaches(mandate: Mandate, organ: DepartmentView) -> bool:
    """Whatever the types of its items."""
    within = mandate.departments is None or organ.id in mandate.departments
    return within and organ.region_code.startswith(mandate.region)


def line_of(case: "Case") -> ArchivedLine:
    return _lines([case])[0]


def _lines(found: Sequence["Case"]) -> list[ArchivedLine]:
    ids = [case.pk for case in found]
    missing, numbers = archiving.missing_among(found), archiving.document_numbers(ids)
    records, work = archiving.records_among(ids), archiving.work_among(ids)
    return [
        _line(
            case,
            missing[case.pk],
            numbers.get(case.pk, ""),
            records.get(case.pk),
            stage_of(records.get(case.pk), work.get(case.pk)),
        )
        for case in found
    ]


def _line(
    case: "Case", missing: Sequence[str], number: str, record: "ArchiveRecord | None", stage: str
) -> ArchivedLine:
    assert case.archived_on is not None  # the list asks for it
    handed = record is not None and record.handed_on is not None
    return ArchivedLine(
        number=case.number,
        item=f"{case.item_name}（{case.handling_item}）",
        organ=case.department.name,
        applicant=mask_name(case.party_name or case.applicant_name or ""),
        document_number=number,
        outcome=case.get_outcome_display() if case.outcome else "没有作出决定",
        archived_on=case.archived_on,
        missing=tuple(documents.title_of(kind) for kind in missing),
        pieces=record.pieces if record else None,
        pages=record.pages if record else None,
        retention=code_list("retention_period").name(record.retention) if record else "",
        stage=stage,
        handed=record.handed_to if record and handed else "",
        cursor=str(archiving.cursor_of(case)),
    )


def stage_of(record: "ArchiveRecord | None", work: "ArchiveWork | None") -> str:
    """The key of STAGES; the same rule as `cases.archiving.selectors.archived` has for lists."""
    if work is not None and work.state in archiving.AT_WORK:
        return work.state
    if record is None:
        return "none"
    if record.handed_on is not None:
        return "handed"
    return {None: "made", True: "checked", False: "broken"}[record.sound]
