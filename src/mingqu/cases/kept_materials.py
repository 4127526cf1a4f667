"""
我的材料 (CAS-13): what a person, or a firm she may apply for, handed in with applications that stood: until when it is
offered again, in which applications it was used, and whether she wants it offered at all.

What was handed in belongs to the record of its application and stays there (国务院令第716号 12); hers to choose is
whether it comes up again.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from mingqu.cases import acting, again, selectors
from mingqu.cases.models import Case, CaseMaterial
from mingqu.documents import selectors as documents
from mingqu.documents.selectors import FileView
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor

# The material, and the name and day of each file: both stay what they were when files are used again.
Mark = tuple[str, frozenset[tuple[str, datetime]]]


@dataclass(frozen=True)
class _Use:
    """The files of one material in one application."""

    case: Case
    code: str
    name: str
    offered: bool
    valid_days: int
    on: date
    files: tuple[FileView, ...]


@dataclass(frozen=True)
class KeptMaterial:
    """
    One material as it was handed in first and used since. `until`: the last day it is offered, None where it has to be
    new each time. `cases`: where it was used, newest first. `own`: the person applied herself, so that she may choose.
    """

    number: str  # of the newest application with it
    code: str
    name: str
    on: date
    until: date | None
    files: tuple[FileView, ...]
    cases: tuple[tuple[str, str], ...]
    offered: bool
    own: bool

    def good(self, day: date) -> bool:
        return self.until is not None and day <= self.until


def kept_materials(by: Actor, party_id: UUID | None) -> list[KeptMaterial]:
    """Newest first; of the last applications that `again` looks at. Four statements, and the definitions once."""
    return [_kept(uses, by) for uses in _uses(by, party_id).values()]


def same_files(by: Actor, case: Case, code: str) -> list[tuple[UUID, str]]:
    """Her own applications in which the files of this one's material lie, as (application, material)."""
    for uses in _uses(by, case.party_id).values():
        if any((one.case.pk, one.code) == (case.pk, code) for one in uses):
            return [(one.case.pk, one.code) for one in uses if one.case.applicant_id == by.id]
    return []


def _uses(by: Actor, party_id: UUID | None) -> dict[Mark, list[_Use]]:
    cases = {case.pk: case for case in again.earlier(by, party_id)}
    if not cases:
        return {}
    views = {(view.root_id, view.id): view for view in documents.files_among(cases)}
    rows = CaseMaterial.objects.filter(case_id__in=list(cases))
    words = {(one.case_id, one.code): one for one in rows.only("case_id", "id", "code", "name", "offered")}
    found: dict[Mark, list[_Use]] = {}
    for (case_id, code), files in again.files_of(cases, all_of_them=True).items():
        material = words.get((case_id, code))
        known = [(row, view) for row in files if (view := views.get((case_id, row.file_id)))]
        if material is None or not known:
            continue
        case = cases[case_id]
        asked = {m.code: m for m in selectors.definition_of(case).materials}.get(code)
        same = asked.standard if asked and asked.standard else f"{case.item_code} {code}"
        mark = (same, frozenset((view.name, row.added_at) for row, view in known))
        use = _Use(
            case,
            code,
            material.name,
            material.offered,
            asked.valid_days if asked else 0,
            legal_day(min(row.added_at for row, _view in known)),
            tuple(view for _row, view in known),
        )
        found.setdefault(mark, []).append(use)
    return found


def _kept(uses: list[_Use], by: Actor) -> KeptMaterial:
    newest = uses[0]
    return KeptMaterial(
        newest.case.number,
        newest.code,
        newest.name,
        newest.on,
        newest.on + timedelta(days=newest.valid_days) if newest.valid_days else None,
        newest.files,
        tuple((one.case.number, again.name_of(one.case)) for one in uses),
        all(one.offered for one in uses),
        all(one.case.applicant_id == by.id for one in uses),
    )


def parties(by: Actor) -> list[tuple[UUID | None, str]]:
    """Oneself (no id), then the firms she may apply for; in a firm's name that firm alone."""
    if by.agency is not None:
        return [(firm.id, firm.name) for firm in acting.firms_of(by)]
    return [(None, ""), *((firm.id, firm.name) for firm in acting.firms_of(by) if firm.may_apply)]
