"""Questions about what is under supervision: for the organ that inspects, and for everybody (行政许可法 61)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mingqu.cases import selectors as cases
from mingqu.certificates import selectors as certificates
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import OfficerView
from mingqu.kernel.masking import mask_name
from mingqu.kernel.training import is_training
from mingqu.kernel.types import Actor
from mingqu.regulation.errors import SupervisedUnknown
from mingqu.regulation.models import Inspection, PutOff, Supervised
from mingqu.regulation.types import (
    Due,
    InspectionView,
    KindToTake,
    LineToTake,
    OpenRecord,
    PutOffView,
    SupervisedLine,
    SupervisedPage,
    SupervisedView,
)

if TYPE_CHECKING:
    from mingqu.certificates.models import Certificate

PAGE = 30
MOST = 5_000  # rows of a file
SOON = 14  # days before an inspection is due that the first page speaks of it
BATCH = 2_000
TAGS = {"": "accepted", "sound": "done", "wrong": "refused", "absent": "correct"}
OPEN, ENDED = "open", "ended"


@dataclass(frozen=True)
class Wanted:
    """Which objects: of which list, of one item, with this number of a certificate; only those past their day."""

    shown: str = OPEN
    item_code: str = ""
    number: str = ""
    late: bool = False


def supervised_for_update(object_id: UUID) -> Supervised:
    """Locked by its shard key. Raises SupervisedUnknown."""
    found = Supervised.objects.select_for_update().filter(pk=object_id).first()
    if found is None:
        raise SupervisedUnknown()
    return found


def barred_from(object_id: UUID) -> frozenset[UUID]:
    """
    回避 (公务员法 76, 行政处罚法 43): who stood aside from the holder in a case, is the holder, or represents the firm.
    """
    facts = Supervised.objects.filter(pk=object_id).values_list("case_id", "holder_kind", "holder_id").first()
    if facts is None:
        return frozenset()
    case_id, kind, holder_id = facts
    own = {holder_id} if holder_id else set()
    if own and kind == "firm":
        own |= set(identity.representatives_of(holder_id))
    return frozenset(own) | cases.standing_aside_from(case_id, holder_id)


def over_by_themselves(today: date) -> dict[UUID, str]:
    """Objects whose certificate has expired or lapsed by that day, and their numbers."""
    gone: dict[UUID, str] = {}
    rows = Supervised.objects.filter(ended_on=None).values_list("certificate_id", "pk", "number")
    batch: list[tuple[UUID, UUID, str]] = []
    for row in rows.order_by("pk").iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            gone |= _over(batch, today)
            batch = []
    return gone | _over(batch, today)


def _over(batch: list[tuple[UUID, UUID, str]], today: date) -> dict[UUID, str]:
    over = certificates.over_by_themselves(today, [certificate for certificate, _pk, _number in batch])
    return {pk: number for certificate, pk, number in batch if certificate in over}


# At the desk -----------------------------------------------------------------------------------------------------


def supervised_page(actor: Actor, wanted: Wanted, today: date, *, after: str = "") -> SupervisedPage:
    """Within the post's scope: what is to be inspected, the first due first; or what has ended, the latest first."""
    day, side = ("ended_on", "lt") if wanted.shown == ENDED else ("next_on", "gt")
    rows = _wanted(actor, wanted, today)
    if (start := _cursor(after)) is not None:
        rows = rows.filter(Q(**{f"{day}__{side}": start[0]}) | Q(**{day: start[0], f"id__{side}": start[1]}))
    found = list(rows.select_related("department")[: PAGE + 1])
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    return SupervisedPage(
        tuple(_line(row, today) for row in shown), f"{getattr(last, day)}_{last.pk}" if last else ""
    )


def every_supervised(actor: Actor, wanted: Wanted, today: date) -> list[SupervisedLine]:
    """The same list whole, for a file; MOST rows at most."""
    rows = _wanted(actor, wanted, today).select_related("department")[:MOST]
    return [_line(row, today) for row in rows]


