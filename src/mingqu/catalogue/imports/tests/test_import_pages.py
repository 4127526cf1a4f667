"""The pages of an import, as the person who brings it sees them."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingqu.catalogue.imports import services
from mingqu.catalogue.imports.findings import NOTES, STOPS
from mingqu.catalogue.imports.mapping import mapping
from mingqu.catalogue.imports.models import ImportBatch
from mingqu.catalogue.imports.reading import rows_of
from mingqu.catalogue.imports.report import NAMES
from mingqu.catalogue.imports.services import read_batch
from mingqu.identity import services as identity
from mingqu.identity.tests import factories as people
from mingqu.identity.types import Within
from mingqu.kernel import regions
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parent / "files"
AT = datetime(2026, 11, 20, 12, 0, tzinfo=BEIJING)


@pytest.fixture
def desk(monkeypatch):
    """An editor's browser; her post covers the whole district."""
    monkeypatch.setattr(services, "_defer", lambda batch_id: None)
    regions.load_demo_district()
    post = people.post()
    identity.grant_role(
        post_id=post,
        role="catalogue_editor",
        within=Within(people.REGION, None),
        by=people.SYSTEM,
        at=people.NOON,
        key=new_id(),
    )
    client = Client()
    people.signed_in(client, people.staff_user("叶知秋", post))
    return client


def send(desk, **changes):
    data = (FILES / "own_items.csv").read_bytes()
    given = {
        "file": SimpleUploadedFile("own_items.csv", data),
        "mapping": "own_items",
        "region": "990104",
        "key": str(new_id()),
    }
    return desk.post(reverse("catalogue:imports"), given | changes)


def text(answer):
    return answer.content.decode()


def test_a_file_is_sent_followed_and_reported(desk):
    assert "还没有导入过" in text(desk.get(reverse("catalogue:imports")))

    address = send(desk)["Location"]
    assert "正在读取" in text(desk.get(address))
    batch = ImportBatch.objects.get()
    read_batch(batch.pk, AT)

    page = text(desk.get(address))
    assert "读了6行" in page and "编号“QH-YL-001”在第2行已经有了" in page
    assert "没有咨询电话" in text(desk.get(f"{address}?finding=telephone_missing"))
    assert "own_items.csv" in text(desk.get(reverse("catalogue:imports")))

    book = openpyxl.load_workbook(BytesIO(desk.get(f"{address}rows.xlsx").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 7 and rows[1][2] == "路边零星占道许可"
    assert "已经有了" in rows[5][-1]


def test_the_same_file_again_leads_to_the_same_batch(desk):
    first = send(desk)["Location"]
    read_batch(ImportBatch.objects.get().pk, AT)

    assert send(desk)["Location"] == first


def test_reading_is_cancelled_from_the_page(desk):
    address = send(desk)["Location"]
    desk.post(f"{address}cancel/", {"key": str(new_id())})

    assert "已取消，读到的内容没有保留" in text(desk.get(address))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"file": ""}, "请选择要导入的文件"),
        ({"mapping": "nothing"}, "没有这个映射"),
        ({"region": "990199"}, "没有代码是“990199000000”的区划"),
        ({"region": "abc"}, "区划"),
        ({"defaults": "on"}, "不是培训区域"),
    ],
)
def test_a_refused_upload_says_why_and_keeps_nothing(desk, changes, says):
    answer = send(desk, **changes)

    assert answer.status_code in (400, 409) and says in text(answer)
    assert not ImportBatch.objects.exists()


def test_nobody_sees_the_imports_of_another_region(desk):
    batch_id = services.import_items(
        asked=services.Asked("x.csv", (FILES / "own_items.csv").read_bytes(), "own_items", "440000000000"),
        by=people.SYSTEM,
        at=AT,
        key=new_id(),
    ).batch_id

    assert desk.get(reverse("catalogue:import_batch", args=[batch_id])).status_code == 404
    assert desk.get(reverse("catalogue:import_table", args=[batch_id])).status_code == 404
    assert "x.csv" not in text(desk.get(reverse("catalogue:imports")))


def test_the_table_to_fill_in_is_read_by_the_mapping_it_was_made_for(desk):
    book = openpyxl.load_workbook(BytesIO(desk.get(reverse("catalogue:import_template")).content))
    book.active.append([f"X-{place}" for place in range(book.active.max_column)])
    filled = BytesIO()
    book.save(filled)

    (row,) = rows_of(filled.getvalue(), mapping("own_items"))
    assert row.values["事项编码"] == "X-0" and not row.unreadable


def test_every_finding_has_a_short_name():
    assert set(NAMES) == set(NOTES) | set(STOPS)
