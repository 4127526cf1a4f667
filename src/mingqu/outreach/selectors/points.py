"""Which points there are, what is delegated to them, and which one an agent serves."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.errors import ItemUnknown
from mingqu.hall.types import Place
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel import regions
from mingqu.kernel.types import Actor
from mingqu.outreach import rules
from mingqu.outreach.errors import NoPoint, PointUnknown
from mingqu.outreach.models import Delegation, Point, PointPost
from mingqu.outreach.types import DelegationView, Offered, PointView

NEW = "new"  # of the kinds of handling the one that acts on no certificate


def public_points(today: date, street: str = "") -> list[PointView]:
    """For everybody: the open ones, of a street where one is chosen, with what may be done there today."""
    found = Point.objects.filter(closed_on=None).order_by("region_code", "code")
    if street:
        found = found.filter(regions.subtree("region_code", street))
    return _views(found, today, only_in_force=True)


def streets() -> list[tuple[str, str]]:
    """(code, name) of the streets and towns that have a point that is open."""
    codes = Point.objects.filter(closed_on=None).values_list("region_code", flat=True)
    towns = sorted({f"{code[:9]}000" for code in codes})
    return [(code, region.name if (region := regions.current(code)) else code) for code in towns]


def points_managed(actor: Actor, today: date) -> list[PointView]:
    """Within the acting post's scope."""
    return _views(_managed(actor).order_by("region_code", "code"), today)


def point_managed(actor: Actor, code: str) -> Point:
    """Raises PointUnknown, also out of scope."""
    found = _managed(actor).filter(code=code).first()
    if found is None:
        raise PointUnknown()
    return found


def _managed(actor: Actor) -> QuerySet[Point]:
    return Point.objects.filter(access.scope(actor, "point.keep").q()).select_related("department")


def delegated(point_id: UUID, today: date) -> list[DelegationView]:
    """All that is or was delegated to a point, by name."""
    rows = list(Delegation.objects.filter(point_id=point_id))
    return _delegations(rows, catalogue.names(row.item_code for row in rows), today)


def agents_of(point_id: UUID) -> list[str]:
    """Codes of the posts that serve a point."""
    return list(
        PointPost.objects.filter(point_id=point_id)
        .order_by("post__code")
        .values_list("post__code", flat=True)
    )


def point_of(by: Actor) -> Point:
    """Where the acting post serves. Raises NoPoint, also for a point that is closed."""
    found = PointPost.objects.filter(post_id=by.post_id).select_related("point__department").first()
    if found is None or found.point.closed_on is not None:
        raise NoPoint()
    return found.point


def points_of_posts(post_ids: Iterable[UUID]) -> dict[UUID, Place]:
    """Of these posts those of agents, with the point each serves; one statement."""
    rows = PointPost.objects.filter(post_id__in=set(post_ids)).select_related("point")
    return {
        row.post_id: Place(row.point.name, row.point.address, row.point.hours, row.point.telephone)
        for row in rows
    }


def offered_at(point: Point, today: date) -> list[Offered]:
    """What may be taken in at this point today: items delegated and published, but not what acts on a certificate."""
    codes = [row.item_code for row in Delegation.objects.filter(point=point) if _holds(row, today)]
    found = []
    for code in sorted(codes):
        try:
            item, whole = catalogue.current_document(code)
        except ItemUnknown:
            continue
        for handling in catalogue.applicable(whole):
            if handling.kind == NEW and item.withdrawn_at is None:
                found.append(Offered(code, handling.code, f"{item.name}（{handling.name}）"))
    return found


def is_delegated(point_id: UUID, item_code: str, today: date) -> bool:
    row = Delegation.objects.filter(point_id=point_id, item_code=item_code).first()
    return row is not None and _holds(row, today)


def _holds(row: Delegation, today: date) -> bool:
    return rules.in_force(row.from_on, row.until_on, today)


def _views(found: QuerySet[Point], today: date, *, only_in_force: bool = False) -> list[PointView]:
    points = list(found.prefetch_related("delegations"))
    names = catalogue.names({d.item_code for one in points for d in one.delegations.all()})
    inside = str(settings.MINGQU_SITE["region_code"])
    views = []
    for one in points:
        items = _delegations(one.delegations.all(), names, today)
        if only_in_force:
            items = [line for line in items if line.in_force]
        views.append(
            PointView(
                code=one.code,
                name=one.name,
                region=regions.full_name(one.region_code, within=inside),
                address=one.address,
                hours=one.hours,
                telephone=one.telephone,
                open=one.closed_on is None,
                items=tuple(items),
            )
        )
    return views


def _delegations(rows: Iterable[Delegation], names: dict[str, str], today: date) -> list[DelegationView]:
    lines = [
        DelegationView(
            row.item_code,
            names.get(row.item_code, row.item_code),
            row.from_on,
            row.until_on,
            _holds(row, today),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.item_name)


def post_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    return identity.post_names(ids)
