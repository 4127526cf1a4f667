"""What this room adds to pages of others: where a result is on its way; what waits to be sent, on the first page."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.cases.types import Moved, Whereabouts
from mingqu.hall import selectors
from mingqu.hall.courier import registry
from mingqu.identity.services import access
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting
from mingqu.ui.types import Action, Fact

MOST = 99
LATEST = 3  # of what happened to a parcel; the rest has a page of its own


def where_it_is(case_id: UUID, number: str, at: Instant) -> Whereabouts:
    """Of a decided case whose result is collected or sent: at which counter it lies, how far its parcel is."""
    parcel = next(iter(selectors.parcels_of_case(case_id, at)), None)
    lying = None if parcel and parcel.is_open else selectors.to_collect_of(case_id)
    rows, actions = [], []
    if parcel and parcel.line.waybill:
        waybill = _("运单号%(number)s") % {"number": parcel.line.waybill}
        rows.append(Fact(_("快递"), parcel.line.courier, waybill))
    if lying and lying.sent:
        rows.append(Fact(_("现在在哪里"), lying.hall_name, _("等窗口交给快递")))
    elif lying:
        rows.append(Fact(_("在哪里领"), lying.hall_name, lying.address))
        rows.append(Fact(_("什么时候"), lying.hours or _("工作时间"), _("请带身份证件")))
    if parcel:
        actions.append(Action(_("快递到哪里了"), reverse("hall:own_parcel", args=[number])))
    if registry.there_is_one() and selectors.may_readdress(case_id):
        actions.append(Action(_("结果寄给我，或者改地址"), reverse("hall:readdress", args=[number])))
    return Whereabouts(
        rows=rows,
        lies=lying is not None,
        under_way=parcel is not None and parcel.is_open,
        tag=parcel.line.tag if parcel else "",
        words=parcel.line.state_words if parcel else "",
        moved=[Moved(one.at, one.what) for one in parcel.tracks[:LATEST]] if parcel else [],
        actions=actions,
    )


def parcels_waiting(actor: Actor, at: Instant) -> Waiting | None:
    """Parcels nobody tells anything of, else results that their applicants asked to have sent."""
    if not registry.there_is_one() or not access.may(actor, "parcel.send"):
        return None
    asked, stuck = selectors.parcels_waiting(actor, at, MOST)
    if stuck:
        url = f"{reverse('hall:parcels')}?show=stuck"
        return Waiting(
            f"{stuck}件寄递很久没有动静，请问快递公司", state="refused", url=url, label="很久没有动静的寄递"
        )
    return Waiting(f"{asked}件结果等着寄给申请人") if asked else None
