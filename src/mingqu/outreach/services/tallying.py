"""月度统计 as a file; that it was taken is written down."""

from collections.abc import Sequence
from datetime import date

from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import book
from mingqu.kernel.types import Actor, Instant
from mingqu.outreach.selectors.tally import HEADERS, Tally, total


def export_tally(*, first: date, rows: Sequence[Tally], by: Actor, at: Instant) -> bytes:
    """A month as a workbook, the sum last; an entry of a chain of its own. Raises NotAuthorised."""
    access.require_may(by, "errand.tally")
    lines = [(one.point, one.agent, *one.counts) for one in (*rows, total(list(rows)))]
    made = book(f"{first:%Y-%m}", ("便民服务点", "代办员", *HEADERS), lines)
    taken = new_id()
    with command("errand.tally", taken, by=by, at=at, key=taken) as cmd:
        cmd.note(tab=f"帮办代办月度统计：{first:%Y-%m}", rows=len(rows))
        cmd.done(None)
    return made
