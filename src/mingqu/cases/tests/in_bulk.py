"""A firm's handler, a table of food licences and the zip that belongs to it: for tests of many applications at once."""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mingqu.cases.many import commands, working
from mingqu.cases.many.columns import columns_of
from mingqu.cases.models import ManyFiling
from mingqu.cases.tests import factories as f
from mingqu.identity.tests import factories as people
from mingqu.identity.tests import test_acting as acting
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import book
from mingqu.kernel.types import Actor

ITEM, NEW = "QH-SPJYXK", "01"
AT = people.NOON
GOOD = {
    "由谁来经营？": "公司、合作社等企业",
    "店名": "清禾小馆",
    "经营场所地址": "青澜街道示例路1号",
    "经营面积": "60",
    "座位数": "20",
    "食品安全管理人员姓名": "李晓禾",
    "联系电话": "19900001234",
    "营业执照": "执照.png",
    "经营场所平面布局图": "平面图.png",
    "食品安全管理制度": "制度/制度.png",
}
FILES = {"执照.png": f.PNG, "平面图.png": f.PNG, "制度/制度.png": f.PNG}


@dataclass
class Office:
    """The handler as she acts for the firm, and who appointed her."""

    by: Actor
    head: Any = None
    user: Any = None
    capacity_id: Any = None


def office(**limits) -> Office:
    f.world()
    head, user, _firm_id, capacity_id = acting.firm(**limits)
    return Office(acting.as_whom(user, capacity_id), head, user, capacity_id)


def headers() -> list[str]:
    definition, schema, _revision = commands.service(ITEM, NEW)
    return [one.header for one in columns_of(definition, schema)]


def row(number: int, **changed: str) -> dict[str, str]:
    """A row without fault; options are written in the definition's own words."""
    definition, _schema, _revision = commands.service(ITEM, NEW)
    given = {q.text: list(q.options.values())[-1] for q in definition.situations}
    given |= {q.text: q.options[f.SITUATION[q.ask]] for q in definition.situations if not q.many}
    given |= {
        q.text: "、".join(q.options[v] for v in f.SITUATION[q.ask]) for q in definition.situations if q.many
    }
    names = {m.code: m.name for m in definition.materials}
    files = {
        names["business-licence"]: "执照.png",
        names["floor-plan"]: "平面图.png",
        names["safety-rules"]: "制度.png",
    }
    plain = {k: v for k, v in GOOD.items() if k in headers() and k not in given}
    return given | plain | files | {"您自己的编号": f"店{number}", "店名": f"清禾小馆{number}"} | changed


def table(*rows: dict[str, str]) -> bytes:
    columns = headers()
    return book("填表", columns, [[one.get(header, "") for header in columns] for one in rows])


def formulas(data: bytes, header: str) -> bytes:
    """The same table with a formula in a column of its first row."""
    import openpyxl

    made = openpyxl.load_workbook(io.BytesIO(data))
    made.worksheets[0].cell(2, headers().index(header) + 1).value = "=1+1"
    made.worksheets[0].cell(2, headers().index(header) + 1).data_type = "f"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def packed(files=None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (FILES if files is None else files).items():
            archive.writestr(name, data)
    return out.getvalue()


def uploaded(of: Office, *rows: dict[str, str], files=None, at: datetime = AT) -> ManyFiling:
    given = commands.Table(ITEM, NEW, "门店.xlsx", table(*rows), packed(files))
    taken = commands.upload(table=given, by=of.by, at=at, key=new_id())
    return ManyFiling.objects.get(pk=taken.batch_id)


def worked(batch: ManyFiling, *, at: datetime = AT) -> ManyFiling:
    while working.work(batch.pk, at):
        pass
    batch.refresh_from_db()
    return batch


def pressed(of: Office, batch: ManyFiling, *, at: datetime = AT) -> ManyFiling:
    commands.press(batch_id=batch.pk, delivery="electronic", by=of.by, at=at, key=new_id())
    batch.refresh_from_db()
    return batch
