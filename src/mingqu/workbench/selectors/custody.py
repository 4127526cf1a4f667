"""Who holds what one post of a hall handed over to another: it left the giver's list and stands on the taker's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.hall import selectors as halls
from mingqu.hall.types import GivenOn, HandedOn, InHand
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

if TYPE_CHECKING:
    from mingqu.cases.models import Case

HELD_FOR = timedelta(days=60)  # what was received and is not accepted by then is late for long
SHOWN_FOR = timedelta(days=7)
OPEN = ("received", "correction")


@dataclass(frozen=True)
class Moved:
    """What went away from a post, what came to it; `today`: the day on which money counts."""

    actor: Actor
    lines: Sequence[HandedOn]
    today: date

    def received(self, own: "list[Case]") -> "list[Case]":
        """Without what another post took over, with what came from another and still waits."""
        last = {line.number: line.away for line in self.lines if line.kind == "received"}
        came = {number for number, away in last.items() if not away} - {case.number for case in own}
        more = cases.visible_cases(self.actor).filter(number__in=came, status__in=OPEN) if came else ()
        kept = [case for case in own if not last.get(case.number, False)]
        return [*kept, *sorted(more, key=lambda case: (case.due_on or date.max, case.number))]

    def money(self, own: list[InHand]) -> list[InHand]:
        """What is left of what was taken here today, and of what came from other windows, by its words."""
        left: dict[str, list[int]] = {}
        of_today = [line for line in self.lines if line.kind == "money" and line.on == self.today]
        came = [(self._from(line), line.count, line.amount or 0) for line in of_today if not line.away]
        went = [(line.what, -line.count, -(line.amount or 0)) for line in of_today if line.away]
        for what, count, amount in (*((one.what, one.count, one.amount or 0) for one in own), *came, *went):
            if what in left:
                left[what] = [left[what][0] + count, left[what][1] + amount]
            elif count > 0:
                left[what] = [count, amount]
        return [
            InHand("money", what, count=count, amount=amount)
            for what, (count, amount) in left.items()
            if count > 0
        ]

    @staticmethod
    def _from(line: HandedOn) -> str:
        return line.what if line.what.endswith(CAME) else f"{line.what}（{line.other}{CAME}"


CAME = "交来）"


def of_post(actor: Actor, post_id: UUID, at: Instant) -> Moved:
    """Of the acting post."""
    return Moved(actor, halls.handed_on(post_id, at - HELD_FOR), legal_day(at))


def given_lately(post_id: UUID | None, at: Instant) -> list[GivenOn]:
    """What other posts took over from this one in the last days, for its page."""
    return halls.given_on(post_id, at - SHOWN_FOR) if post_id else []
