"""What a definition saves is counted anew when it is published."""

from mingqu.catalogue.events import ItemWithdrawnFromUse, RevisionPublished
from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Instant
from mingqu.redesign import services


@subscriber("redesign.measure", RevisionPublished)
def measure(event: RevisionPublished, *, at: Instant) -> None:
    services.measure_again(event.item_code)


@subscriber("redesign.forget", ItemWithdrawnFromUse)
def forget(event: ItemWithdrawnFromUse, *, at: Instant) -> None:
    services.measure_again(event.item_code)
