"""Tables of organisations and staff for the pages: one that waits for the second officer, one with wrong rows."""

from datetime import datetime
from uuid import UUID

from mingqu.identity.org_plan import COLUMNS
from mingqu.identity.services import org_import
from mingqu.identity.tests import factories as f
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import book
from mingqu.kernel.types import Actor

GOOD = {
    "部门编码": "QH-SWJ", "部门名称": "澜州市清禾区水务局", "行政区划代码": f.REGION, "岗位编码": "SWJ-CB",
    "岗位名称": "取水许可承办岗", "职责": "承办人", "账号": "ye.zhiqiu", "姓名": "叶知秋",
}  # fmt: skip


def made(by: Actor, now: datetime) -> dict[str, UUID]:
    wrong = GOOD | {"行政区划代码": "1"}
    tables = {"org_import": [GOOD], "org_import_wrong": [GOOD | {"职责": "局长"}, wrong]}
    return {word: _brought(rows, by, now) for word, rows in tables.items()}


def _brought(rows: list[dict[str, str]], by: Actor, now: datetime) -> UUID:
    data = book("表", COLUMNS, [[row.get(name, "") for name in COLUMNS] for row in rows])
    return org_import.bring(data=data, name="机构和人员-水务局.xlsx", by=by, at=now, key=new_id())
