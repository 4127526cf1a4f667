"""Statistics as a spreadsheet. That it was taken, of what days and how long it was, stands in the ledger."""

from mingqu.identity.services import access
from mingqu.insight import selectors
from mingqu.insight.selectors import Statistics
from mingqu.insight.types import Value
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import Cell, book
from mingqu.kernel.types import Actor, Instant


def export(*, found: Statistics, by: Actor, at: Instant) -> bytes:
    """Every row with every figure, and the totals above them. Raises NotAuthorised."""
    access.require_may(by, "statistics.export")
    figures = selectors.figures()
    headers = [selectors.DIMENSIONS[found.asked.by][1], *(f"{one.name}（{one.unit}）" for one in figures)]
    total: list[Cell] = ["合计", *(plain(one.value) for one in found.lines)]
    rows: list[list[Cell]] = [total, *([row.name, *map(plain, row.values)] for row in found.rows)]
    taken = new_id()  # each file that leaves is an entry of its own, also where one address is opened twice
    span = found.spans.now
    with command("statistics.export", taken, by=by, at=at, key=taken) as cmd:
        cmd.note(
            since=span.since.isoformat(), until=span.until.isoformat(), what=found.asked.by, rows=len(rows)
        )
        cmd.done(None)
    return book("统计", headers, rows)


def plain(one: Value) -> Cell:
    """The number alone, to be added up; the unit stands in the head."""
    if one.number is None:
        return ""
    return int(one.number) if one.figure.kind == "count" else one.number
