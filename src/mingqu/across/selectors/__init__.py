"""Questions of 通办: agreements, and what a window received under them."""

from mingqu.across.selectors.agreed import (
    SHOWN,
    agreement,
    agreements,
    all_agreements,
    choices,
    for_update,
    named,
    other_halls,
    own_halls,
    place_of,
    waiting,
)
from mingqu.across.selectors.receiving import (
    TABS,
    offered,
    partners,
    received_at,
    reception,
    reception_of_draft,
    receptions,
    to_go_on,
    view_of,
)

__all__ = [
    "SHOWN",
    "TABS",
    "agreement",
    "agreements",
    "all_agreements",
    "choices",
    "for_update",
    "named",
    "offered",
    "other_halls",
    "own_halls",
    "partners",
    "place_of",
    "received_at",
    "reception",
    "reception_of_draft",
    "receptions",
    "to_go_on",
    "view_of",
    "waiting",
]
