"""Statistics as a spreadsheet. That it was taken, of what days and how long it was, stands in the ledger."""

from mingqu.identity.services import access
from mingqu.insight import selectors
from mingqu.insight.selectors import Behind, Statistics
from mingqu.insight.types import Span, Value
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import Cell, book
from mingqu.kernel.types import Actor, Instant

CASES = ("办件编号", "事项", "部门", "收件", "最晚办结", "办结", "超期", "结果", "到现场（次）")


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


def export_cases(*, found: Behind, span: Span, by: Actor, at: Instant) -> bytes:
    """The cases behind a figure, with neither names nor numbers of people. Raises NotAuthorised."""
    access.require_may(by, "statistics.export")
    taken = new_id()
    rows = [
        (
            one.number,
            one.item,
            one.organ,
            one.received_on.isoformat(),
            one.due_on.isoformat() if one.due_on else "",
            one.ended_on.isoformat() if one.ended_on else "",
            "是" if one.late else "",
            one.ending,
            one.visits,
        )
        for one in found.lines
    ]
    with command("statistics.export", taken, by=by, at=at, key=taken) as cmd:
        cmd.note(
            since=span.since.isoformat(), until=span.until.isoformat(), what=found.figure.code, rows=len(rows)
        )
        cmd.done(None)
    return book(found.figure.name, CASES, rows)


def plain(one: Value) -> Cell:
    """The number alone, to be added up; the unit stands in the head."""
    if one.number is None:
        return ""
    return int(one.number) if one.figure.kind == "count" else one.number
