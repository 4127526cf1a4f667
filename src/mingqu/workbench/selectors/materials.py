"""The materials of a case as its page shows them: files, marks, and the one that is looked at."""

from typing import TYPE_CHECKING

from mingqu.cases import selectors as cases
from mingqu.catalogue.types import Definition
from mingqu.certificates import selectors as certificates
from mingqu.certificates.types import CertificateView
from mingqu.documents import selectors as documents
from mingqu.documents.selectors import FileView
from mingqu.identity import selectors as identity
from mingqu.kernel.masking import mask_name
from mingqu.kernel.types import Actor
from mingqu.ui.text import zh_day
from mingqu.workbench.case_types import TURNS, ZOOMS, Looking, MarkView, Preview, SimilarCase
from mingqu.workbench.selectors.turn import Standing
from mingqu.workbench.selectors.words import status_words
from mingqu.workbench.types import MaterialView

if TYPE_CHECKING:
    from mingqu.cases.models import Case


def material_views(case: "Case", definition: Definition, known: Standing) -> list[MaterialView]:
    stored = {f.id: f for f in documents.files_of(case.pk)}
    points = {m.code: m.check for m in definition.materials}
    handed_in = cases.files_of(case, all_versions=True)
    marks = _marks(case)
    looked_up = certificates.certificates_of(
        [m.source_id for m in known.materials if m.how == "certificate" and m.source_id], known.at
    )

    def files(code: str, state: str) -> list[FileView]:
        return [
            stored[f.file_id]
            for f in handed_in
            if f.material_code == code and f.state == state and f.file_id in stored
        ]

    return [
        MaterialView(
            code=m.code,
            name=m.name,
            state=m.state,
            state_words=m.get_state_display(),
            asked=m.asked or "",
            points=points.get(m.code, []),
            files=files(m.code, "current"),
            replaced=files(m.code, "replaced"),
            how=m.how,
            how_words=""
            if m.how == "upload"
            else m.get_how_display() + (f"{m.copies}份" if m.copies else ""),
            owed_until=m.owed_until,
            origin=_origin(case, looked_up.get(m.source_id) if m.source_id else None),
            marks=[mark for f in files(m.code, "current") for mark in marks if mark.file_id == f.id],
        )
        for m in known.materials
    ]


def _origin(case: "Case", found: CertificateView | None) -> str:
    """
    Where a material that nobody handed in comes from: number, organ, when it was checked, and how it stands now.
    A certificate is looked up again when the application comes in, so that day is the day of the check.
    """
    if found is None:
        return ""
    taken_over = "存量证照" if found.existing else "电子证照"
    return (
        f"{taken_over}：{found.type_name} {found.number}（{found.organ_name}），"
        f"{zh_day(case.received_on)}收件时核对有效；现在：{found.state_words}"
    )


def preview_of(materials: list[MaterialView], wanted: Looking) -> Preview | None:
    """The file to show beside the form: the one asked for, else the first."""
    current = [(f, m, False) for m in materials for f in m.files]
    every = [*current, *((f, m, True) for m in materials for f in m.replaced)]
    if not every:
        return None
    file, material, replaced = next((one for one in every if one[0].id == wanted.file), every[0])
    ids = [f.id for f, _m, _r in current]
    place = ids.index(file.id) if file.id in ids else -1
    return Preview(
        file=file,
        material=material.code,
        material_name=material.name,
        replaced=replaced,
        at=Looking(
            file.id,
            min(max(wanted.page, 1), max(file.pages, 1)),
            wanted.turn if wanted.turn in TURNS else 0,
            wanted.zoom if wanted.zoom in ZOOMS else 1,
        ),
        before=ids[place - 1] if place > 0 else None,
        after=ids[place + 1] if 0 <= place < len(ids) - 1 else None,
    )


def wrong_in(case: "Case") -> dict[str, str]:
    """What officers marked as wrong, by material: the beginning of a correction notice."""
    return cases.wrong_in([case.pk]).get(case.pk, {})


def similar_cases(actor: Actor, case: "Case") -> list[SimilarCase]:
    return [
        SimilarCase(
            one.number,
            one.handling_item,
            mask_name(one.applicant_name or ""),
            status_words(one.status, one.outcome),
            one.decided_on,
        )
        for one in cases.similar_cases(actor, case)
    ]


def _marks(case: "Case") -> list[MarkView]:
    marks = cases.marks_of(case)
    names = identity.names_of(mark.person_id for mark in marks) if marks else {}
    return [
        MarkView(m.file_id, m.page, m.fine, m.text or "", names.get(m.person_id, ""), m.at) for m in marks
    ]
