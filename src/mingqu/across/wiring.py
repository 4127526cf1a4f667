"""What this room says on the first page of who has work."""

from mingqu.across import selectors
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting


def to_answer(actor: Actor, at: Instant) -> Waiting | None:
    """Agreements that wait for this post's side."""
    count = selectors.waiting(actor)
    return Waiting(f"{count}份等我方确认") if count else None


def to_go_on(actor: Actor, at: Instant) -> Waiting | None:
    """Of what this window received for another district: corrections to bring, results to give out."""
    fixes, results = selectors.to_go_on(actor)
    said = [words for count, words in ((fixes, f"{fixes}件要补正"), (results, f"{results}件有结果")) if count]
    return Waiting("，".join(said)) if said else None
