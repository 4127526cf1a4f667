"""责任链 as a file; that it was taken is written down."""

from typing import TYPE_CHECKING

from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.tables import Cell, sheets
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench.answering_types import Chain, Link
from mingqu.workbench.types import CasePage

if TYPE_CHECKING:
    from mingqu.cases.models import Case

HEAD = (
    "类别", "环节、期限", "分工", "部门、岗位", "人员", "限期", "开始", "最晚", "办完", "状态", "超期工作日",
    "超期时在谁手里", "审查标准、依据",
)  # fmt: skip
LEDGER = ("时间", "做了什么", "谁", "记录")


def export_chain(*, case: "Case", chain: Chain, page: CasePage, by: Actor, at: Instant) -> bytes:
    """
    责任链 of one case as a workbook: limits, and the ledger line by line; an entry of a chain of its own. Nobody who
    applies is named. Raises NotAuthorised.
    """
    access.require(by, "case.trace", case)
    lines = [_cells("环节", one) for one in chain.steps] + [_cells("期限", one) for one in chain.periods]
    told = [
        (f"{one.at.astimezone(BEIJING):%Y-%m-%d %H:%M}", one.what, one.who, "；".join(one.notes))
        for one in reversed(page.history)
    ]
    file = sheets({"责任链": (HEAD, lines), "办理记录": (LEDGER, told)})
    taken = new_id()
    with command("case.export", taken, by=by, at=at, key=taken) as cmd:
        cmd.note(tab=f"责任链：{case.number}", rows=len(lines))
        cmd.done(None)
    return file


def _cells(kind: str, one: Link) -> tuple[Cell, ...]:
    return (
        kind,
        one.name,
        one.part,
        one.post,
        one.who,
        one.limit,
        one.since.isoformat(),
        one.due_on.isoformat() if one.due_on else "",
        one.ended_on.isoformat() if one.ended_on else "",
        one.state,
        "" if one.late is None else one.late,
        "；".join(one.blame),
        one.standard,
    )
