"""再造报告: every item that was revised, their sum, and one of them between any two revisions."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet, Sum

from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.catalogue.types import Document
from mingqu.identity.services import access
from mingqu.kernel.types import Actor
from mingqu.redesign import measuring
from mingqu.redesign.measuring import DAYS, LIMITS, NAMES, Line
from mingqu.redesign.models import Reengineered

if TYPE_CHECKING:
    from mingqu.catalogue.models import ServiceItem

PAGE = 30
MOST = 5_000
SEE = "redesign.see"


@dataclass(frozen=True)
class Edition:
    """A revision or the draft: `value` as the address says it."""

    value: str
    label: str
    document: Document


@dataclass(frozen=True)
class HandlingReport:
    """One 业务办理项 between two editions; `gone`, `come`: names of steps and materials."""

    name: str
    lines: list[Line]
    steps: tuple[list[str], list[str]]
    materials: tuple[list[str], list[str]]


def _seen(actor: Actor, organ: str) -> QuerySet[Reengineered]:
    rows = Reengineered.objects.filter(access.scope(actor, SEE).q())
    return rows.filter(department_name=organ) if organ else rows


def savings(actor: Actor, *, organ: str = "", after: str = "") -> tuple[list[Reengineered], str]:
    """By item and 业务办理项; what to go on from. Keyset."""
    rows = _seen(actor, organ).order_by("item_code", "handling_code")
    code, _, handling = after.partition("_")
    if code:
        rows = rows.filter(item_code__gte=code).exclude(item_code=code, handling_code__lte=handling)
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.item_code}_{last.handling_code}" if last else ""


def all_savings(actor: Actor, *, organ: str = "") -> list[Reengineered]:
    return list(_seen(actor, organ).order_by("item_code", "handling_code")[:MOST])


def organs(actor: Actor) -> list[str]:
    found = _seen(actor, "").order_by("department_name").values_list("department_name", flat=True)
    return list(found.distinct())


def total(actor: Actor, *, organ: str = "") -> tuple[int, list[Line]]:
    """
    How many 业务办理项, and their sums. A limit counts where both are in the same days; working days and natural days
    are two sums, the second one there only where some limit has them.
    """
    sums: dict[str, Any] = {"count": Count("pk")}
    kinds = [(key, unit) for key in NAMES for unit in (DAYS if key in LIMITS else ("",))]
    for key, unit in kinds:
        both = {f"{key}_before__isnull": False, f"{key}_after__isnull": False}
        if unit:
            both |= {f"{key}_unit_before": unit, f"{key}_unit_after": unit}
        sums[f"{key}_{unit}_old"] = Sum(f"{key}_before", filter=Q(**both))
        sums[f"{key}_{unit}_new"] = Sum(f"{key}_after", filter=Q(**both))
    found = _seen(actor, organ).aggregate(**sums)
    first = next(iter(DAYS))
    return found["count"], [
        measuring.line(key, found[f"{key}_{unit}_old"] or 0, found[f"{key}_{unit}_new"] or 0, (unit, unit))
        for key, unit in kinds
        if unit in ("", first) or found[f"{key}_{unit}_old"] is not None
    ]


def lines_of(row: Reengineered) -> list[Line]:
    def units(key: str) -> tuple[str, str]:
        if key not in LIMITS:
            return "", ""
        return getattr(row, f"{key}_unit_before"), getattr(row, f"{key}_unit_after")

    return [
        measuring.line(key, getattr(row, f"{key}_before"), getattr(row, f"{key}_after"), units(key))
        for key in NAMES
    ]


def editions(actor: Actor, item: "ServiceItem") -> list[Edition]:
    """Revisions, the oldest first, and the draft for who may see it."""
    found = [
        Edition(str(row.number), f"第{row.number}版", catalogue.document(row.id))
        for row in reversed(revisions.of_item(item))
    ]
    draft = revisions.open_draft(actor, item.code)
    if draft is not None and (document := revisions.document_of(draft.document)) is not None:
        found.append(Edition("draft", "在编的草稿", document))
    return found


def report(old: Document, new: Document) -> list[HandlingReport]:
    """Every 业务办理项 that both have whole."""
    found = []
    for one in new.handling:
        before, after = (measuring.handling_of(text, one.code) for text in (old, new))
        if before is None or after is None:
            continue
        steps = [[(s.id, s.name) for s in (*h.steps, h.decide) if s] for h in (before, after)]
        materials = [[(m.code, m.name) for m in h.materials if not m.optional] for h in (before, after)]
        found.append(
            HandlingReport(
                one.name,
                measuring.lines(measuring.measures(before), measuring.measures(after)),
                measuring.gone_and_come(*steps),
                measuring.gone_and_come(*materials),
            )
        )
    return found
