"""到期清理: what the next sweep would remove, by kind, and why it may; nobody's data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mingqu.cases.services import sweeping
from mingqu.documents import selectors as documents
from mingqu.kernel.types import Instant

MOST = 1000
# Kind → what it is, what becomes of it, why it may go.
KINDS: Final = {
    "drafts": (
        "到期草稿的文件",
        "草稿30天没有人动过，已经自动删除；再过1天，删除为它上传的文件。提交过的不在内。",
        "个人信息保护法第十九条（保存期限为实现处理目的所必要的最短时间）",
    ),
    "tables": (
        "批量申报的表格和压缩包",
        "提交完、没有提交或者没有人再看的，到期后删除压缩包、没有提交的行和各行填的内容；哪一行成了哪件办件留着，办件本身不动。",
        "个人信息保护法第十九条；天数是本站设置，尚待核实",
    ),
    "packages": (
        "做好的归档包",
        "只删除供下载的那一份，案卷里的文件一件不少，随时可以重新做出一模一样的包。",
        "不是档案原件；天数是本站设置，尚待核实",
    ),
}


@dataclass(frozen=True)
class KeptLine:
    name: str
    what: str
    why: str
    days: int
    number: int
    more: bool
    eldest: datetime | None


@dataclass(frozen=True)
class Kept:
    """`aside`: bytes that no record names, put aside a while ago, up to MOST; they go a day after."""

    lines: list[KeptLine]
    aside: int
    aside_more: bool
    aside_since: datetime | None


def kept(at: Instant) -> Kept:
    """Nothing is changed by asking."""
    lines = [
        KeptLine(*KINDS[one.code], one.days, one.number, one.more, one.eldest) for one in sweeping.due(at)
    ]
    number, since = documents.put_aside(MOST + 1)
    return Kept(lines, min(number, MOST), number > MOST, since)
