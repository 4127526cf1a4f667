"""What evaluation shows on the pages of other rooms."""

from mingqu.evaluation import selectors
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting


def bad_ratings(actor: Actor, at: Instant) -> Waiting | None:
    """Bad ratings that wait for a step of this post, on its first page."""
    found = selectors.to_do(actor, legal_day(at))
    if not found.all:
        return None
    return Waiting(f"{found.all}条差评等待办理" + (f"，超期{found.late}条" if found.late else ""))
