"""What this room adds to pages of others: where a result is on its way; what waits to be sent, on the first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.cases import selectors as cases
from mingqu.hall import selectors
from mingqu.hall.courier import registry
from mingqu.identity.services import access
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting
from mingqu.ui.types import Action

MOST = 99


def where_it_is(number: str) -> list[Action]:
    """Of a case whose result was sent by courier, or may be."""
    case_id, actions = cases.case_id_of(number), []
    if selectors.goes_by_courier(case_id):
        actions.append(Action(_("快递到哪里了"), reverse("hall:own_parcel", args=[number])))
    if registry.there_is_one() and selectors.may_readdress(case_id):
        actions.append(Action(_("结果寄给我，或者改地址"), reverse("hall:readdress", args=[number])))
    return actions


def parcels_waiting(actor: Actor, at: Instant) -> Waiting | None:
    """Parcels nobody tells anything of, else results that their applicants asked to have sent."""
    if not registry.there_is_one() or not access.may(actor, "parcel.send"):
        return None
    asked, stuck = selectors.parcels_waiting(actor, at, MOST)
    if stuck:
        url = f"{reverse('hall:parcels')}?show=stuck"
        return Waiting(
            f"{stuck}件寄递很久没有动静，请问快递公司", state="overdue", url=url, label="很久没有动静的寄递"
        )
    return Waiting(f"{asked}件结果等着寄给申请人") if asked else None
