"""
What was handed in before is not asked for again (一次提交、多次使用; 国务院令第716号 7): the files of an earlier
application of the same party for the same material are offered, with the day and the application, and taken by a press.

Only of applications that stood: accepted and under way, or granted. Never another person's, and a firm's only for who
represents it or handed them in for it herself; not older than the definition lets them be (`valid_days`), and not
where the applicant chose that it is not to come up again (`offer_material`). Nothing is
put into a draft that is nobody's yet: whoever holds its code would read it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from mingqu.cases import acting, rules, selectors
from mingqu.cases.models import Case, CaseMaterial, MaterialFile
from mingqu.catalogue.types import Material
from mingqu.documents import selectors as documents
from mingqu.documents.selectors import FileView
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor

LOOKED_AT = 30  # applications, newest first


@dataclass(frozen=True)
class Wanted:
    """A material of a draft, and under which (item, code) it may have been handed in; in a bundle one for each part."""

    material: Material
    asked_as: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Before:
    """Files handed in earlier: with which application, on which day (the first, however often they were used since)."""

    case_id: UUID
    number: str
    name: str
    on: date
    files: tuple[FileView, ...]


def handed_in_before(
    wanted: Mapping[str, Wanted], by: Actor, party_id: UUID | None, day: date
) -> dict[str, Before]:
    """By the material's code in the draft: of each the newest that is still good. Three statements and a few."""
    found: dict[str, Before] = {}
    open_ones = {code: one for code, one in wanted.items() if one.material.valid_days}
    cases = {case.pk: case for case in earlier(by, party_id)} if open_ones else {}
    if not cases:
        return found
    for (case_id, code), rows in files_of(cases).items():
        case, on = cases[case_id], legal_day(min(row.added_at for row in rows))
        for here, one in open_ones.items():
            good = rules.still_good(on, one.material.valid_days, day)
            if here not in found and good and _same(one, case, code):
                found[here] = Before(case_id, case.number, name_of(case), on, _views(rows))
    return found


def earlier(by: Actor, party_id: UUID | None) -> list[Case]:
    """Applications of this party that stood, newest first: a person's own, or a firm's as far as she may act for it."""
    stood = Q(status=Case.Status.ACCEPTED) | acting.GRANTED
    if by.stands_in:
        return []  # what a person handed in elsewhere is not shown to who acts for her
    if by.agency is not None:
        return list(selectors.visible_cases(by).filter(stood).order_by("-id")[:LOOKED_AT])
    if party_id is not None and any(f.id == party_id and f.may_apply for f in acting.firms_of(by)):
        rows = Case.objects.filter(party_id=party_id)
    else:
        rows = selectors.visible_cases(by).filter(applicant_id=by.id, party_id=party_id)
    return list(rows.filter(stood).order_by("-id")[:LOOKED_AT])


def files_of(
    cases: Iterable[UUID], *, all_of_them: bool = False
) -> dict[tuple[UUID, str], list[MaterialFile]]:
    """By case and material, those of the newest case first; without what the applicant does not want offered again."""
    rows = MaterialFile.objects.filter(root_id__in=list(cases), state=MaterialFile.State.CURRENT)
    if not all_of_them:
        material = CaseMaterial.objects.filter(case_id=OuterRef("root_id"), code=OuterRef("material_code"))
        rows = rows.exclude(Exists(material.filter(offered=False)))
    found: dict[tuple[UUID, str], list[MaterialFile]] = {}
    for row in rows.order_by("-root_id", "added_at", "id"):
        found.setdefault((row.root_id, row.material_code), []).append(row)
    return found


def _same(one: Wanted, case: Case, code: str) -> bool:
    """The same material of the same service, or the same standard material of another."""
    if (case.item_code, code) in one.asked_as:
        return True
    if not one.material.standard:
        return False
    before = {m.code: m.standard for m in selectors.definition_of(case).materials}
    return before.get(code) == one.material.standard


def name_of(case: Case) -> str:
    return f"{case.item_name}（{case.handling_item}）"


def _views(rows: list[MaterialFile]) -> tuple[FileView, ...]:
    return tuple(documents.file(row.root_id, row.file_id) for row in rows)
