"""What keeps search: the index, sayings of editors, what people ask for."""

from mingqu.catalogue.search.services.asked import note_asked, note_opened, prune
from mingqu.catalogue.search.services.index import drop, fill, move, put, put_bundle
from mingqu.catalogue.search.services.sayings import keep_saying, switch_saying

__all__ = [
    "drop",
    "fill",
    "keep_saying",
    "move",
    "note_asked",
    "note_opened",
    "prune",
    "put",
    "put_bundle",
    "switch_saying",
]
