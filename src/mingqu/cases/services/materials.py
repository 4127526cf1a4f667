"""The materials of an application when it is filed: settled, and written down as the rows of the case."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Case as Either
from django.db.models import Value, When

from mingqu.cases import provisions, rules
from mingqu.cases.errors import GapUnsigned, MaterialsMissing, SignerDiffers
from mingqu.cases.models import CaseMaterial, MaterialFile, SignedCommitment
from mingqu.cases.provisions import Asking, Provision
from mingqu.catalogue.types import Material
from mingqu.identity.types import PersonView


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


def write(case_id: UUID, provided: Sequence[Provision]) -> None:
    """One row per material; of the draft's files those of its materials become current."""
    CaseMaterial.objects.bulk_create(
        CaseMaterial(
            case_id=case_id,
            code=one.material.code,
            name=one.material.name,
            position=place,
            state=one.provided.state,
            how=one.provided.how,
            source_id=one.provided.source_id,
        )
        for place, one in enumerate(provided)
    )
    codes = [one.material.code for one in provided]
    needed = When(material_code__in=codes, then=Value(MaterialFile.State.CURRENT))
    pending = MaterialFile.objects.filter(root_id=case_id, state=MaterialFile.State.PENDING)
    pending.update(state=Either(needed, default=Value(MaterialFile.State.REMOVED)))


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
