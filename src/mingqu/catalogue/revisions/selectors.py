"""
Questions about revisions as such. Revisions are public; a draft is only for who works on it, and `open_draft` checks
that.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from mingqu.catalogue import lists, rules, selectors
from mingqu.catalogue.checking import referred
from mingqu.catalogue.errors import HandlingUnknown
from mingqu.catalogue.models import DefinitionDraft, Revision, ServiceItem
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.types import Definition, Document, view
from mingqu.kernel.json import plain
from mingqu.kernel.types import Actor
from mingqu.process.services import Plan

AT_ONCE = 200


@dataclass(frozen=True)
class RevisionRow:
    """A published revision without its text."""

    id: UUID
    number: int
    digest: str
    published_at: datetime


@dataclass(frozen=True)
class DraftRow:
    """The open draft of an item as it stands now; `document` is as it was written and may be wrong."""

    id: UUID
    version: int
    digest: str
    document: Mapping[str, Any]


def item(code: str) -> ServiceItem:
    """Also one that is not offered any more. Raises ItemUnknown."""
    return lists.item(code)


def items(words: str, most: int) -> list[ServiceItem]:
    """Published items whose name has every word, or whose code begins so, by code."""
    return lists.items(words=words)[0][:most]


def of_item(found: ServiceItem) -> list[RevisionRow]:
    """Newest first."""
    return [RevisionRow(r.pk, r.number, r.digest, r.published_at) for r in lists.revisions(found)]


def revision(found: ServiceItem, number: int) -> RevisionRow:
    """Raises ItemUnknown."""
    row = lists.revision(found, number)
    return RevisionRow(row.pk, row.number, row.digest, row.published_at)


def open_draft(actor: Actor, code: str) -> DraftRow | None:
    """The one in work, if this actor may see it."""
    row = lists.open_draft(actor, code) if lists.may_see_drafts(actor) else None
    return _draft(row) if row else None


def draft(draft_id: UUID) -> DraftRow | None:
    """For what somebody asked who was allowed to see it: the caller has checked that."""
    row = DefinitionDraft.objects.filter(pk=draft_id).first()
    return _draft(row) if row else None


def _draft(row: DefinitionDraft) -> DraftRow:
    return DraftRow(row.pk, row.version, rules.digest(row.document), row.document)


def document_of(text: Mapping[str, Any]) -> Document | None:
    """What a draft says, as far as it has the shape of a definition; None where it has not."""
    return None if rules.shape_problems(text) else rules.document_of(text)


def definition_of(document: Document, handling: str) -> Definition:
    """Raises HandlingUnknown, also for one that is not complete."""
    try:
        return view(document, handling)
    except KeyError as unknown:
        raise HandlingUnknown() from unknown


def plan_for(definition: Definition, document: Document) -> Plan:
    """What the process of a definition comes to, published or not. Raises PlanRefused."""
    return plan_of(definition, selectors.files_of(referred(plain(document))))


def by_steps_of(revision_id: UUID, flow_id: UUID, handling: str) -> Definition:
    """What was promised by one revision, handled by the steps of a later one (流程迁移). Raises HandlingUnknown."""
    selectors.definition(revision_id, handling)  # says where it is for training
    return _by_steps_of(revision_id, flow_id, handling)


@lru_cache(maxsize=256)
def _by_steps_of(revision_id: UUID, flow_id: UUID, handling: str) -> Definition:
    promised, flow = (selectors.definition(each, handling) for each in (revision_id, flow_id))
    checklists = {one.code: one for one in (*promised.checklists, *flow.checklists)}
    return replace(
        promised,
        steps=flow.steps,
        decide=flow.decide,
        process=flow.process,
        checklists=list(checklists.values()),
    )


@lru_cache(maxsize=1024)
def digest_of(revision_id: UUID) -> str:
    return Revision.objects.values_list("digest", flat=True).get(pk=revision_id)


def with_changes(
    code: str = "",
) -> Iterator[tuple[ServiceItem, Document, Document, tuple[int, int]]]:
    """
    Every item with more than one revision, or one of them: the first, the one in force, and their numbers. In portions,
    by code: for jobs, not for pages.
    """
    changed = ServiceItem.objects.filter(withdrawn_at=None, current__number__gt=1)
    changed = changed.select_related("department", "current").order_by("code")
    if code:
        changed = changed.filter(code=code)
    after = ""
    while rows := list(changed.filter(code__gt=after)[:AT_ONCE]):
        firsts = _firsts([row.pk for row in rows])
        for row in rows:
            first, now = firsts.get(row.pk), row.current
            if first is not None and now is not None:
                old, new = rules.document_of(first.document), rules.document_of(now.document)
                yield row, old, new, (first.number, now.number)
        after = rows[-1].code


def _firsts(ids: Collection[UUID]) -> dict[UUID, Revision]:
    rows = Revision.objects.filter(item_id__in=ids).order_by("item_id", "number").distinct("item_id")
    return {row.item_id: row for row in rows}


def needs_and_gives() -> Iterator[tuple[str, str, str, str, dict[str, Any]]]:
    """
    Of every item that is applied for, in force: code, name, organ, region and, as `handling`, its 业务办理项 as
    they are written. For jobs, in portions.
    """
    rows = ServiceItem.objects.filter(withdrawn_at=None, handling_kind="on_application").exclude(current=None)
    rows = rows.filter(~Q(current__document__handling=[])).order_by("code")
    columns = ("code", "name", "department__name", "region_code")
    found = rows.annotate(parts=F("current__document__handling")).values_list(*columns, "parts")
    for code, name, organ, region, parts in found.iterator(chunk_size=AT_ONCE):
        yield code, name, organ, region, {"handling": parts if isinstance(parts, list) else []}
