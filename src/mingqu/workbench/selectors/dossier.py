"""案卷目录: the papers and materials of a case as lines of a printed contents page; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from mingqu.cases.arriving.types import ArrivalLine
from mingqu.cases.consulting.types import ConsultationLine
from mingqu.ui.text import zh_day
from mingqu.workbench.types import CasePage


@dataclass(frozen=True)
class DossierRow:
    """One line: what, its number or where it is from, how many pages; `file_id` where it can be opened."""

    title: str
    source: str
    pages: int | None
    file_id: UUID | None


def dossier_rows(
    page: CasePage,
    consultations: Sequence[ConsultationLine] = (),
    arrivals: Sequence[ArrivalLine] = (),
) -> list[DossierRow]:
    """
    Papers first, then what was handed in, replaced versions after the ones that took their place; last what other
    organs answered (征求意见) and what came while the flow waited for it (来件).
    """
    papers = [DossierRow(p.title, p.number, None, p.file_id) for p in page.papers if p.state == "ready"]
    return [*papers, *_handed_in(page), *_answered(consultations), *_came(arrivals)]


def _answered(consultations: Sequence[ConsultationLine]) -> Iterator[DossierRow]:
    for one in consultations:
        title = f"征求意见：{one.organ}"
        yield DossierRow(title, f"{one.state_words}{'：' + one.outcome if one.outcome else ''}", None, None)
        for file_id, name in one.answer_files:
            yield DossierRow(f"{title}，附件", name, None, file_id)


def _came(arrivals: Sequence[ArrivalLine]) -> Iterator[DossierRow]:
    for one in arrivals:
        yield DossierRow(f"来件：{one.name}", f"{zh_day(one.came_on)}收到", None, None)
        for file_id, name in one.files:
            yield DossierRow(f"来件：{one.name}，附件", name, None, file_id)


def _handed_in(page: CasePage) -> Iterator[DossierRow]:
    for material in page.materials:
        for file in material.files:
            yield DossierRow(material.name, f"申请人提交：{file.name}", file.pages, file.id)
        for file in material.replaced:
            yield DossierRow(f"{material.name}（补正前）", f"申请人提交：{file.name}", file.pages, file.id)
        if not material.files and material.state != "absent":
            yield DossierRow(material.name, material.how_words or material.state_words, None, None)
