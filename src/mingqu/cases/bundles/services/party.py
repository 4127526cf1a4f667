"""The party of a case changes while it is under way: what a person or a reserved name began, a firm goes on with."""

from uuid import UUID, uuid5

from mingqu.cases import rules, selectors
from mingqu.cases.bundles.services.course import BUNDLES
from mingqu.cases.errors import NotInReview
from mingqu.cases.events import CasePartyChanged
from mingqu.cases.models import Bundle, Case
from mingqu.cases.types import Done
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant


def change_party(*, case_id: UUID, firm_id: UUID, name: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    From now on it is this firm's application; the person still acts in it. Raises NotAuthorised, NotInReview (it is
    decided: what was issued is changed by 变更, not here).
    """
    with command("case.change_party", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.change_party", case)
        if case.status not in rules.ALLOWED_IN["case.change_party"]:
            raise NotInReview()
        case.party_kind, case.party_id, case.party_name = Case.PartyKind.FIRM, firm_id, name
        case.save(update_fields=["party_kind", "party_id", "party_name"])
        cmd.note(party=firm_id)
        cmd.note_digest(party_name=name)
        cmd.publish(CasePartyChanged(case.pk, case.number, case.item_code, case.applicant_id, firm_id))
        return cmd.done(Done(case.pk, case.status))


def take_bundles_party(*, bundle_id: UUID, case_id: UUID, ref: UUID, at: Instant) -> None:
    """The case of a part takes over the party of its bundle."""
    bundle = Bundle.objects.get(pk=bundle_id)
    assert bundle.party_id is not None
    change_party(
        case_id=case_id,
        firm_id=bundle.party_id,
        name=bundle.party_name,
        by=BUNDLES,
        at=at,
        key=uuid5(ref, f"party:{case_id}"),
    )
