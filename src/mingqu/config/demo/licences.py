"""Certificates of the paper register of 清禾区 (存量证照) that end within thirty days; their holders are reminded."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from mingqu.certificates import services as certificates
from mingqu.certificates.imports import commands as imports
from mingqu.config.demo.district import key
from mingqu.config.demo.stories import STORIES, birth_of
from mingqu.config.demo.walk_ins import WINDOW, officer
from mingqu.identity import selectors as people
from mingqu.identity import services as identity
from mingqu.identity.types import SeenDocument
from mingqu.kernel.identifiers import CitizenNumber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant

STEWARD = ("QH-SJGL", "shuju")
PLANNING = "11990104MB0003041E001"  # type of certificate, of the organ of planning
YEARS = 5  # 食品安全法实施条例 15
HEADERS = (
    "证照类型",
    "证照编号",
    "持证人名称",
    "持证人证件号码",
    "有效期自",
    "有效期至",
    "区划代码",
    "经营者名称",
    "经营者（负责人）",
    "经营场所",
    "经营项目",
)
ENDING = ((6, 9), (7, 18), (10, 27))  # which of the people, and in how many days


def tell(at: Instant, progress: Callable[[str], None]) -> None:
    """The holders show their documents once; the table comes in as any other. Idempotent."""
    today = legal_day(at)
    rows = [_row(number, today + timedelta(days=days), at) for number, days in ENDING]
    bring_in("licences", "食品经营许可证.csv", _table(HEADERS, rows), at)
    progress("three certificates that end within thirty days")


def bring_in(name: str, file_name: str, data: bytes, at: Instant) -> None:
    """A table of existing certificates by the commands of production; once under each name."""
    steward = officer(*STEWARD)
    batch = imports.upload(name=file_name, data=data, by=steward, at=at, key=key(name))
    while imports.work(batch.batch_id, at):
        pass
    imports.confirm(batch_id=batch.batch_id, by=steward, at=at, key=key(f"{name}:confirm"))
    while imports.work(batch.batch_id, at):
        pass


def planning_permit(holder: str, number: str, project: str, at: Instant) -> None:
    """建设工程规划许可证 of the owner of a project, taken over from the register of who issued it."""
    certificates.define_type(
        code=PLANNING,
        name="建设工程规划许可证",
        organ_code="QH-ZRZY",
        fields=[certificates.FieldSpec("project", "建设项目名称", public=True)],
        number_prefix="GCGH",
        item_type="01",
        validity_years=None,
    )
    since = legal_day(at).replace(day=1)
    own = [
        "建设工程规划许可证",
        "GCGH9901042026000001",
        holder,
        number,
        since.isoformat(),
        "",
        "990104",
        project,
    ]
    head = (*HEADERS[:7], "建设项目名称")
    bring_in("planning", "建设工程规划许可证.csv", _table(head, [own]), at)


def _row(number: int, until: date, at: Instant) -> list[str]:
    story = STORIES[number - 1]
    account = people.citizen_with_phone(story.phone)
    assert account is not None
    held = str(CitizenNumber.build("990104", birth_of(number, at), f"{number:03d}"))
    document = SeenDocument("citizen_number", held, story.person, story.phone)
    identity.receive_person(document=document, by=officer(*WINDOW), at=at, key=key(f"licences:{number}"))
    since = until + timedelta(days=1)
    if (since.month, since.day) == (2, 29):
        since += timedelta(days=1)
        until += timedelta(days=1)
    since = since.replace(year=since.year - YEARS)
    own = [f"JY9901042021{number:06d}", story.person, held, since.isoformat(), until.isoformat(), "990104"]
    return ["食品经营许可证", *own, f"{story.shop}（老店）", story.person, f"禾塘镇示例街{number}号", "热食"]


def _table(head: Sequence[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode("utf-8-sig")
