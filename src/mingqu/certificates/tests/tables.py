"""Tables of existing certificates, as somebody would type them."""

import csv
import io
import zipfile
from datetime import date

import openpyxl

from mingqu.certificates.imports import commands, undoing
from mingqu.certificates.models import ImportBatch
from mingqu.certificates.tests.factories import AT, food_licence_type, organ
from mingqu.identity.models import Post
from mingqu.identity.tests import factories as people
from mingqu.kernel.identifiers import CitizenNumber, CreditCode
from mingqu.kernel.ids import new_id
from mingqu.kernel.regions import load_demo_district

HEADERS = ["证照类型", "证照编号", "持证人名称", "持证人证件号码", "有效期自", "有效期至", "区划代码",
           "经营者名称", "经营场所", "经营项目", "备注"]  # fmt: skip


def person_number(serial: int) -> str:
    return str(CitizenNumber.build("990104", date(1990, 1, 1), f"{serial % 1000:03d}"))


def firm_number(serial: int) -> str:
    return str(CreditCode.build("9", "1", "990104", f"{serial:08d}"))


def row(serial: int, **more: str) -> dict[str, str]:
    made = {
        "证照类型": "食品经营许可证",
        "证照编号": f"JY2020{serial:06d}",
        "持证人名称": f"示例餐饮店{serial}",
        "持证人证件号码": firm_number(serial),
        "有效期自": "2023-05-10",
        "有效期至": "2028-05-09",
        "区划代码": "990104",
        "经营者名称": f"示例餐饮店{serial}",
        "经营场所": "青澜街道示例路1号",
        "经营项目": "热食",
        "备注": "",
    }
    return made | more


def xlsx(*rows: dict[str, str], headers=None) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("表")
    names = headers or HEADERS
    sheet.append(names)
    for one in rows:
        sheet.append([one.get(name, "") for name in names])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_table(*rows: dict[str, str], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(HEADERS)
    for one in rows:
        writer.writerow([one.get(name, "") for name in HEADERS])
    return out.getvalue().encode(encoding)


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def world():
    """A bureau with its type of certificate, the regions, and the data steward's actor and user."""
    load_demo_district()
    department = organ()
    food_licence_type(item_type="01")
    steward = people.staff_actor("data_steward", department_id=department)
    return steward


def uploaded(by, data: bytes, at=AT) -> ImportBatch:
    taken = commands.upload(name="存量.xlsx", data=data, by=by, at=at, key=new_id())
    return ImportBatch.objects.get(pk=taken.batch_id)


def work(batch: ImportBatch, at=AT) -> ImportBatch:
    while commands.work(batch.pk, at):
        pass
    batch.refresh_from_db()
    return batch


def checked(by, *rows, headers=None) -> ImportBatch:
    return work(uploaded(by, xlsx(*rows, headers=headers)))


def imported(by, *rows, headers=None) -> ImportBatch:
    batch = checked(by, *rows, headers=headers)
    commands.confirm(batch_id=batch.pk, by=by, at=AT, key=new_id())
    return work(batch)


# Of the demo district's licence, whose lines are others than those of the type above.
LICENCE_HEADERS = [*HEADERS[:8], "经营者（负责人）", "经营场所", "经营项目"]


def licence_row(serial: int) -> dict[str, str]:
    return row(serial) | {"经营者（负责人）": "李晓禾"}


def second_steward(first):
    """Another data steward of the same department."""
    department = Post.objects.get(pk=first.post_id).department_id
    return people.staff_actor("data_steward", department_id=department, name="岳明")


def asked_undo(batch, steward):
    """The first steward asks for the batch to be taken out; the one who may agree."""
    undoing.ask_undo(batch_id=batch.pk, reason="上传错了", by=steward, at=AT, key=new_id())
    return second_steward(steward)


def undone(batch, steward):
    other = asked_undo(batch, steward)
    undoing.undo(batch_id=batch.pk, by=other, at=AT, key=new_id())
