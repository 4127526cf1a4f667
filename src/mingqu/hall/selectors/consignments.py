"""Questions about what goes by courier."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from mingqu.hall.courier.types import KINDS
from mingqu.hall.models import Consignment, ConsignmentTrack
from mingqu.hall.models.consignments import OPEN
from mingqu.hall.selectors.halls import setting
from mingqu.hall.types import ParcelLine, ParcelView, TrackLine
from mingqu.identity.services import access
from mingqu.kernel.masking import mask_name, mask_phone
from mingqu.kernel.types import Actor, Instant

PAGE, MOST = 30, 2000
LISTS: Final = {
    "open": "在路上的",
    "stuck": "很久没有动静",
    "returned": "退回窗口的",
    "signed": "已签收",
    "all": "全部",
}
TAGS = {"signed": "done", "returned": "correct", "cancelled": "void", "waiting": "received"}


def parcels(
    actor: Actor, at: Instant, *, shown: str = "open", before: UUID | None = None, limit: int = PAGE
) -> tuple[list[ParcelLine], UUID | None]:
    """A page of a list of LISTS, the newest first, keyset by id; where the next begins."""
    rows = Consignment.objects.filter(access.scope(actor, "parcel.send").q()).filter(_of(shown, at))
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.select_related("hall").order_by("-id")[: limit + 1])
    more = found[limit - 1].id if len(found) > limit else None
    return [_line(row, at) for row in found[:limit]], more


def every_parcel(actor: Actor, at: Instant, shown: str) -> Iterator[ParcelLine]:
    """The whole list for a file, MOST lines at most."""
    before, number = None, 0
    while number < MOST:
        lines, before = parcels(actor, at, shown=shown, before=before, limit=300)
        yield from lines
        number += len(lines)
        if before is None:
            return


def stuck_parcels(actor: Actor, at: Instant, most: int) -> int:
    """How many nobody has told anything of for the days of the setting; counted up to `most`."""
    rows = Consignment.objects.filter(access.scope(actor, "parcel.send").q()).filter(_of("stuck", at))
    return len(rows.values_list("pk")[:most])


def parcels_of_case(case_id: UUID, at: Instant, *, own: bool = False) -> list[ParcelView]:
    """All of a case, the latest first, with what the courier told; the caller has checked whose it is."""
    rows = list(Consignment.objects.filter(root_id=case_id).select_related("hall").order_by("-id"))
    tracks: dict[UUID, list[TrackLine]] = {}
    for one in ConsignmentTrack.objects.filter(root_id=case_id).order_by("-happened_at", "-id"):
        line = TrackLine(one.happened_at, str(KINDS.get(one.kind, one.kind)), one.words)
        tracks.setdefault(one.consignment_id, []).append(line)
    return [
        ParcelView(
            line=_line(row, at),
            id=row.id,
            reference=row.reference,
            may_cancel=row.state in {"waiting", "ordered"},
            is_open=row.state in OPEN,
            receiver=row.receiver if own else mask_name(row.receiver),
            phone=mask_phone(row.phone),
            address=row.address,
            signer=row.signer,
            signed_on=row.signed_on,
            reason=row.reason,
            tracks=tuple(tracks.get(row.id, ())),
        )
        for row in rows
    ]


def goes_by_courier(case_id: UUID) -> bool:
    return Consignment.objects.filter(root_id=case_id).exists()


def _of(shown: str, at: Instant) -> Q:
    if shown == "stuck":
        return Q(state__in=OPEN, moved_at__lt=_stuck_before(at))
    if shown == "open":
        return Q(state__in=OPEN)
    return Q() if shown == "all" else Q(state=shown)


def _stuck_before(at: Instant) -> datetime:
    return at - timedelta(days=setting("parcel_stuck_days"))


def _line(row: Consignment, at: Instant) -> ParcelLine:
    stuck = row.state in OPEN and row.moved_at < _stuck_before(at)
    return ParcelLine(
        case_number=row.case_number,
        item_name=row.item_name,
        hall_name=row.hall.name,
        courier=row.courier,
        waybill=row.waybill,
        state=row.state,
        state_words=str(row.get_state_display()),
        tag=TAGS.get(row.state, "accepted"),
        moved_at=row.moved_at,
        stuck=stuck,
        receiver=mask_name(row.receiver),
    )
