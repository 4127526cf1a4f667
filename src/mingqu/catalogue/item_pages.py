"""Pages of rooms above about one item: each room offers its own at start, the page of the item shows them."""

from dataclasses import dataclass

from django.urls import reverse

from mingqu.catalogue.models import ServiceItem
from mingqu.identity.services import access
from mingqu.kernel.types import Actor


@dataclass(frozen=True)
class ItemPage:
    """A page whose address takes the item's code; shown to who may do `action` with the item."""

    label: str
    url_name: str
    action: str


_offered: dict[str, ItemPage] = {}


def offer_item_page(label: str, url_name: str, action: str) -> None:
    """The same address again replaces the earlier one."""
    _offered[url_name] = ItemPage(label, url_name, action)


def pages_about(actor: Actor, item: ServiceItem) -> list[tuple[str, str]]:
    """Words and address of each that the actor may open."""
    return [
        (page.label, reverse(page.url_name, args=[item.code]))
        for page in _offered.values()
        if access.allows(actor, page.action, item)
    ]
