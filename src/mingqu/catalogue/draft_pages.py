"""Looks at a draft from rooms above (as citizens, as clerks): each room offers its own at start."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse


@dataclass(frozen=True)
class Look:
    """A preview whose address takes the draft's id; `says` what one sees there."""

    label: str
    says: str
    url: str


_offered: dict[str, tuple[int, str, str]] = {}


def offer_look(label: str, says: str, url_name: str, order: int) -> None:
    """The same address again replaces the earlier one."""
    _offered[url_name] = (order, label, says)


def looks_at(draft_id: UUID) -> list[Look]:
    """All of them, in order."""
    ordered = sorted((order, label, says, name) for name, (order, label, says) in _offered.items())
    return [Look(label, says, reverse(name, args=[draft_id])) for _order, label, says, name in ordered]
