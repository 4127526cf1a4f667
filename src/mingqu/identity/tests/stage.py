"""
Tables of organisations and staff for the pages: one that waits for the second officer, one with wrong rows; departments
that change.
"""

from datetime import datetime, timedelta
from uuid import UUID

from mingqu.identity.org_plan import COLUMNS
from mingqu.identity.organ_types import Change
from mingqu.identity.services import org_import, organ_changes
from mingqu.identity.tests import factories as f
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import book
from mingqu.kernel.types import Actor

GOOD = {
    "部门编码": "QH-SWJ", "部门名称": "澜州市清禾区水务局", "行政区划代码": f.REGION, "岗位编码": "SWJ-CB",
    "岗位名称": "取水许可承办岗", "职责": "承办人", "账号": "ye.zhiqiu", "姓名": "叶知秋",
}  # fmt: skip


def made(by: Actor, now: datetime) -> dict[str, UUID]:
    wrong = GOOD | {"行政区划代码": "1"}
    tables = {"org_import": [GOOD], "org_import_wrong": [GOOD | {"职责": "局长"}, wrong]}
    return {word: _brought(rows, by, now) for word, rows in tables.items()} | _changing(by, now)


def _changing(by: Actor, now: datetime) -> dict[str, UUID]:
    """A department that was renamed and is to end, and one that ended."""
    heir, ending, ended = (
        f.department(name)
        for name in ("清禾区市场秩序局", "清禾区工商行政管理分局", "清禾区食品药品稽查大队")
    )
    f.post(ending, "reviewer", name="案件审核岗")
    f.department("清禾区工商行政管理分局经济检查大队", parent=ending)
    second, today = f.staff_actor("security_officer"), legal_day(now)
    basis = "清委发〔2026〕3号《清禾区机构改革方案》"
    for department, change in (
        (ending, Change("rename", today, basis, name="清禾区工商质监局")),
        (ended, Change("close", today, basis, other=heir)),
    ):
        asked = organ_changes.ask(department_id=department, change=change, by=by, at=now, key=new_id())
        organ_changes.agree(change_id=asked, by=second, at=now, key=new_id())
    change = Change("close", today + timedelta(days=30), basis, other=heir)
    waiting = organ_changes.ask(department_id=ending, change=change, by=by, at=now, key=new_id())
    return {"organ_ending": ending, "organ_ended": ended, "organ_change": waiting}


def _brought(rows: list[dict[str, str]], by: Actor, now: datetime) -> UUID:
    data = book("表", COLUMNS, [[row.get(name, "") for name in COLUMNS] for row in rows])
    return org_import.bring(data=data, name="机构和人员-水务局.xlsx", by=by, at=now, key=new_id())
