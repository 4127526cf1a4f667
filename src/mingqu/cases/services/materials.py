"""The materials of an application when it is filed: settled, and written down as the rows of the case."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from mingqu.cases import provisions, rules
from mingqu.cases.errors import GapUnsigned, MaterialsMissing, SignerDiffers
from mingqu.cases.models import CaseMaterial, MaterialFile, SignedCommitment
from mingqu.cases.provisions import Asking, Provision
from mingqu.catalogue.types import Material
from mingqu.identity.types import PersonView
from mingqu.kernel.commands import Command
from mingqu.kernel.rows import kept_plans

_TAKE = (
    "UPDATE cases_materialfile SET state = CASE WHEN material_code = ANY(%s) THEN %s ELSE %s END"
    " WHERE root_id = %s AND state = %s RETURNING material_code"
)


def take_files(draft_id: UUID, codes: Collection[str]) -> set[str]:
    """
    The files that wait under a draft go with the application: those of its materials are current from now on, others
    are taken off. Returns the codes that had any.
    """
    state = MaterialFile.State
    with kept_plans() as cursor:
        cursor.execute(_TAKE, [list(codes), state.CURRENT, state.REMOVED, draft_id, state.PENDING])
        return {code for (code,) in cursor.fetchall()}


@dataclass(frozen=True)
class Brought:
    """What a bundle hands over to one of its parts: files and promises, not written down yet."""

    files: Sequence[MaterialFile]
    signed: Sequence[SignedCommitment]


def take_brought(cmd: Command, brought: Brought, codes: Collection[str]) -> set[str]:
    """The same for what a bundle brings; it is written with the command's entry."""
    for file in brought.files:
        taken = file.material_code in codes
        file.state = MaterialFile.State.CURRENT if taken else MaterialFile.State.REMOVED
    cmd.insert(*brought.files, *brought.signed)
    return {file.material_code for file in brought.files} & set(codes)


def settled(
    asking: Asking, materials: Sequence[Material], with_files: Collection[str], person: PersonView
) -> list[Provision]:
    """
    How each material is provided, the promises bound to the applicant. Raises MaterialsMissing, GapUnsigned,
    SignerDiffers.
    """
    found = provisions.provisions(asking, materials, with_files)
    missing = [one.material for one in found if not one.done]
    owed = provisions.owed_codes(asking.context)
    for material in missing:
        if material.code in owed and rules.may_be_owed(material):
            raise GapUnsigned(field=material.code, name=material.name)
    if missing:
        raise MaterialsMissing([m.code for m in missing], [m.name for m in missing])
    return [_bound(one, person) for one in found]


def rows(case_id: UUID, provided: Sequence[Provision]) -> list[CaseMaterial]:
    """One row per material."""
    return [
        CaseMaterial(
            case_id=case_id,
            code=one.material.code,
            name=one.material.name,
            position=place,
            state=one.provided.state,
            how=one.provided.how,
            source_id=one.provided.source_id,
            copies=one.provided.copies,
        )
        for place, one in enumerate(provided)
    ]


def _bound(one: Provision, person: PersonView) -> Provision:
    """
    A promise is its applicant's own: the name under it is hers, and one signed before sign-in, when nobody knew
    who signed, is written once more with who it was.
    """
    signed = one.signed
    if signed is None:
        return one
    if not rules.same_name(signed.signed_name, person.name) or signed.person_id not in (None, person.id):
        raise SignerDiffers(field=one.material.code, name=one.material.name)
    return one if signed.person_id else one.resting_on(_bind(signed, person))


def _bind(signed: SignedCommitment, person: PersonView) -> SignedCommitment:
    return SignedCommitment.objects.create(
        root_id=signed.root_id,
        kind=signed.kind,
        code=signed.code,
        commitment=signed.commitment,
        version=signed.version,
        text=signed.text,
        person_id=person.id,
        signed_name=signed.signed_name,
        signature_id=signed.signature_id,
        signed_at=signed.signed_at,
    )
