"""How the result is to come: chosen when filing, changed before the decision; consent is the applicant's alone."""

from uuid import UUID

from mingqu.cases import rules, selectors
from mingqu.cases.errors import DeliveryFixed, DeliveryNotChosen
from mingqu.cases.models import Case
from mingqu.cases.types import Done
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant


def choose_delivery(*, case_id: UUID, way: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Give or take back the consent to electronic delivery (民事诉讼法 90: with consent only; the licence law is silent).

    A clerk may note that the applicant comes to the window instead; consent for her nobody gives but she. Raises
    NotAuthorised, DeliveryFixed (decided already), DeliveryNotChosen.
    """
    with command("case.choose_delivery", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.choose_delivery", case)
        if way == Case.DeliveryWay.ELECTRONIC and by.kind != "citizen":
            raise NotAuthorised(action="case.choose_delivery")
        if case.status not in rules.ALLOWED_IN["case.choose_delivery"]:
            raise DeliveryFixed()
        if way not in Case.DeliveryWay.values:
            raise DeliveryNotChosen(field="delivery")
        case.delivery_way = way
        case.delivery_consent_at = at if way == Case.DeliveryWay.ELECTRONIC else None
        case.save(update_fields=["delivery_way", "delivery_consent_at"])
        cmd.note(way=way)
        return cmd.done(Done(case.pk, case.status))
