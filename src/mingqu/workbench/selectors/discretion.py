"""裁量 at the desk: what waits for a second person, and how often ranges are left."""

from dataclasses import replace
from datetime import date

from django.urls import reverse

from mingqu.cases.discretion import selectors as uses
from mingqu.catalogue import selectors as catalogue
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting

LONGEST = 366  # days of one report


def waiting_discretions(actor: Actor, at: Instant) -> Waiting | None:
    """On the first page of who is to agree: what others want to decide outside the range."""
    count = uses.count_waiting(actor)
    url = reverse("workbench:discretions")
    return Waiting(f"{count}件等您复核", label="裁量复核", url=url) if count else None


def span(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The days asked about, this year by default; a year at most, the later days."""
    last = until or today
    first = since or last.replace(month=1, day=1)
    if first > last:
        first, last = last, first
    return max(first, date.fromordinal(last.toordinal() - LONGEST + 1)), last


def nothing_why(actor: Actor, wanted: uses.Wanted) -> str:
    """Why the report is empty: no item has a 裁量基准, or nothing of them was decided in these days."""
    if not catalogue.items_with_discretion():
        return "no_item"
    whole = replace(wanted, department="", item="")
    return "filtered" if uses.report(actor, whole) else "no_case"
