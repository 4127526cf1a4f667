"""
How deep a service goes online (网上办理深度), computed from its definition and typed nowhere. Pure.

By the shallowest of its 业务办理项: what must be handed in on paper makes it a pre-check (预审), a trip makes
it 原件核验, none 全程网办. 预约 follows from no definition: it is what can only be read about here while a window
takes appointments for it (`booked`).
"""

from mingqu.catalogue.types import Document, Handling, complete

INFORMATION, PRELIMINARY, ORIGINALS, FULL = "information", "preliminary", "originals", "full"
APPOINTMENT = "appointment"
_ORDER = (INFORMATION, PRELIMINARY, ORIGINALS, FULL)


def depth_of(document: Document, *, applicable: bool) -> str:
    """A code of kernel's list online_depth; `applicable`: whether the platform takes applications for it."""
    if not applicable:
        return INFORMATION
    levels = [depth_of_handling(one) for one in document.handling if complete(one)]
    return min(levels, key=_ORDER.index, default=INFORMATION)


def depth_of_handling(handling: Handling) -> str:
    if handling.decide is None or any(step.where == "link" for step in (*handling.steps, handling.decide)):
        return INFORMATION  # done on somebody else's site
    if any(material.source.kind == "paper" for material in handling.materials):
        return PRELIMINARY
    return ORIGINALS if handling.visits else FULL


def booked(depth: str, *, bookable: bool) -> str:
    """The level of an item as a visitor finds it: a time at a window can be booked, though nothing is applied for."""
    return APPOINTMENT if bookable and depth == INFORMATION else depth
