"""
Who gives out the result of what a hall elsewhere received: that hall, until the home side takes it over (the hall is
closed, the applicant came back), so that nobody is told of two places and nothing is given out twice.
"""

from typing import Any
from uuid import UUID, uuid5

from mingqu.across import rules
from mingqu.across.errors import AgreementReason, GivenByHome, GivenElsewhere, GivingNotNow, ReceptionUnknown
from mingqu.across.events import GivingMoved
from mingqu.across.models import Reception
from mingqu.across.services.receiving import UNDER_AGREEMENT
from mingqu.cases import selectors as cases
from mingqu.hall import selectors as halls
from mingqu.hall import services as hall_services
from mingqu.identity.services import access
from mingqu.identity.types import StaffActor
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant


def require_giver(case: Any, by: Actor) -> None:
    """
    Asked within the commands that register a result at a counter and give it out there, under the case's lock; one
    statement, and none for what was not filed at a window. Raises GivenElsewhere, GivenByHome.
    """
    if case.channel != "window" or by.kind == "system":
        return
    row = Reception.objects.select_related("hall", "agreement__home").filter(draft_id=case.pk).first()
    if row is None or row.state != Reception.State.FILED:
        return
    mandates = by.mandates if isinstance(by, StaffActor) else ()
    of_agreement = any(one.role == UNDER_AGREEMENT for one in mandates)
    if of_agreement and row.home_gives:
        raise GivenByHome(hall=row.agreement.home.name)
    if not of_agreement and rules.given_elsewhere(row.home_gives, case.delivery_way, case.by_post):
        raise GivenElsewhere(field="number", hall=row.hall.name)


def move_giving(*, case_id: UUID, home: bool, reason: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    `home`: the home side gives the result out from now on; else it leaves that to the hall that received again. A
    result that is registered at the counter of the one is no more there, and its applicant is told where it is; begun
    and not finished it is taken up again by the same press.

    Raises ReceptionUnknown, NotAuthorised, GivingNotNow (given out meanwhile, to be sent, or so already),
    AgreementReason, ParcelUnderWay.
    """
    with command("across.take_over", case_id, by=by, at=at, key=key) as cmd:
        if not cmd.repeated:
            case = cases.case_for_update(case_id)
            row = (
                Reception.objects.select_for_update(of=("self",))
                .select_related("hall")
                .filter(draft_id=case_id)
                .first()
            )
            if row is None or row.state != Reception.State.FILED:
                raise ReceptionUnknown()
            access.require(by, "across.take_over", case)
            if row.home_gives == home or not rules.may_move_giving(
                case.status, case.delivery_way, case.by_post
            ):
                raise GivingNotNow()
            said = rules.words(reason)
            if said is None:
                raise AgreementReason(field="reason", most=rules.WORDS_LIMIT)
            row.home_gives = home
            row.save(update_fields=["home_gives"])
            cmd.note(hall=row.hall.name, taken_over=home, reason=said)
            cmd.publish(GivingMoved(case_id, home))
            cmd.done(None)
    lies = halls.results_of([case_id], legal_day(at)).get(case_id)
    if lies is not None:
        hall_services.take_result_back(case_id=case_id, reason=reason, by=by, at=at, key=uuid5(key, "lay"))
