"""
告知承诺 and 容缺承诺 on a bundle's draft: signed once for all parts a material is for, under the words of each of them.
Nothing has legal effect before the bundle is filed, so these are no commands.
"""

from uuid import UUID

from django.db import transaction

from mingqu.cases.bundles.provisions import signing_code, words_of
from mingqu.cases.bundles.services.filing import opened_draft
from mingqu.cases.errors import MaterialUnknown
from mingqu.cases.provisions import GAP, owed_codes
from mingqu.cases.services.files import Holder
from mingqu.cases.services.promises import Wording, keep_signed
from mingqu.cases.types import CommitmentInput
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.forms.types import DraftView
from mingqu.kernel.types import Actor, Instant


def sign_commitment(
    *, draft_id: UUID, commitment: CommitmentInput, by: Actor | None, at: Instant, token: str = ""
) -> None:
    """
    Keep a promise with the very words that were shown, a row for each part. A 容缺承诺 also says that its material
    follows later. Whether the signer is the applicant is checked when it is filed. Raises DraftNotFound,
    MaterialUnknown, NothingToPromise, CommitmentUnsigned, SignatureUnreadable, SignatureBlank, DraftChangedElsewhere.
    """
    draft = drafts.draft(draft_id, by=by, at=at, token=token)
    of, wanted = opened_draft(draft)
    merged = next((m for m in catalogue.merged_materials(of, wanted) if m.code == commitment.code), None)
    if merged is None:
        raise MaterialUnknown()
    shown = [
        Wording(signing_code(part, one.code), one.words, one.commitment, one.version)
        for part, one in words_of(of, merged, commitment.kind)
    ]
    with transaction.atomic():
        keep_signed(draft_id, commitment, shown, by, at)
        if commitment.kind == GAP:
            _set_owed(draft, merged.code, True, Holder(by, token), at)


def bring_now(*, draft_id: UUID, material: str, by: Actor | None, at: Instant, token: str = "") -> None:
    """The material is handed in with the application after all. Raises DraftNotFound, DraftChangedElsewhere."""
    draft = drafts.draft(draft_id, by=by, at=at, token=token)
    if material in owed_codes(draft.context):
        _set_owed(draft, material, False, Holder(by, token), at)


def _set_owed(draft: DraftView, code: str, owed: bool, holder: Holder, at: Instant) -> None:
    codes = owed_codes(draft.context) - {code}
    context = {**draft.context, "owed": sorted(codes | {code} if owed else codes)}
    forms.change_context(
        draft_id=draft.draft_id,
        context=context,
        base_version=draft.version,
        by=holder.by,
        at=at,
        token=holder.token,
    )
