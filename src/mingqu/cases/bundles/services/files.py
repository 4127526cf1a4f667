"""Files of a bundle: each handed in once, of a draft before filing and of a bundle during its correction."""

from collections.abc import Sequence
from uuid import UUID

from mingqu.cases.again import Wanted, handed_in_before
from mingqu.cases.bundles import selectors
from mingqu.cases.bundles.errors import NoCorrectionAwaited
from mingqu.cases.bundles.services.filing import opened_draft
from mingqu.cases.bundles.services.stages import owner_of
from mingqu.cases.errors import MaterialUnknown
from mingqu.cases.models import Bundle
from mingqu.cases.services import files
from mingqu.cases.services.files import Upload
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.catalogue.bundles.types import MergedMaterial, OpenBundle
from mingqu.forms import selectors as drafts
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant


def add_draft_files(
    *,
    draft_id: UUID,
    material: str,
    uploads: Sequence[Upload],
    by: Actor | None,
    at: Instant,
    token: str = "",
) -> list[UUID]:
    """Raises DraftNotFound, MaterialUnknown, TooManyFiles or what is wrong with a file; then none is kept."""
    of, wanted = opened_draft(drafts.draft(draft_id, by=by, at=at, token=token))
    if all(one.code != material for one in catalogue.merged_materials(of, wanted)):
        raise MaterialUnknown()
    return files._keep(draft_id, material, uploads, at)


def wanted_again(of: OpenBundle, materials: Sequence[MergedMaterial]) -> dict[str, Wanted]:
    """Each material and where else it may have been handed in: for any of the matters it is for."""
    return {
        one.code: Wanted(
            one.material,
            frozenset((of.definitions[part].item.code, code) for part, code in one.to.items()),
        )
        for one in materials
    }


def use_again(*, draft_id: UUID, material: str, case_id: UUID, by: Actor, at: Instant) -> int:
    """
    Take what was handed in for this material with an earlier application; how many files. Only into a draft that is
    the person's own. Raises DraftNotFound, MaterialUnknown, NothingHandedInBefore.
    """
    draft = drafts.draft(draft_id, by=by, at=at)
    of, wanted = opened_draft(draft)
    open_ones = wanted_again(of, catalogue.merged_materials(of, wanted))
    if material not in open_ones:
        raise MaterialUnknown()
    found = handed_in_before({material: open_ones[material]}, by, owner_of(draft, by), legal_day(at)).get(
        material
    )
    return files.keep_again(draft_id, material, found, case_id, at)


def remove_draft_file(
    *, draft_id: UUID, file_id: UUID, by: Actor | None, at: Instant, token: str = ""
) -> None:
    """Take a file back before filing. Raises DraftNotFound."""
    drafts.draft(draft_id, by=by, at=at, token=token)
    files._remove(draft_id, file_id)


def add_correction_files(
    *, bundle: Bundle, material: str, uploads: Sequence[Upload], by: Actor, at: Instant
) -> list[UUID]:
    """The same for a material that was asked to be corrected. Raises NotAuthorised, NoCorrectionAwaited."""
    access.require(by, "bundle.supplement", bundle)
    asked = selectors.asked_materials(bundle, selectors.parts_of(bundle))
    if all(one.code != material for one in asked):
        raise NoCorrectionAwaited()
    return files._keep(bundle.pk, material, uploads, at)


def remove_correction_file(*, bundle: Bundle, file_id: UUID, by: Actor) -> None:
    """Take a file back before the correction is handed in. Raises NotAuthorised."""
    access.require(by, "bundle.supplement", bundle)
    files._remove(bundle.pk, file_id)
