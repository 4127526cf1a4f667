"""Pages of the later life of a certificate and of imports, in Chromium: readable at each width, and walked through."""

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
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
from mingqu.kernel.regions import load_demo_district

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
WIDTHS = (390, 1280)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def site(committed_db, settings) -> Iterator[str]:
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    server = Server(("localhost", 0), Quiet)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def cookie(user: User) -> str:
    return people.signed_in(Client(), user).cookies["mingqu_session"].value


@pytest.fixture
def house(site, tmp_path):
    """A citizen with a licence near its end and an imported one; a steward with two batches."""
    w, now = f.world(), timezone.now()
    load_demo_district()
    documents.provide_organ_key(
        organ_code="QH-SCJG", organ_name="澜州市清禾区市场监督管理局", by=f.SYSTEM, at=now, key=new_id()
    )
    issued = issue_certificate(case_id=f.decided_case(w, at=now).pk, at=now)
    Certificate.objects.filter(pk=issued.certificate_id).update(valid_until=now.date() + timedelta(days=50))
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
    if not os.path.exists(CHROMIUM):
        pytest.skip("no Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def opened(browser, site, session=""):
    context = browser.new_context(base_url=site, locale="zh-CN")
    if session:
        context.add_cookies([{"name": "mingqu_session", "value": session, "url": site}])
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page, wrong


def looked_at(page, name: str, seen: dict[str, object]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if shots := os.environ.get("MINGQU_SHOTS"):
            page.screenshot(path=f"{shots}/certificates-{name}-{width}.png", full_page=True)
        found = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]})
        seen[f"{name} {width}"] = (
            page.evaluate("document.documentElement.scrollWidth") <= width,
            [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found.response["violations"]],
        )


def test_from_the_certificate_to_the_first_question_of_its_renewal(browser, site, house):
    page, wrong = opened(browser, site, house["citizen"])
    seen: dict[str, object] = {}
    page.goto("/certificates/")
    looked_at(page, "wallet", seen)
    page.goto(f"/certificates/{house['number']}/")
    assert page.get_by_text("可以延续了").is_visible()
    looked_at(page, "detail", seen)
    page.get_by_role("link", name="延续").first.click()
    page.wait_for_load_state()
    assert "_handling=03" in page.url and house["number"] in page.url
    looked_at(page, "renew-question", seen)
    page.goto("/certificates/JY2020000060/")
    assert page.get_by_text("存量证照，纸质件为准").is_visible()
    looked_at(page, "existing", seen)

    assert seen == {name: (True, []) for name in seen}
    assert wrong == []


def test_the_choices_before_the_questions_are_readable_signed_in_and_out(browser, site, house):
    seen: dict[str, object] = {}
    page, wrong = opened(browser, site)
    for name, address in {
        "guide": "/services/QH-SPJYXK/?handling=02",
        "which": "/apply/QH-SPJYXK/",
        "certificate-out": "/apply/QH-SPJYXK/?_handling=02",
        "number-missing": "/apply/QH-SPJYXK/?_handling=02&_certificate=&_asked=_certificate",
    }.items():
        page.goto(address)
        looked_at(page, name, seen)
    own, _ = opened(browser, site, house["citizen"])
    own.goto("/apply/QH-SPJYXK/?_handling=02")
    looked_at(own, "certificate-in", seen)
    own.goto("/apply/QH-SPJYXK/?_handling=02&_certificate=NONE")
    looked_at(own, "certificate-refused", seen)

    assert seen == {name: (True, []) for name in seen}
    assert [text for text in wrong if "status of 400" not in text] == []


def test_a_table_goes_from_upload_over_the_report_into_the_register(browser, site, house):
    page, wrong = opened(browser, site, house["steward"])
    seen: dict[str, object] = {}
    page.goto("/desk/certificate-imports/")
    looked_at(page, "imports", seen)
    page.goto(f"/desk/certificate-imports/{house['checked']}/")
    looked_at(page, "report", seen)
    page.get_by_role("link", name="抽看并导入").click()
    page.wait_for_load_state()
    looked_at(page, "confirm", seen)
    page.get_by_label("我看过质量报告").check()
    page.get_by_role("button", name="导入").click()
    page.wait_for_load_state()
    assert page.get_by_text("正在导入").first.is_visible()
    looked_at(page, "importing", seen)
    page.goto(f"/desk/certificate-imports/{house['imported']}/undo/")
    looked_at(page, "undo", seen)
    page.goto("/desk/certificate-imports/")
    page.get_by_label("表格文件").set_input_files(house["file"])
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_text("正在检查").first.wait_for()

    assert seen == {name: (True, []) for name in seen}
    assert wrong == []
