"""
Promises in place of a material: 告知承诺 (the material itself is promised) and 容缺承诺 (it follows later).

Signed on a draft, as files are put there: nothing has legal effect before the draft is filed, so these are no
commands. A promise signed again is a newer row; the latest counts. Rows are never changed.
"""

from uuid import UUID

from django.db import transaction

from mingqu.cases import provisions, rules
from mingqu.cases.errors import (
    CommitmentUnsigned,
    MaterialUnknown,
    NothingToPromise,
)
from mingqu.cases.models import SignedCommitment
from mingqu.cases.services.files import Holder
from mingqu.cases.services.filing import definition_of_draft
from mingqu.cases.types import CommitmentInput
from mingqu.catalogue.types import Commitment, Definition, Material
from mingqu.documents import services as documents
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.forms.types import DraftView
from mingqu.kernel.types import Instant

NAME_LENGTH = 100
SIGNATURE = "commitment_signature"  # kind of the stored picture


def sign_commitment(
    *, draft_id: UUID, commitment: CommitmentInput, holder: Holder, at: Instant
) -> SignedCommitment:
    """
    Keep a promise with the very words that were shown. A 容缺承诺 also says that its material follows later.

    Whether the signer is the applicant is checked when the draft is filed: before sign-in nobody knows who that
    is. Raises DraftNotFound, DraftAlreadyFiled, MaterialUnknown, NothingToPromise, CommitmentUnsigned,
    SignatureUnreadable, SignatureBlank, DraftChangedElsewhere.
    """
    draft = drafts.draft(draft_id, by=holder.by, at=at, token=holder.token)
    definition = definition_of_draft(draft)
    material = _material(definition, commitment.code)
    words, code, version = _words(definition, material, commitment.kind)
    name = " ".join(commitment.name.split())
    if not commitment.agreed:
        raise CommitmentUnsigned(field="agreed")
    if not name or len(name) > NAME_LENGTH:
        raise CommitmentUnsigned(field="name")
    picture = documents.check_signature(commitment.signature)
    with transaction.atomic():
        stored = picture and documents.store_file(
            root_id=draft_id, kind=SIGNATURE, name="签名", upload=picture, at=at
        )
        signed = SignedCommitment.objects.create(
            root_id=draft_id,
            kind=commitment.kind,
            code=material.code,
            commitment=code,
            version=version,
            text=words,
            person_id=holder.by.id if holder.by and holder.by.kind == "citizen" else None,
            signed_name=name,
            signature_id=stored.file_id if stored else None,
            signed_at=at,
        )
        if commitment.kind == provisions.GAP:
            _set_owed(draft, material.code, True, holder, at)
    return signed


def bring_now(*, draft_id: UUID, material: str, holder: Holder, at: Instant) -> None:
    """The material is handed in with the application after all. Raises DraftNotFound, DraftChangedElsewhere."""
    draft = drafts.draft(draft_id, by=holder.by, at=at, token=holder.token)
    if material in provisions.owed_codes(draft.context):
        _set_owed(draft, material, False, holder, at)


def words_of(definition: Definition, material: Material, kind: str) -> dict[str, object]:
    """What would be signed for this material; the page shows it. Raises NothingToPromise."""
    return _words(definition, material, kind)[0]


def _words(definition: Definition, material: Material, kind: str) -> tuple[dict[str, object], str, int]:
    """The words, and code and version of the definition's commitment they come from."""
    if kind == provisions.GAP and rules.may_be_owed(material):
        return rules.gap_text(definition, material), "", 1
    if kind == provisions.PROMISE and material.source.kind == rules.COMMITMENT:
        commitment: Commitment = definition.commitment(material.source.of)
        return rules.promise_text(commitment), commitment.code, commitment.version
    raise NothingToPromise(field=material.code, name=material.name)


def _material(definition: Definition, code: str) -> Material:
    try:
        return definition.material(code)
    except KeyError as unknown:
        raise MaterialUnknown() from unknown


def _set_owed(draft: DraftView, code: str, owed: bool, holder: Holder, at: Instant) -> None:
    codes = provisions.owed_codes(draft.context) - {code}
    context = {**draft.context, "owed": sorted(codes | {code} if owed else codes)}
    forms.change_context(
        draft_id=draft.draft_id,
        context=context,
        base_version=draft.version,
        by=holder.by,
        at=at,
        token=holder.token,
    )
