"""送达记录 of a case: of its decision and of each notice, how and when it was served, whether it was opened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from mingqu.cases.models import Case, ServiceOfPaper
from mingqu.cases.services.notices import NOTICES
from mingqu.documents import selectors as documents
from mingqu.kernel.masking import mask_address, mask_name
from mingqu.notifications import selectors as notifications

MOST_READS = 200
OF_DECISION = ("decision_", "approval_")


@dataclass(frozen=True)
class Line:
    """One paper. `way` "": not served yet; `to_serve` then tells whether it is there to be served."""

    paper_id: UUID
    title: str
    number: str
    to_serve: bool = False
    read_at: datetime | None = None
    way: str = ""
    served_on: date | None = None
    electronic: bool = False
    receiver: str = ""
    address: str = ""
    proof: str = ""


def lines(case: Case, papers: Sequence[documents.DocumentView] | None = None) -> list[Line]:
    """In the order in which they were asked for; `papers`: where they were read. Receivers, addresses are masked."""
    served = notifications.services_of(case.pk)
    decided = ServiceOfPaper.objects.filter(case=case).order_by("at").last()
    read = _first_read(case)
    found = []
    for paper in documents.documents_of(case.pk) if papers is None else papers:
        if not (paper.kind in NOTICES or (decided and paper.kind.startswith(OF_DECISION))):
            continue
        line = Line(paper.id, paper.title, paper.number, read_at=paper.file_id and read.get(paper.file_id))
        row = served.get(paper.id)
        if paper.kind not in NOTICES and decided:
            line = _of_decision(line, decided)
        elif row:
            line = replace(
                line,
                way=row.way_words,
                served_on=row.served_on,
                electronic=row.way == "electronic",
                receiver=mask_name(row.receiver),
                address=mask_address(row.address),
                proof=row.proof,
            )
        else:
            line = replace(line, to_serve=paper.state == "ready")
        found.append(line)
    return found


def _of_decision(line: Line, row: ServiceOfPaper) -> Line:
    return replace(
        line,
        way=notifications.way_words(row.way),
        served_on=row.served_on,
        electronic=row.way == ServiceOfPaper.Way.ELECTRONIC,
        receiver=mask_name(row.receiver),
        address=mask_address(row.address),
        proof=row.proof,
    )


def _first_read(case: Case) -> dict[UUID, datetime]:
    """When the applicant's side first opened each file."""
    found: dict[UUID, datetime] = {}
    for row in documents.readers_of([case.pk], MOST_READS):
        if row.actor_kind == "citizen":
            first = row.first_at or row.at
            found[row.file_id] = min(first, found.get(row.file_id, first))
    return found
