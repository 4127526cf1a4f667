"""What a hall's screen shows: counts of today and the latest results, with nothing of anybody's name."""

from mingqu.cases import selectors as cases
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.portal.selectors.ratings import rating_box
from mingqu.portal.types import Board, BoardLine

LINES = 6  # so many fill the screen at a size that is read from five metres


def board(at: Instant) -> Board:
    """Four statements."""
    today = legal_day(at)
    received, decided = cases.figures_of(today)
    lines = [
        BoardLine(
            tail=case.number[-6:],
            received_on=case.received_on,
            name=case.item_name,
            decided_on=case.decided_on,
            at_window=case.status == "decided" and case.delivery_way == "window",
        )
        for case in cases.lately_decided(limit=LINES)
    ]
    return Board(received, decided, rating_box(at), tuple(lines))
