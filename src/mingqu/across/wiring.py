"""What this room says on the first page of who has work."""

from mingqu.across import selectors
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting


def to_answer(actor: Actor, at: Instant) -> Waiting | None:
    """Agreements that wait for this post's side."""
    count = selectors.waiting(actor)
    return Waiting(f"{count}份等我方确认") if count else None
