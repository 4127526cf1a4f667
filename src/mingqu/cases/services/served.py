"""送达记录: of a decision and of each notice, how and when it was served, whether it was opened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from mingqu.cases.bundles.services.serving import BUNDLE_NOTICES
from mingqu.cases.models import Bundle, Case, ServiceOfPaper
from mingqu.cases.services.notices import NOTICES, OF_OTHERS
from mingqu.documents import selectors as documents
from mingqu.kernel.masking import mask_address, mask_name
from mingqu.notifications import selectors as notifications
from mingqu.notifications.types import Closed, Service

MOST_READS = 200
OF_DECISION = ("decision_", "approval_")


@dataclass(frozen=True)
class Line:
    """
    One paper with three facts of its own: made, first read by its reader, served. Reading is not being served, and the
    other way round. `way` "": not served yet; `to_serve` then tells whether it is there to be served.
    """

    paper_id: UUID
    title: str
    number: str
    to_serve: bool = False
    made_at: datetime | None = None
    read_at: datetime | None = None
    way: str = ""
    served_on: date | None = None
    electronic: bool = False
    receiver: str = ""
    address: str = ""
    proof: str = ""
    limit_on: date | None = None  # telling it later is too late (行政许可法 32)
    closed: str = ""  # why nobody will note its service any more


def lines(case: Case, papers: Sequence[documents.DocumentView] | None = None) -> list[Line]:
    """In the order in which they were asked for; `papers`: where they were read. Receivers, addresses are masked."""
    return _lines(case, papers, notifications.services_of(case.pk))


def _lines(
    case: Case, papers: Sequence[documents.DocumentView] | None, served: dict[UUID, Service]
) -> list[Line]:
    papers = documents.documents_of(case.pk) if papers is None else papers
    of_decision = any(paper.kind.startswith(OF_DECISION) for paper in papers)
    decided = ServiceOfPaper.objects.filter(case=case).order_by("at").last() if of_decision else None
    read = _first_read(case.pk)
    found = []
    for paper in papers:
        if paper.kind in NOTICES:
            found.append(_notice(paper, served.get(paper.id), read))
        elif decided and paper.kind.startswith(OF_DECISION):
            found.append(_of_decision(_line(paper, read), decided))
    return found


def lines_at_desk(case: Case, papers: Sequence[documents.DocumentView] | None = None) -> list[Line]:
    """
    `lines`, and what is served for this case of papers that lie elsewhere: of a fee, of what became of its certificate;
    with the last day where there is one.
    """
    waiting = {one.paper_id: one for one in notifications.unserved_of(case.pk)}
    served = notifications.services_of(case.pk)
    closed = notifications.closed_of(case.pk)
    found = [
        replace(line, limit_on=waiting[line.paper_id].limit_on) if line.paper_id in waiting else line
        for line in _lines(case, papers, served)
    ]
    found = [replace(line, closed=_why(closed.get(line.paper_id))) for line in found]
    known = {line.paper_id for line in found}
    for one in waiting.values():
        if one.paper_id not in known and one.paper in OF_OTHERS:
            title = documents.title_of(one.paper)
            found.append(Line(one.paper_id, title, one.document_number, to_serve=True, made_at=one.since))
    for row in served.values():
        if row.paper in OF_OTHERS:
            found.append(_of_notice(Line(row.paper_id, documents.title_of(row.paper), ""), row))
    return found


def _why(closed: Closed | None) -> str:
    return f"{closed.ground_words}：{closed.reason}" if closed else ""


def lines_of_bundle(bundle: Bundle, papers: Sequence[documents.DocumentView]) -> list[Line]:
    """Its merged notices; the decisions of its parts stand with their cases."""
    served, read = notifications.services_of(bundle.pk), _first_read(bundle.pk)
    waiting = {one.paper_id: one.limit_on for one in notifications.unserved_of(bundle.pk)}
    found = [_notice(one, served.get(one.id), read) for one in papers if one.kind in BUNDLE_NOTICES]
    closed = notifications.closed_of(bundle.pk)
    return [
        replace(line, limit_on=waiting.get(line.paper_id), closed=_why(closed.get(line.paper_id)))
        for line in found
    ]


def _line(paper: documents.DocumentView, read: dict[UUID, datetime]) -> Line:
    seen = read.get(paper.file_id) if paper.file_id else None
    return Line(paper.id, paper.title, paper.number, made_at=paper.requested_at, read_at=seen)


def _notice(paper: documents.DocumentView, row: Service | None, read: dict[UUID, datetime]) -> Line:
    line = _line(paper, read)
    return _of_notice(line, row) if row else replace(line, to_serve=paper.state == "ready")


def _of_notice(line: Line, row: Service) -> Line:
    return replace(
        line,
        way=row.way_words,
        served_on=row.served_on,
        electronic=row.way == "electronic",
        receiver=mask_name(row.receiver),
        address=mask_address(row.address),
        proof=row.proof,
    )


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


def _first_read(root_id: UUID) -> dict[UUID, datetime]:
    """When the applicant's side first opened each file."""
    found: dict[UUID, datetime] = {}
    for row in documents.readers_of([root_id], MOST_READS):
        if row.actor_kind == "citizen":
            first = row.first_at or row.at
            found[row.file_id] = min(first, found.get(row.file_id, first))
    return found
