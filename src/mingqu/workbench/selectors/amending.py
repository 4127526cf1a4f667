"""作废, 更正 and 补录 at the desk: how much waits for a second person, or to be typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from mingqu.cases.amending import selectors as amending
from mingqu.catalogue import selectors as catalogue
from mingqu.identity.services import access
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting

if TYPE_CHECKING:
    from mingqu.cases.models import Case

MOST_ITEMS = 300


def waiting_changes(actor: Actor, at: Instant) -> Waiting | None:
    """On the first page of who may agree: what others asked for."""
    count = amending.count_waiting(actor)
    url = reverse("workbench:changes")
    return Waiting(f"{count}件等您复核", label="作废和更正", url=url) if count else None


def waiting_slips(actor: Actor, at: Instant) -> Waiting | None:
    """On the first page of a window: slips to compare with the paper, and slips to type in."""
    to_confirm, to_type = amending.slips_to_do(actor)
    parts = [f"{to_confirm}张等您复核"] if to_confirm else []
    parts += [f"{to_type}张等补录"] if to_type else []
    url = reverse("workbench:outages")
    return Waiting("，".join(parts), label="纸质收件单", url=url) if parts else None


def items_on_paper(actor: Actor) -> list[tuple[str, str]]:
    """Items this post takes in at a window, by name: for slips and for the list of blank forms."""
    within = access.scope(actor, "case.file").q()
    found = catalogue.published_items().filter(within, applicable=True).order_by("name", "code")
    return list(found.values_list("code", "name")[:MOST_ITEMS])


def why_not_void(actor: Actor, case: Case, *, offered: bool) -> str:
    """
    Why 作废 is not among the acts of an open case that a window took in, for who voids at all; "" where it is offered
    or there is nothing to say. No statement.
    """
    if offered or case.channel != "window" or not case.is_open or not access.may(actor, "case.ask_void"):
        return ""
    if not access.allows(actor, "case.ask_void", case):
        return "这件不归您的窗口，收错了要作废的，由收件的窗口提出。"
    if case.bundle_id:
        return "这件属于一件事，不能单独作废。"
    return "不能作废了：只能在收件当天、受理和告知补正以前作废。申请人不想办的，可以撤回申请。"
