"""
Promises in place of a material: 告知承诺 (the material itself is promised) and 容缺承诺 (it follows later).

Signed on a draft, as files are put there: nothing has legal effect before the draft is filed, so these are no
commands. A promise signed again is a newer row; the latest counts. Rows are never changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
from mingqu.kernel.types import Actor, Instant

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
    shown = wording(definition, _material(definition, commitment.code), commitment.kind)
    with transaction.atomic():
        (signed,) = keep_signed(draft_id, commitment, [shown], holder.by, at)
        if commitment.kind == provisions.GAP:
            _set_owed(draft, shown.code, True, holder, at)
    return signed


@dataclass(frozen=True)
class Wording:
    """What is signed for one material: its code, the words, code and version of the commitment they come from."""

    code: str
    words: dict[str, object]
    commitment: str = ""
    version: int = 1


def keep_signed(
    root_id: UUID, commitment: CommitmentInput, shown: Sequence[Wording], by: Actor | None, at: Instant
) -> list[SignedCommitment]:
    """
    One signature under these words, a row each. The caller is in a transaction and has checked whose draft it is.
    Raises CommitmentUnsigned, SignatureUnreadable, SignatureBlank.
    """
    name = " ".join(commitment.name.split())
    if not commitment.agreed:
        raise CommitmentUnsigned(field="agreed")
    if not name or len(name) > NAME_LENGTH:
        raise CommitmentUnsigned(field="name")
    picture = documents.check_signature(commitment.signature)
    stored = picture and documents.store_file(
        root_id=root_id, kind=SIGNATURE, name="签名", upload=picture, at=at
    )
    return [
        SignedCommitment.objects.create(
            root_id=root_id,
            kind=commitment.kind,
            code=one.code,
            commitment=one.commitment,
            version=one.version,
            text=one.words,
            person_id=by.id if by and by.kind == "citizen" else None,
            signed_name=name,
            signature_id=stored.file_id if stored else None,
            signed_at=at,
        )
        for one in shown
    ]


def bring_now(*, draft_id: UUID, material: str, holder: Holder, at: Instant) -> None:
    """The material is handed in with the application after all. Raises DraftNotFound, DraftChangedElsewhere."""
    draft = drafts.draft(draft_id, by=holder.by, at=at, token=holder.token)
    if material in provisions.owed_codes(draft.context):
        _set_owed(draft, material, False, holder, at)


def words_of(definition: Definition, material: Material, kind: str) -> dict[str, object]:
    """What would be signed for this material; the page shows it. Raises NothingToPromise."""
    return wording(definition, material, kind).words


def wording(definition: Definition, material: Material, kind: str) -> Wording:
    """What would be signed, and where the words come from. Raises NothingToPromise."""
    if kind == provisions.GAP and rules.may_be_owed(material):
        return Wording(material.code, rules.gap_text(definition, material))
    if kind == provisions.PROMISE and material.source.kind == rules.COMMITMENT:
        commitment: Commitment = definition.commitment(material.source.of)
        return Wording(material.code, rules.promise_text(commitment), commitment.code, commitment.version)
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
