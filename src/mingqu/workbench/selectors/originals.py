"""What waits about originals, on the first page of who keeps them."""

from mingqu.hall import selectors as halls
from mingqu.identity.services import access
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting

MOST = 99


def papers_waiting(actor: Actor, at: Instant) -> Waiting | None:
    """Papers that who signed did not find, else slips that wait for a signature."""
    if not access.may(actor, "paper.keep"):
        return None
    missing, to_sign = halls.papers_waiting(actor, MOST)
    if missing:
        return Waiting(f"{missing}份材料对方没有点齐，请找", state="refused")
    return Waiting(f"{to_sign}张交接单等点数签收") if to_sign else None
