"""我的材料: whether what was handed in once is offered again with the next application (CAS-13)."""

from uuid import UUID, uuid5

from mingqu.cases import kept_materials, selectors
from mingqu.cases.errors import MaterialUnknown
from mingqu.cases.models import CaseMaterial
from mingqu.cases.types import Done
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant


def offer_material(
    *, case_id: UUID, material: str, offered: bool, by: Actor, at: Instant, key: UUID
) -> list[Done]:
    """
    Offer these files again, or not; in every application of hers in which the same files lie, each a command of its
    own that is safe to repeat. The files stay where they are. Raises NotAuthorised, MaterialUnknown.
    """
    case = selectors.case_visible_to_id(by, case_id)
    access.require(by, "case.offer_material", case)
    found = kept_materials.same_files(by, case, material)
    if not found:
        raise MaterialUnknown()
    return [
        _offer(one, code, offered, by=by, at=at, key=uuid5(key, f"{one}:{code}:{offered}"))
        for one, code in found
    ]


def _offer(case_id: UUID, material: str, offered: bool, *, by: Actor, at: Instant, key: UUID) -> Done:
    with command("case.offer_material", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.offer_material", case)
        CaseMaterial.objects.filter(case=case, code=material).update(offered=offered)
        cmd.note(material=material, offered=offered)
        return cmd.done(Done(case.pk, case.status))
