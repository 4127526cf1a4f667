"""Questions about what goes by courier."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors as bundles
from mingqu.clocks import selectors as clocks
from mingqu.hall.courier import registry
from mingqu.hall.courier.types import KINDS
from mingqu.hall.models import Consignment, ConsignmentTrack, Result
from mingqu.hall.models.consignments import OPEN
from mingqu.hall.selectors.halls import setting
from mingqu.hall.types import ParcelLine, ParcelView, ToSend, TrackLine
from mingqu.identity.services import access
from mingqu.kernel.identifiers import COUNTY
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.masking import mask_name, mask_phone
from mingqu.kernel.types import Actor, Instant

PAGE, MOST = 30, 2000
ASKED = "asked"  # results to be sent: no parcel is made of them yet
LISTS: Final = {
    ASKED: "等着寄的",
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


def to_send(
    actor: Actor, *, after: tuple[date, UUID] | None = None, limit: int = PAGE
) -> tuple[list[ToSend], tuple[date, UUID] | None]:
    """
    Results that lie at counters and were asked for by courier, the longest lying first, keyset by (day, id); where the
    next page begins. In three statements, two more where one is of a bundle.
    """
    rows = _to_send(actor).select_related("hall")
    if after:
        rows = rows.filter(Q(arrived_on__gt=after[0]) | Q(arrived_on=after[0], pk__gt=after[1]))
    found = list(rows.order_by("arrived_on", "id")[: limit + 1])
    more = (found[limit - 1].arrived_on, found[limit - 1].pk) if len(found) > limit else None
    ids = [row.pk for row in found[:limit]]
    known = {case.pk: case for case in cases.visible_cases(actor).filter(pk__in=ids)}
    back = set(
        Consignment.objects.filter(root_id__in=ids, state="returned").values_list("root_id", flat=True)
    )
    together = bundles.in_one_parcel(known.values())
    here = _lying_at(one for of in together.values() for one in of.decided)
    lines = [
        ToSend(
            case_id=row.pk,
            case_number=row.case_number,
            item_name=row.item_name,
            hall_name=row.hall.name,
            place=row.place,
            applicant=mask_name(known[row.pk].party_name or known[row.pk].applicant_name or ""),
            arrived_on=row.arrived_on,
            due_on=known[row.pk].due_on,
            returned=row.pk in back,
            bundle=together[row.pk].number if row.pk in together else "",
            together=_together(together[row.pk], row.hall_id, here) if row.pk in together else "",
        )
        for row in found[:limit]
        if row.pk in known
    ]
    return lines, more


def _lying_at(case_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """At which hall the results of these cases lie; no statement where there are none."""
    wanted = set(case_ids)
    rows = Result.objects.filter(pk__in=wanted, state=Result.State.LYING)
    return dict(rows.values_list("pk", "hall_id")) if wanted else {}


def _together(of: bundles.InOneParcel, hall_id: UUID, here: Mapping[UUID, UUID]) -> str:
    """What else goes in its parcel; what was refused goes too, what was withdrawn or ended holds nothing up."""
    there = sum(here.get(one) == hall_id for one in of.decided)
    words = f"一起寄的到了{there}件" + (
        f"，还差{len(of.decided) - there}件没到窗口" if there < len(of.decided) else ""
    )
    if of.open_parts:
        return f"{words}，还有{of.open_parts}个事项没有决定"
    return words if there < len(of.decided) else f"{words}，都齐了"


def every_to_send(actor: Actor) -> Iterator[ToSend]:
    """The whole list for a file, MOST lines at most."""
    after, number = None, 0
    while number < MOST:
        lines, after = to_send(actor, after=after, limit=300)
        yield from lines
        number += len(lines)
        if after is None:
            return


def parcels_waiting(actor: Actor, at: Instant, most: int) -> tuple[int, int]:
    """
    (results to be sent, parcels nobody has told anything of), each counted up to `most`; one statement, and another
    with the calendar where a parcel may be late.
    """
    mine = Consignment.objects.filter(access.scope(actor, "parcel.send").q())
    days = timedelta(
        days=setting("parcel_stuck_days") - 1
    )  # at least: what moved since is late by no calendar
    stuck = mine.filter(state__in=OPEN, moved_at__lt=at - days)
    of: list[QuerySet[object]] = [
        rows.order_by().annotate(of=Value(words, output_field=CharField())).values_list("of")[:most]  # type: ignore[attr-defined]
        for rows, words in ((_to_send(actor), ASKED), (stuck, "stuck"))
    ]
    found = list(of[0].union(of[1], all=True))
    late = len(mine.filter(_of("stuck", at)).values_list("pk")[:most]) if ("stuck",) in found else 0
    return found.count((ASKED,)), late


def is_asked(case_id: UUID) -> bool:
    """Whether a decided case's applicant asked to have the result sent."""
    return cases.sent_by_post().filter(pk=case_id).exists()


def may_readdress(case_id: UUID) -> bool:
    """
    She may still say where the result is to be sent: it waits, no parcel of it is under way, and it does not lie in
    another district (通办代收), where nobody sends it.
    """
    rows = cases.handed_over_on_paper().filter(~Exists(under_way()), pk=case_id)
    return rows.exists() and not lies_elsewhere(case_id)


