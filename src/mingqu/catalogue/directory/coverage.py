"""Items beside the lists: which are linked to the base directory, which depart from it, what nobody carries out."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.db.models.fields.json import KeyTransform

from mingqu.catalogue.directory import rules, selectors
from mingqu.catalogue.directory.models import ListEdition, ListEntry
from mingqu.catalogue.models import ServiceItem
from mingqu.identity.services import access
from mingqu.kernel import regions
from mingqu.kernel.types import Actor

PAGE = 50
STANDINGS = (
    ("departs", "与基本目录不一致"),
    ("linked", "与基本目录一致"),
    ("missing", "基本目录里没有"),
    ("unlawful", "不在清单内或者依据失效"),
    ("unused", "基本目录里有、没有人办"),
)


def counts(within: Q) -> dict[str, int]:
    """How many items stand how."""
    rows = ServiceItem.objects.filter(within).exclude(current=None).filter(withdrawn_at=None)
    found = dict(rows.order_by().values_list("base_standing").annotate(count=Count("pk")))
    return {**found, "unlawful": rows.filter(lawful=False).count()}


def items(within: Q, standing: str, day: date, *, after: str = "") -> tuple[list[dict[str, Any]], str]:
    """A page of items, each with what it has otherwise than the directory; and the code to go on from."""
    rows = ServiceItem.objects.filter(within).exclude(current=None).filter(withdrawn_at=None)
    rows = rows.filter(lawful=False) if standing == "unlawful" else rows.filter(base_standing=standing)
    rows = rows.select_related("department").order_by("code").filter(code__gt=after)
    said = rows.annotate(
        said_item=KeyTransform("item", "current__document"),
        said_basis=KeyTransform("basis", "current__document"),
    )
    found = list(said[: PAGE + 1])
    shown: list[Any] = found[:PAGE]
    entries = {
        region: selectors.base_entries(region, [r.base_code for r in shown if r.region_code == region], day)
        for region in {row.region_code for row in shown}
    }
    lines = []
    for row in shown:
        entry = entries[row.region_code].get(row.base_code)
        local = rules.Inheriting(
            row.name,
            row.item_type,
            str((row.said_item or {}).get("level") or ""),
            rules.item_basis({"basis": row.said_basis}),
        )
        differing = rules.departures(local, selectors.entry_of(entry)) if entry else []
        lines.append({"item": row, "departures": differing})
    return lines, shown[-1].code if len(found) > PAGE else ""


def unused(actor: Actor, day: date, *, after: str = "") -> tuple[list[dict[str, Any]], str]:
    """Active entries of the base directories this actor may see that no item of their region carries out."""
    within = access.scope(actor, "list.see")
    newest = ListEdition.objects.filter(kind="base", state="published").order_by("region_code", "-number")
    editions = [one for one in newest.distinct("region_code") if within.covers(one)]
    lines: list[dict[str, Any]] = []
    for edition in editions:
        here = ServiceItem.objects.exclude(current=None).filter(
            regions.subtree("region_code", edition.region_code)
        )
        done = here.exclude(base_code="").values("base_code")
        rows = ListEntry.objects.filter(selectors.active(day), edition=edition).exclude(code__in=done)
        lines += [
            {"entry": row, "edition": edition}
            for row in rows.filter(code__gt=after).order_by("code")[: PAGE + 1]
        ]
    lines.sort(key=lambda one: one["entry"].code)
    return lines[:PAGE], lines[PAGE - 1]["entry"].code if len(lines) > PAGE else ""
