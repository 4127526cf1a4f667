"""What the first page of the desk says of statistics: the morning of who watches over cases, reports to be signed."""

from datetime import timedelta

from mingqu.identity.services import access
from mingqu.insight import selectors
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting

TOLD = ("received", "ended", "late", "overdue")
LATELY = timedelta(days=92)  # an older month that nobody signed is no news any more


def morning(actor: Actor, at: Instant) -> Waiting | None:
    """Received and closed today, late this month, overdue now; two statements, and the page opens each number."""
    if not access.may(actor, "board.see"):
        return None
    told = selectors.morning(actor, legal_day(at), TOLD)
    cells = {one.code: {words: line.value for words, _span, line in one.cells} for one in told}
    late, overdue = cells["late"]["本月"], cells["overdue"]["今天"]
    words = f"今天收件{cells['received']['今天'].text}件，办结{cells['ended']['今天'].text}件；"
    words += f"本月超期办结{late.text}件，现在超期未办结{overdue.text}件"
    return Waiting(words, "correct" if late.number or overdue.number else "done")


def to_sign(actor: Actor, at: Instant) -> Waiting | None:
    many = selectors.months_to_sign(actor, legal_day(at) - LATELY)
    return Waiting(f"{many}份月报等您核对、签发") if many else None