def _wanted(actor: Actor, wanted: Wanted, today: date) -> QuerySet[Supervised]:
    rows = Supervised.objects.filter(access.scope(actor, "regulation.see").q())
    if wanted.item_code:
        rows = rows.filter(item_code=wanted.item_code)
    if wanted.number:
        rows = rows.filter(number=wanted.number.strip().upper())
    if wanted.shown == ENDED:
        return rows.filter(ended_on__isnull=False).order_by("-ended_on", "-id")
    if wanted.late:
        rows = rows.filter(next_on__lt=today)
    return rows.filter(ended_on=None).order_by("next_on", "id")


def items_of(actor: Actor) -> list[tuple[str, str]]:
    """The items under supervision within this post's scope, by name, for the filter."""
    rows = Supervised.objects.filter(access.scope(actor, "regulation.see").q())
    found = dict(rows.order_by().values_list("item_code", "item_name").distinct())
    return sorted(found.items(), key=lambda one: one[1])


def supervised_at_desk(actor: Actor, object_id: UUID, today: date) -> SupervisedView:
    """One object with its inspections. Raises SupervisedUnknown, also out of scope."""
    row = Supervised.objects.select_related("department").filter(pk=object_id).first()
    if row is None or not access.allows(actor, "regulation.see", row):
        raise SupervisedUnknown()
    inspections = row.inspections.order_by("-inspected_on", "-at")
    return SupervisedView(
        line=_line(row, today),
        case_number=cases.by_id(row.case_id).number if row.case_id else "",
        inspections=tuple(_inspection(one) for one in inspections),
        put_off=_put_off(row),
        not_public=row.not_public,
        recused=access.kept_out(actor, "regulation.inspect", row),
    )


def _put_off(row: Supervised) -> tuple[PutOffView, ...]:
    rows = list(PutOff.objects.filter(supervised=row).order_by("-at"))
    names = identity.names_of(one.person_id for one in rows) if rows else {}
    return tuple(
        PutOffView(one.was_on, one.next_on, one.reason or "", names.get(one.person_id, ""), one.at)
        for one in rows
    )


def may_inspect(actor: Actor, object_id: UUID) -> bool:
    row = Supervised.objects.filter(pk=object_id, ended_on=None).first()
    return row is not None and access.allows(actor, "regulation.inspect", row)


def colleagues(row: Supervised, actor: Actor, today: date) -> list[OfficerView]:
    """Who of the organ may have inspected along with the actor: everybody else there who does not stand aside."""
    left_out = {actor.id, *row.barred_ids}
    return [one for one in identity.officers_in(row.department_id, today) if one.person_id not in left_out]


def colleagues_at_desk(actor: Actor, object_id: UUID, today: date) -> list[OfficerView]:
    """The same for the page of one object; nobody where the actor may not inspect it."""
    row = Supervised.objects.filter(pk=object_id, ended_on=None).first()
    if row is None or not access.allows(actor, "regulation.inspect", row):
        return []
    return colleagues(row, actor, today)


def to_inspect(actor: Actor, today: date) -> Due:
    """What this post has to inspect within SOON days, and what is past its day. One statement."""
    rows = Supervised.objects.filter(
        access.scope(actor, "regulation.inspect").q(),
        ended_on=None,
        next_on__lte=today + timedelta(days=SOON),
    )
    return Due(**rows.aggregate(all=Count("pk"), late=Count("pk", filter=Q(next_on__lt=today))))


# What was granted before anybody supervised it --------------------------------------------------------------------


def to_take_up(actor: Actor, today: date, type_code: str = "") -> "QuerySet[Certificate]":
    """
    Certificates within the post's scope that are in force and under no supervision: existing ones (存量证照), and those
    granted before their definition named it. In one order.
    """
    known = Supervised.objects.filter(number=OuterRef("number"))
    rows = certificates.in_force(today).filter(access.scope(actor, "regulation.take_up").q(), ~Exists(known))
    return (rows.filter(type__code=type_code) if type_code else rows).select_related("type").order_by("pk")


