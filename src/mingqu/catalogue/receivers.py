"""What the catalogue does after its own events."""

from mingqu.catalogue.directory import services as lists
from mingqu.catalogue.directory.events import ListPublished
from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Instant


@subscriber("catalogue.look_at_items_again", ListPublished)
def look_at_items_again(event: ListPublished, *, at: Instant) -> None:
    """What a new edition says of the items of its region, and of those below, is kept in their rows."""
    lists.keep_items(at, region_code=event.region_code)
