"""批量申报 as an agent does it in Chromium: fifty rows, five of them bad, mended, uploaded again, paid once."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from mingqu.cases.models import Case, ManyFiling
from mingqu.cases.tests import in_bulk as b
from mingqu.cases.tests.test_many_to_the_payment import charge
from mingqu.identity.tests import factories as people
from mingqu.payments import services as payments
from mingqu.payments.models import TogetherPayment
from mingqu.ui.tests.browsing import chromium, serving

pytestmark = [pytest.mark.browser, pytest.mark.long]
ROWS, BAD = 50, 5


@pytest.fixture
def site(committed_db, settings, clock) -> Iterator[str]:
    settings.ALLOWED_HOSTS, settings.MINGQU_DEMO = ["localhost", "testserver"], True
    clock.at = b.AT
    with serving() as address:
        settings.MINGQU_BASE_URL = address
        yield address


def apart(deed: Any) -> Any:
    """In a thread of its own: the browser's event loop forbids the database in this one."""
    import threading

    found: list[Any] = []

    def work() -> None:
        try:
            found.append(deed())
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return found[0]


def uploaded(page: Any, table: Path, zipped: Path) -> None:
    page.goto(reverse("cases:many_prepare", args=[b.ITEM, b.NEW]))
    page.get_by_label("填好的表格").set_input_files(table)
    page.get_by_label("材料压缩包").set_input_files(zipped)
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url("**/my/many/*-*/")
    apart(lambda: b.worked(ManyFiling.objects.order_by("-id")[0]))
    page.reload()


def handed_in(page: Any) -> None:
    page.get_by_label("电子送达").check()
    page.get_by_label("我已核对").check()
    page.get_by_role("button", name="全部提交").click()
    page.wait_for_load_state()
    apart(lambda: b.worked(ManyFiling.objects.order_by("-id")[0]))
    page.reload()


def mended(given: Path, to: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(given.read_bytes()))
    sheet = book.worksheets[0]
    column = [cell.value for cell in sheet[1]].index("经营面积") + 1
    assert sheet.max_row == BAD + 1
    for line in range(2, BAD + 2):
        sheet.cell(line, column).value = "60"
    book.save(to)


def test_fifty_from_one_spreadsheet_with_five_bad_rows(site, tmp_path):
    of = b.office()
    rows = [b.row(n, **({"经营面积": "很大"} if n % 10 == 0 else {})) for n in range(1, ROWS + 1)]
    table, zipped, again = (tmp_path / name for name in ("门店.xlsx", "材料.zip", "改好.xlsx"))
    table.write_bytes(b.table(*rows))
    zipped.write_bytes(b.packed())
    client = people.signed_in(Client(), of.user)
    client.post(reverse("portal:switch"), {"capacity": str(of.capacity_id)})
    session = client.cookies["mingqu_session"].value
    with chromium() as browser:
        context = browser.new_context(base_url=site, locale="zh-CN", accept_downloads=True)
        context.add_cookies([{"name": "mingqu_session", "value": session, "url": site}])
        page = context.new_page()
        uploaded(page, table, zipped)
        page.get_by_text(f"{ROWS - BAD}行可以提交，{BAD}行要改正").first.wait_for()
        with page.expect_download() as wrong:
            page.get_by_role("link", name="下载要改正的行").click()
        mended(Path(wrong.value.path()), again)
        handed_in(page)
        first = page.url
        uploaded(page, again, zipped)
        handed_in(page)
        assert apart(Case.objects.count) == ROWS
        apart(lambda: charge(Case.objects.exclude(number="")))
        page.goto(first)
        page.get_by_role("button", name="一次缴清").click()
        page.get_by_role("button", name="付款成功，通知三次").click()
        apart(lambda: payments.settle(together_id=TogetherPayment.objects.get().pk, at=b.AT))
        page.reload()
        page.get_by_text("每一笔都记好了").wait_for()
        page.goto(first)
        page.get_by_role("link", name="打印清单").click()
        assert page.locator("tbody tr").count() == ROWS - BAD

    names = sorted(case.answers["shop_name"] for case in Case.objects.all())
    assert names == sorted(f"清禾小馆{n}" for n in range(1, ROWS + 1))
