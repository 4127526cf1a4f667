"""Pages of the later life of a certificate and of imports, walked through in Chromium."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.tests import factories as f
from mingqu.certificates.models import Certificate
from mingqu.certificates.tests import tables as t
from mingqu.documents import services as documents
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.regions import load_demo_district
from mingqu.ui.tests.browsing import chromium, serving, watched

pytestmark = pytest.mark.browser


@pytest.fixture
def site(committed_db, settings) -> Iterator[str]:
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    with serving() as address:
        yield address


def cookie(user: User) -> str:
    return people.signed_in(Client(), user).cookies["mingqu_session"].value


@pytest.fixture
def house(site, tmp_path):
    """A citizen with a licence near its end and an imported one; a steward with two batches."""
    w, now = f.world(), timezone.now()
    load_demo_district()
    documents.provide_organ_key(
        founding=True,
        organ_code="QH-SCJG",
        organ_name="澜州市清禾区市场监督管理局",
        by=f.SYSTEM,
        at=now,
        key=new_id(),
    )
    issued = issue_certificate(case_id=f.decided_case(w, at=now).pk, at=now)
    Certificate.objects.filter(pk=issued.certificate_id).update(
        valid_until=legal_day(now) + timedelta(days=50)
    )
    steward = people.staff_user("林素", people.post(w.bureau, "data_steward", name="数据管理岗"))
    by = f.Actor("staff", steward.person_id, post_id=people_post(steward), user_id=steward.pk, name="林素")
    rows = [t.licence_row(n) for n in range(1, 46)]
    rows[3]["证照编号"], rows[7]["有效期自"], rows[9]["持证人名称"] = (
        "",
        "昨天",
        "阿依努尔·买买提江·艾合买提𬱖",
    )
    checked = t.checked(by, *rows, headers=t.LICENCE_HEADERS)
    brought = t.imported(by, *(t.licence_row(n) for n in range(60, 63)), headers=t.LICENCE_HEADERS)
    Certificate.objects.filter(batch_id=brought.pk, number="JY2020000060").update(
        holder_id=w.citizen.id, holder_kind="person", holder_index=None
    )
    upload = tmp_path / "存量证照.xlsx"
    upload.write_bytes(t.xlsx(*(t.licence_row(n) for n in range(70, 74)), headers=t.LICENCE_HEADERS))
    return {
        "citizen": cookie(User.objects.get(pk=w.citizen.user_id)),
        "steward": cookie(steward),
        "number": issued.number,
        "checked": checked.pk,
        "imported": brought.pk,
        "file": upload,
    }


def people_post(user):
    from mingqu.identity.models import PostHolding

    return PostHolding.objects.get(user=user).post_id


@pytest.fixture
def browser(house):
    with chromium() as opened_browser:
        yield opened_browser


def test_from_the_certificate_to_the_first_question_of_its_renewal(browser, site, house):
    page, wrong = watched(browser, site, mingqu_session=house["citizen"])
    page.goto("/certificates/")
    page.goto(f"/certificates/{house['number']}/")
    assert page.get_by_text("可以延续了").is_visible()
    page.get_by_role("link", name="延续").first.click()
    page.wait_for_load_state()
    assert "_handling=03" in page.url and house["number"] in page.url
    page.goto("/certificates/JY2020000060/")
    assert page.get_by_text("存量证照，纸质件为准").is_visible()

    assert wrong == []


def test_a_table_goes_from_upload_over_the_report_into_the_register(browser, site, house):
    page, wrong = watched(browser, site, mingqu_session=house["steward"])
    page.goto("/desk/certificate-imports/")
    page.goto(f"/desk/certificate-imports/{house['checked']}/")
    page.get_by_role("link", name="抽看并导入").click()
    page.wait_for_load_state()
    page.get_by_label("我看过质量报告").check()
    page.get_by_role("button", name="导入").click()
    page.wait_for_load_state()
    assert page.get_by_text("正在导入").first.is_visible()
    page.goto(f"/desk/certificate-imports/{house['imported']}/undo/")
    page.goto("/desk/certificate-imports/")
    page.get_by_label("表格文件").set_input_files(house["file"])
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_text("正在检查").first.wait_for()

    assert wrong == []
