"""What the editors' pages list: items, revisions, drafts. Drafts are shown only to those who write or review them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from mingqu.catalogue.errors import DraftUnknown, ItemUnknown
from mingqu.catalogue.models import DefinitionDraft, Revision, ServiceItem
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.types import Actor

PAGE = 30
WORKS = ("catalogue.edit", "catalogue.review", "catalogue.publish")
OFFERS = {
    "open": Q(withdrawn_at=None, applicable=True),
    "shut": Q(withdrawn_at=None, applicable=False),
    "withdrawn": Q(withdrawn_at__isnull=False),
}


def items(
    *, words: str = "", kind: str = "", organ: str = "", offer: str = "", after: str = ""
) -> tuple[list[ServiceItem], str]:
    """Published items by code, and the code to go on from ("" at the end)."""
    found = ServiceItem.objects.exclude(current=None).select_related("department", "current").order_by("code")
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(code__istartswith=word))
    if kind:
        found = found.filter(item_type=kind)
    if organ:
        found = found.filter(department__code=organ)
    if offer in OFFERS:
        found = found.filter(OFFERS[offer])
    if after:
        found = found.filter(code__gt=after)
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].code if len(rows) > PAGE else ""


def filters() -> Mapping[str, list[tuple[str, str]]]:
    """Types and departments that items have."""
    published = ServiceItem.objects.exclude(current=None).order_by()
    organs = published.values_list("department__code", "department__name").distinct()
    kinds = published.values_list("item_type", flat=True).distinct()
    return {"organs": sorted(organs), "kinds": sorted((kind, kind) for kind in kinds)}


def item(code: str) -> ServiceItem:
    """Also one that is not offered any more. Raises ItemUnknown."""
    rows = ServiceItem.objects.select_related("department", "current").exclude(current=None)
    found = rows.filter(code=code).first()
    if found is None:
        raise ItemUnknown()
    return found


def revisions(of: ServiceItem) -> list[Revision]:
    """Newest first, without their documents."""
    return list(Revision.objects.filter(item=of).defer("document").order_by("-number"))


def revision(of: ServiceItem, number: int) -> Revision:
    """Raises ItemUnknown."""
    found = Revision.objects.filter(item=of, number=number).first()
    if found is None:
        raise ItemUnknown()
    return found


def may_see_drafts(actor: Actor) -> bool:
    return any(access.may(actor, action) for action in WORKS)


def _seen(actor: Actor) -> QuerySet[DefinitionDraft]:
    within = Q(pk=None)
    for action in WORKS:
        within |= (
            access.scope(actor, action).q(party="author_id") if access.may(actor, action) else Q(pk=None)
        )
    return DefinitionDraft.objects.filter(within).select_related("department", "base", "revision")


def drafts(actor: Actor, *, state: str = "open", after: str = "") -> tuple[list[DefinitionDraft], str]:
    """Those this actor works on, newest ids first, and the id to go on from."""
    found = _seen(actor).defer("document").order_by("-id")
    if state == "open":
        found = found.filter(state__in=DefinitionDraft.OPEN)
    elif state in DefinitionDraft.State.values:
        found = found.filter(state=state)
    try:
        found = found.filter(pk__lt=UUID(after)) if after else found
    except ValueError:
        return [], ""
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def draft(actor: Actor, draft_id: UUID) -> DefinitionDraft:
    """Raises DraftUnknown, also for one that is not this actor's to see."""
    found = _seen(actor).filter(pk=draft_id).first()
    if found is None:
        raise DraftUnknown()
    return found


def people_of(rows: Iterable[DefinitionDraft]) -> dict[str, str]:
    """Names by person id (as text) of all who had a hand in these drafts; parts of the system have none."""
    ids = {UUID(one["who"]) for row in rows for one in row.remarks}
    return {str(person): name for person, name in identity.names_of(ids).items()}


def open_draft(actor: Actor, code: str) -> DefinitionDraft | None:
    """The one open draft of an item, if this actor may see it."""
    return _seen(actor).filter(item_code=code, state__in=DefinitionDraft.OPEN).first()


def drafts_waiting(actor: Actor) -> tuple[int, int]:
    """(handed in by others, to be reviewed; returned to this author). No statement for who does neither."""
    reviews, edits = (access.may(actor, action) for action in ("catalogue.review", "catalogue.edit"))
    submitted = _seen(actor).filter(state=DefinitionDraft.State.SUBMITTED) if reviews else None
    returned = _seen(actor).filter(state=DefinitionDraft.State.RETURNED) if edits else None
    return (
        submitted.exclude(author_id=actor.id).exclude(submitter_id=actor.id).count()
        if submitted is not None
        else 0,
        returned.filter(author_id=actor.id).count() if returned is not None else 0,
    )


def draft_counts(actor: Actor) -> dict[str, Any]:
    """How many wait for review, for whoever reviews."""
    return {"submitted": _seen(actor).filter(state=DefinitionDraft.State.SUBMITTED).count()}