def lies_elsewhere(case_id: UUID) -> bool:
    """Whether the result lies at a hall of another district than its case's."""
    rows = Result.objects.filter(pk=case_id, state=Result.State.LYING)
    place = rows.values_list("hall__region_code", "region_code").first()
    return place is not None and place[0][:COUNTY] != place[1][:COUNTY]


def _to_send(actor: Actor) -> QuerySet[Result]:
    asked = cases.sent_by_post().filter(pk=OuterRef("pk"))
    return Result.objects.filter(
        access.scope(actor, "parcel.send").q(), Exists(asked), ~Exists(under_way()), state=Result.State.LYING
    )


def under_way() -> QuerySet[Consignment]:
    """Of a row whose key is the case's: its parcel that is on its way."""
    return Consignment.objects.filter(root_id=OuterRef("pk"), state__in=OPEN)


def parcels_of_case(case_id: UUID, at: Instant, *, own: bool = False) -> list[ParcelView]:
    """All of a case, the latest first, with what the courier told; the caller has checked whose it is."""
    rows = list(Consignment.objects.filter(root_id=case_id).select_related("hall").order_by("-id"))
    tracks: dict[UUID, list[TrackLine]] = {}
    roots = {case_id, *(row.along_root for row in rows if row.along_root)}
    for one in ConsignmentTrack.objects.filter(root_id__in=roots).order_by("-happened_at", "-id"):
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
            tracks=tuple(tracks.get(row.along_id or row.id, ())),
            along_id=row.along_id,
        )
        for row in rows
    ]


def lie_together(case_id: UUID) -> list[UUID]:
    """
    Cases of the same bundle (一件事) whose results lie at the same counter as this one's and that no courier is to
    fetch: they may go in one parcel.
    """
    beside = bundles.cases_beside(case_id)
    if not beside:
        return []
    own = Result.objects.filter(pk=case_id, state=Result.State.LYING).values("hall_id")
    rows = Result.objects.filter(~Exists(under_way()), pk__in=beside, state=Result.State.LYING)
    return list(rows.filter(hall_id__in=own).order_by("case_number").values_list("pk", flat=True))


def may_go_along(case_id: UUID) -> dict[UUID, str]:
    """What else of its bundle may lie in its parcel: the item with the number, by case."""
    rows = Result.objects.filter(pk__in=lie_together(case_id)).order_by("case_number")
    return {row.pk: f"{row.item_name} {row.case_number}" for row in rows}


def in_one_parcel(
    found: Iterable[ParcelView], *, seen_by: Actor | None = None
) -> dict[UUID, list[tuple[str, str]]]:
    """
    By consignment: number and item of what else lies in its parcel; the caller has checked whose they are. `seen_by`:
    of what she may see alone (who acts for another in one matter reads nothing of the others).
    """
    leads = {one.along_id or one.id: one for one in found}
    rows = Consignment.objects.filter(Q(along_id__in=list(leads)) | Q(id__in=list(leads)))
    if seen_by is not None:
        rows = rows.filter(root_id__in=cases.visible_cases(seen_by).values("pk"))
    others: dict[UUID, list[tuple[str, str]]] = {one.id: [] for one in leads.values()}
    for row in rows.order_by("case_number"):
        shown = leads[row.along_id or row.id]
        if row.id != shown.id:
            others[shown.id].append((row.case_number, row.item_name))
    return others


def to_readdress_with(actor: Actor, case_id: UUID) -> list[UUID]:
    """
    Decided cases of the same bundle whose results may still be sent elsewhere, this one first, as far as the actor may
    say so: an authority to act for another may be for one of them alone.
    """
    beside = [one for one in bundles.cases_beside(case_id) if may_readdress(one)]
    if not beside:
        return [case_id]
    rows = cases.visible_cases(actor).filter(pk__in=beside).defer("answers")
    own = {one.pk for one in rows if access.allows(actor, "parcel.readdress", one)}
    return [case_id, *(one for one in beside if one in own)]


def goes_by_courier(case_id: UUID) -> bool:
    return Consignment.objects.filter(root_id=case_id).exists()


def _of(shown: str, at: Instant) -> Q:
    if shown == "stuck":
        return Q(state__in=OPEN, moved_at__lt=_stuck_before(at))
    if shown == "open":
        return Q(state__in=OPEN)
    return Q() if shown == "all" else Q(state=shown)


def _stuck_before(at: Instant) -> datetime:
    """The beginning of the day after which so many working days have begun: a holiday makes no parcel late."""
    calendar, day = clocks.current_calendar(), legal_day(at)
    left = setting("parcel_stuck_days")
    while left > 0:
        left -= calendar.working_day(day)
        day -= timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(), BEIJING)


def _line(row: Consignment, at: Instant) -> ParcelLine:
    stuck = row.state in OPEN and row.moved_at < _stuck_before(at)
    return ParcelLine(
        case_number=row.case_number,
        item_name=row.item_name,
        hall_name=row.hall.name,
        courier=registry.words_of(row.courier),
        waybill=row.waybill,
        state=row.state,
        state_words=str(row.get_state_display()),
        tag=TAGS.get(row.state, "accepted"),
        moved_at=row.moved_at,
        stuck=stuck,
        receiver=mask_name(row.receiver),
    )