def kinds_to_take_up(actor: Actor, today: date) -> list[KindToTake]:
    """Their types with how many there are of each, by name."""
    rows = (
        to_take_up(actor, today).order_by("type__name", "type__code").values_list("type__code", "type__name")
    )
    return [KindToTake(*one) for one in rows.annotate(many=Count("pk"))]


def lines_to_take_up(actor: Actor, today: date, type_code: str) -> list[LineToTake]:
    """The first PAGE of one type, as they would be taken."""
    return [
        LineToTake(
            one.number, _holder_of(one), one.organ_name, one.origin == one.Origin.EXISTING, one.valid_until
        )
        for one in to_take_up(actor, today, type_code)[:PAGE]
    ]


# For everybody ---------------------------------------------------------------------------------------------------


def open_records(
    *, department_id: UUID | None = None, number: str = "", before: str = ""
) -> tuple[list[OpenRecord], str]:
    """
    Records of inspections, the latest first, and the cursor to go on from. Left out: training regions, and what its
    definition says is not open (行政许可法 5). Keyset.
    """
    rows = Inspection.objects.filter(supervised__not_public="").order_by("-inspected_on", "-id")
    if department_id:
        rows = rows.filter(supervised__department_id=department_id)
    if number:
        rows = rows.filter(supervised__number=number.strip().upper())
    if (start := _cursor(before)) is not None:
        rows = rows.filter(Q(inspected_on__lt=start[0]) | Q(inspected_on=start[0], id__lt=start[1]))
    found = list(rows.select_related("supervised__department")[: PAGE + 1])
    shown = found[:PAGE]
    more = f"{shown[-1].inspected_on}_{shown[-1].id}" if len(found) > PAGE else ""
    return [_open(one) for one in shown if not is_training(one.supervised.region_code)], more


def organs() -> list[tuple[UUID, str]]:
    """The organs that have something under supervision, by name."""
    ids = set(Supervised.objects.order_by().values_list("department_id", flat=True).distinct())
    return sorted(
        ((one.id, one.name) for one in identity.departments_by_id(ids).values()), key=lambda one: one[1]
    )


def _open(one: Inspection) -> OpenRecord:
    row = one.supervised
    return OpenRecord(
        number=row.number,
        certificate_name=row.certificate_name,
        holder=_holder_of(row),
        organ=row.department.name,
        inspected_on=one.inspected_on,
        finding=one.finding,
        finding_words=Inspection.Finding(one.finding).label,
        tag=TAGS[one.finding],
        seen=one.seen or "",
        done=one.done or "",
    )


# -----------------------------------------------------------------------------------------------------------------


def _cursor(text: str) -> tuple[date, UUID] | None:
    """None for anything that is not a cursor: a stale link shows the first page."""
    day, _sep, found = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(found)
    except ValueError:
        return None


def _holder_of(row: "Supervised | Certificate") -> str:
    """A firm with its whole name, a person as 张*."""
    name = row.holder_name or ""
    return name if row.holder_kind == "firm" else mask_name(name)


def _line(row: Supervised, today: date) -> SupervisedLine:
    return SupervisedLine(
        id=row.pk,
        number=row.number,
        certificate_name=row.certificate_name,
        item_code=row.item_code,
        item_name=row.item_name,
        holder=_holder_of(row),
        organ=row.department.name,
        since=row.since,
        next_on=row.next_on,
        late=row.ended_on is None and row.next_on < today,
        last_on=row.last_on,
        last_words=str(Inspection.Finding(row.last_finding).label) if row.last_finding else "还没有检查过",
        last_tag=TAGS[row.last_finding],
        ended_on=row.ended_on,
        ended_words=str(Supervised.End(row.ended_why).label) if row.ended_why else "",
    )


def _inspection(one: Inspection) -> InspectionView:
    return InspectionView(
        inspected_on=one.inspected_on,
        finding=one.finding,
        finding_words=str(Inspection.Finding(one.finding).label),
        tag=TAGS[one.finding],
        seen=one.seen or "",
        done=one.done or "",
        signed_name=one.signed_name or "",
        second_name=one.second_name or "",
        at=one.at,
    )
