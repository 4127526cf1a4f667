"""归档清单 as a file; that it was taken is written down."""

from collections.abc import Iterable

from mingqu.cases.archiving.selectors import Asked
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import book
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench.selectors.archive import ArchivedLine

HEAD = (
    "办件编号",
    "文号",
    "责任者",
    "事项",
    "申请人",
    "结果",
    "归档日期",
    "文件数",
    "页数",
    "保管期限",
    "归档包",
    "移交给",
    "缺的文书",
)


def export_archive(*, rows: Iterable[ArchivedLine], asked: Asked, by: Actor, at: Instant) -> bytes:
    """归档清单 as a spreadsheet, masked as on the page; an entry of a chain of its own. Raises NotAuthorised."""
    access.require_may(by, "case.keep_archive")
    lines = [
        (
            row.number,
            row.document_number,
            row.organ,
            row.item,
            row.applicant,
            row.outcome,
            row.archived_on.isoformat(),
            "" if row.pieces is None else str(row.pieces),
            "" if row.pages is None else str(row.pages),
            row.retention,
            row.words,
            row.handed,
            "、".join(row.missing) or "齐全",
        )
        for row in rows
    ]
    file = book("归档清单", HEAD, lines)
    taken = new_id()
    with command("case.export", taken, by=by, at=at, key=taken) as cmd:
        cmd.note(tab=f"归档清单：{asked.since.isoformat()}至{asked.until.isoformat()}", rows=len(lines))
        cmd.done(None)
    return file
