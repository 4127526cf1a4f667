"""What a hall's screen shows: counts of today and the latest results, with nothing of anybody's name."""

from mingqu.cases import selectors as cases
from mingqu.hall import selectors as halls
from mingqu.hall.types import CalledLine
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.portal.selectors.ratings import rating_box
from mingqu.portal.types import Board, BoardLine

TAIL = 10  # month, day and serial number: the serial number alone comes again every day
LINES = 6  # so many fill the screen at a size that is read from five metres


def board(at: Instant) -> Board:
    """Four statements; the numbers called are two more."""
    today = legal_day(at)
    received, decided = cases.figures_of(today)
    lines = [
        BoardLine(
            tail=case.number[-TAIL:],
            received_on=case.received_on,
            name=case.item_name,
            decided_on=case.decided_on,
            at_window=case.status == "decided" and case.delivery_way == "window" and not case.by_post,
        )
        for case in cases.lately_decided(limit=LINES)
        if case.decided_on
    ]
    return Board(received, decided, rating_box(at), tuple(lines))


def called(code: str, at: Instant) -> list[CalledLine]:
    """Numbers called in the hall that the address names, else in the only one; none where there are several."""
    found = [hall for hall in halls.halls() if not code or hall.code == code]
    return halls.called_now(found[0], at) if len(found) == 1 else []
