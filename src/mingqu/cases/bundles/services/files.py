"""Files of a bundle: each handed in once, of a draft before filing and of a bundle during its correction."""

from collections.abc import Sequence
from uuid import UUID

from mingqu.cases.bundles import selectors
from mingqu.cases.bundles.errors import NoCorrectionAwaited
from mingqu.cases.bundles.services.filing import opened_draft
from mingqu.cases.errors import MaterialUnknown
from mingqu.cases.models import Bundle
from mingqu.cases.services import files
from mingqu.cases.services.files import Upload
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.forms import selectors as drafts
from mingqu.identity.services import access
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
