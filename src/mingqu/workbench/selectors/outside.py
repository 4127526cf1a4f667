"""Items ↔ lists ↔ cases: what was applied for although no list has it."""

from datetime import date
from typing import Any

from django.db.models import Count, Max, Min

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.directory import selectors as lists
from mingqu.identity.services import access
from mingqu.kernel import regions
from mingqu.kernel.types import Actor

LISTED = 500


def first_day(actor: Actor) -> date | None:
    """Since when the newest list that this actor watches counts."""
    within = access.scope(actor, "list.see")
    days = [one.published_on for one in lists.latest() if one.kind in lists.OWN_LISTS and within.covers(one)]
    return max((day for day in days if day), default=None)


def outside(actor: Actor, since: date) -> list[dict[str, Any]]:
    """Per item that is not lawful now: how many applications came since a day, the first and the last of them."""
    within = access.scope(actor, "list.see").q()
    unlawful = {row.code: row for row in catalogue.unlawful_items(within)[:LISTED]}
    rows = cases.received_since(since, list(unlawful))
    counted = (
        rows.order_by()
        .values("item_code")
        .annotate(count=Count("id"), first=Min("received_on"), last=Max("received_on"))
    )
    return [
        {
            **one,
            "item": unlawful[one["item_code"]],
            "training": regions.is_training(unlawful[one["item_code"]].region_code),
            "why": " ".join(catalogue.unlawful(unlawful[one["item_code"]], since)),
        }
        for one in sorted(counted, key=lambda one: -one["count"])
    ]
