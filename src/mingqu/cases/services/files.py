"""Files handed in for materials, of a draft before filing and of a case during its correction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from mingqu.cases import rules, selectors
from mingqu.cases.again import Before, Wanted, handed_in_before
from mingqu.cases.errors import (
    MaterialUnknown,
    NotAwaitingCorrection,
    NotBrought,
    NothingHandedInBefore,
    NothingOwed,
    TooManyFiles,
)
from mingqu.cases.models import Case, CaseMaterial, MaterialFile
from mingqu.cases.services.filing import definition_of_draft
from mingqu.cases.services.party import party_of
from mingqu.documents import services as documents
from mingqu.forms import selectors as drafts
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

FILES_PER_MATERIAL = 10


@dataclass(frozen=True)
class Upload:
    """One file as a browser sent it: hostile until checked."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Holder:
    """Who hands in: a signed-in person, or whoever holds an unclaimed draft's token."""

    by: Actor | None
    token: str = ""


def add_draft_files(
    *, draft_id: UUID, material: str, uploads: Sequence[Upload], holder: Holder, at: Instant
) -> list[UUID]:
    """
    Keep files for a material of a draft. Raises DraftNotFound, MaterialUnknown, TooManyFiles or what is
    wrong with a file (documents.errors); then none of them is kept.
    """
    draft = drafts.draft(draft_id, by=holder.by, at=at, token=holder.token)
    definition = definition_of_draft(draft)
    known = {m.code: m.accept for m in definition.materials}
    if material not in known:
        raise MaterialUnknown()
    return _keep(draft_id, material, uploads, at)


def add_correction_files(
    *, case_id: UUID, material: str, uploads: Sequence[Upload], by: Actor, at: Instant
) -> list[UUID]:
    """The same for a material that was asked to be corrected. Raises NotAwaitingCorrection."""
    case = selectors.case_visible_to_id(by, case_id)
    access.require(by, "case.supplement", case)
    asked = CaseMaterial.objects.filter(case=case, code=material, state=CaseMaterial.State.ASKED)
    if case.status != Case.Status.CORRECTION or not asked.exists():
        raise NotAwaitingCorrection()
    return _keep(case_id, material, uploads, at)


def add_owed_files(
    *, case_id: UUID, material: str, uploads: Sequence[Upload], by: Actor, at: Instant
) -> list[UUID]:
    """The same for a material that is owed (容缺). Raises NotBrought, NothingOwed."""
    case = _case_that_takes_owed(case_id, by)
    if not CaseMaterial.objects.filter(case=case, code=material, state=CaseMaterial.State.OWED).exists():
        raise NothingOwed()
    return _keep(case_id, material, uploads, at)


def remove_owed_file(*, case_id: UUID, file_id: UUID, by: Actor) -> None:
    """Take a file back before what is owed is handed in."""
    _case_that_takes_owed(case_id, by)
    _remove(case_id, file_id)


def _case_that_takes_owed(case_id: UUID, by: Actor) -> Case:
    case = selectors.case_visible_to_id(by, case_id)
    access.require(by, "case.bring_owed", case)
    if case.status not in rules.ALLOWED_IN["case.bring_owed"]:
        raise NotBrought()
    return case


def remove_draft_file(*, draft_id: UUID, file_id: UUID, holder: Holder, at: Instant) -> None:
    """Take a file back before filing; it is marked, not destroyed. Raises DraftNotFound."""
    drafts.draft(draft_id, by=holder.by, at=at, token=holder.token)
    _remove(draft_id, file_id)


def remove_correction_file(*, case_id: UUID, file_id: UUID, by: Actor) -> None:
    """Take a file back before the correction is handed in."""
    case = selectors.case_visible_to_id(by, case_id)
    access.require(by, "case.supplement", case)
    if case.status != Case.Status.CORRECTION:
        raise NotAwaitingCorrection()
    _remove(case_id, file_id)


def use_again(*, draft_id: UUID, material: str, case_id: UUID, by: Actor, at: Instant) -> int:
    """
    Take what was handed in for this material with an earlier application; how many files. Only into a draft that is
    the person's own. Raises DraftNotFound, MaterialUnknown, PartyNotYours, NothingHandedInBefore.
    """
    draft = drafts.draft(draft_id, by=by, at=at)
    definition = definition_of_draft(draft)
    known = {m.code: m for m in definition.materials}
    if material not in known:
        raise MaterialUnknown()
    party = party_of(draft.context, identity.person(by.id), by=by)
    wanted = Wanted(known[material], frozenset({(definition.item.code, material)}))
    found = handed_in_before({material: wanted}, by, party.id, legal_day(at)).get(material)
    return keep_again(draft_id, material, found, case_id, at)


def keep_again(root_id: UUID, material: str, found: Before | None, case_id: UUID, at: Instant) -> int:
    """
    The same files under the draft, where it has none yet; their day stays that of the first time. `found` is what may
    be taken now. Raises NothingHandedInBefore where that is not of the application `case_id`.
    """
    if found is None or found.case_id != case_id:
        raise NothingHandedInBefore()
    with transaction.atomic(), connection.cursor() as cursor:
        _one_at_a_time(cursor, root_id, material)
        waiting = MaterialFile.objects.filter(
            root_id=root_id, material_code=material, state=MaterialFile.State.PENDING
        )
        if waiting.exists():  # pressed twice, or a file was chosen in another tab
            return 0
        for file in found.files:
            copied = documents.copy_file(
                root_id=file.root_id, file_id=file.id, to_root=root_id, kind=material, at=at
            )
            before = MaterialFile.objects.get(root_id=file.root_id, file_id=file.id)
            MaterialFile.objects.create(
                root_id=root_id, material_code=material, file_id=copied.file_id, added_at=before.added_at
            )
    return len(found.files)


def _remove(root_id: UUID, file_id: UUID) -> None:
    MaterialFile.objects.filter(root_id=root_id, file_id=file_id, state=MaterialFile.State.PENDING).update(
        state=MaterialFile.State.REMOVED
    )


def _keep(root_id: UUID, material: str, uploads: Sequence[Upload], at: Instant) -> list[UUID]:
    checked = [(u.name, documents.check_upload(u.data)) for u in uploads]
    with transaction.atomic(), connection.cursor() as cursor:
        _one_at_a_time(cursor, root_id, material)
        there = MaterialFile.objects.filter(
            root_id=root_id, material_code=material, state=MaterialFile.State.PENDING
        ).count()
        if there + len(checked) > FILES_PER_MATERIAL:
            raise TooManyFiles(most=FILES_PER_MATERIAL)
        ids = [
            documents.store_upload(root_id=root_id, kind=material, name=name, upload=upload, at=at).file_id
            for name, upload in checked
        ]
        MaterialFile.objects.bulk_create(
            MaterialFile(root_id=root_id, material_code=material, file_id=file_id, added_at=at)
            for file_id in ids
        )
    return ids


def _one_at_a_time(cursor: Any, root_id: UUID, material: str) -> None:
    """Uploads of one material wait for each other, or the limit could be raced."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 78))", [f"{root_id}:{material}"])
