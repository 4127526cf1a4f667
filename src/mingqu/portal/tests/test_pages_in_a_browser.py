"""Every public page in Chromium: readable at each width and in elder mode, light, without errors."""

import gzip
import os
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.utils import timezone

from mingqu.cases.tests import factories as f
from mingqu.evaluation import services as evaluation
from mingqu.evaluation.tests.factories import delivered_case, rate, withdrawn_case
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel import ledger
from mingqu.kernel.legal_day import legal_day
from mingqu.portal.tests import samples

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
WIDTHS = (320, 390, 1280)
WEIGHT = (
    200 * 1024
)  # bytes on a first load: pages as they are, static files compressed as whitenoise serves them


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def site(committed_db, settings) -> Iterator[str]:
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    settings.MINGQU_SITE = settings.MINGQU_SITE | {
        "name": "清禾区政务服务网",
        "region_name": "澜州市 清禾区",
        "organiser": "澜州市清禾区人民政府（演示）",
    }
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
def seen(site):
    """Somebody with a case in each state, somebody with none, a head of the bureau. Before the browser starts."""
    w = f.world()
    samples.many(3)
    now = timezone.now()
    found = {"delivered": delivered_case(w, at=now - 9 * f.DAY), "withdrawn": withdrawn_case(w, at=now)}
    rate(w, found["withdrawn"], 2, reasons=["speed"], text="等得太久，没有人接电话。", at=now)
    f.accepted_case(w, at=now - 30 * f.DAY)
    f.received_case(w, at=now)
    f.correction_case(w, at=now)
    f.draft(w, at=now)
    for level, count in ((5, 31), (4, 7), (3, 2), (1, 1)):
        for _ in range(count):
            evaluation.count_rating(w.bureau, "QH-SPJYXK", legal_day(now), level)
    ledger.seal(now)
    head = people.staff_user("周敏", people.post(w.bureau, "department_head", name="局长"))
    nobody = people.citizen("阿依努尔·买买提江·艾合买提")[0]
    sessions = {
        "citizen": cookie(User.objects.get(pk=w.citizen.user_id)),
        "nobody": cookie(nobody),
        "head": cookie(head),
    }
    return {"cases": found, "sessions": sessions, "receipt": ledger.receipt(found["withdrawn"].pk)}


@pytest.fixture
def browser(seen):
    if not os.path.exists(CHROMIUM):
        pytest.skip("no Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def opened(browser, site, session="", elder=False):
    """A page whose errors and refused loads are collected."""
    context = browser.new_context(base_url=site, locale="zh-CN")
    cookies = [{"name": "mingqu_session", "value": session, "url": site}] if session else []
    if elder:
        cookies.append({"name": "mq_elder", "value": "on", "url": site})
    if cookies:
        context.add_cookies(cookies)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page, wrong


def looked_at(page, name: str, seen: dict[str, object], widths=WIDTHS) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        if shots := os.environ.get("MINGQU_SHOTS"):
            page.screenshot(path=f"{shots}/portal-{name}-{width}.png", full_page=True)
        found = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]})
        seen[f"{name} {width}"] = (
            page.evaluate("document.documentElement.scrollWidth") <= width,
            [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found.response["violations"]],
        )


PUBLIC = {
    "front": "/",
    "front-legal": "/?audience=legal",
    "search": "/search/?q=开饭店",
    "search-nothing": "/search/?q=结婚",
    "services": "/services/?audience=all",
    "services-nothing": "/services/?theme=没有",
    "guide": "/services/QH-SPJYXK/",
    "ledger": "/ledger/",
}


@pytest.mark.long  # tests/test_pages.py looks at every page in every state each time
def test_public_pages_are_readable_by_everyone(browser, site):
    page, wrong = opened(browser, site)
    seen: dict[str, object] = {}
    for name, address in PUBLIC.items():
        page.goto(address)
        looked_at(page, name, seen)

    assert seen == {name: (True, []) for name in seen}
    assert wrong == []


def test_public_pages_are_readable_in_elder_mode(browser, site):
    page, wrong = opened(browser, site, elder=True)
    seen: dict[str, object] = {}
    for name in ("front", "services", "guide", "ledger"):
        page.goto(PUBLIC[name])
        looked_at(page, f"elder-{name}", seen, widths=(320, 1280))

    assert seen == {name: (True, []) for name in seen}
    assert wrong == []


@pytest.mark.long  # tests/test_pages.py looks at every page in every state each time
def test_ones_own_pages_are_readable_by_everyone(browser, site, seen):
    page, wrong = opened(browser, site, seen["sessions"]["citizen"])
    found: dict[str, object] = {}
    addresses = {
        "front-mine": "/",
        "my": "/my/",
        "my-done": "/my/?show=done",
        "rate": f"/rate/{seen['cases']['delivered'].number}/",
        "rated": f"/rate/{seen['cases']['withdrawn'].number}/",
    }
    for name, address in addresses.items():
        page.goto(address)
        looked_at(page, name, found)
    page.goto(addresses["rate"])
    page.get_by_role("button", name="提交评价").click()
    page.wait_for_load_state()
    looked_at(page, "rate-wrong", found)
    nobody, _ = opened(browser, site, seen["sessions"]["nobody"])
    nobody.goto("/my/")
    looked_at(nobody, "my-empty", found)

    assert found == {name: (True, []) for name in found}
    assert [text for text in wrong if "status of 400" not in text] == []


def test_a_person_rates_a_case_by_pressing_rows(browser, site, seen):
    page, _ = opened(browser, site, seen["sessions"]["citizen"])
    page.goto("/my/")
    page.get_by_role("link", name="评一评").first.click()
    page.get_by_text("非常满意", exact=True).click()
    page.get_by_text("办事便捷度").click()
    page.get_by_label("想说的话").fill("一次办成，谢谢。")
    page.get_by_role("button", name="提交评价").click()

    page.get_by_role("heading", name="谢谢您的评价").wait_for()
    assert page.get_by_text("一次办成，谢谢。").is_visible()


@pytest.mark.long  # tests/test_pages.py looks at every page in every state each time
def test_the_list_of_ratings_is_readable_by_everyone(browser, site, seen):
    page, wrong = opened(browser, site, seen["sessions"]["head"])
    found: dict[str, object] = {}
    page.goto("/desk/ratings/")
    assert page.get_by_text("等得太久").is_visible()
    looked_at(page, "ratings", found)

    assert found == {name: (True, []) for name in found}
    assert wrong == []


def test_a_receipt_given_by_its_owner_is_checked(browser, site, seen, tmp_path):
    import json

    page, wrong = opened(browser, site)
    file = tmp_path / "receipt.json"
    found: dict[str, object] = {}
    for name, words in (("good", "核验通过"), ("bad", "核验没有通过")):
        if name == "bad":
            seen["receipt"]["entries"][0]["body"]["action"] = "case.refuse"
        file.write_text(json.dumps(seen["receipt"]), "utf-8")
        page.goto("/ledger/")
        page.get_by_label("存证文件", exact=True).set_input_files(file)
        page.get_by_role("button", name="核验", exact=True).click()
        page.get_by_text(words, exact=True).wait_for()
        looked_at(page, f"verdict-{name}", found, widths=(320, 1280))

    assert found == {name: (True, []) for name in found}
    assert wrong == []


@pytest.mark.parametrize("name", ["front", "search", "services", "guide", "ledger"])
def test_a_first_load_is_light(browser, site, name):
    page, _ = opened(browser, site)
    sizes: dict[str, int] = {}

    def weigh(response) -> None:
        body = response.body()
        is_file = "/static/" in response.url
        sizes[response.url] = len(gzip.compress(body, 9)) if is_file and body else len(body)

    page.on("response", weigh)
    page.goto(PUBLIC[name])
    page.wait_for_load_state("networkidle")
    if os.environ.get("MINGQU_SHOTS"):
        print(name, sum(sizes.values()), sizes)

    assert sum(sizes.values()) <= WEIGHT


def test_the_guide_is_whole_without_scripts(browser, site):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/services/QH-SPJYXK/")

    assert page.get_by_role("link", name="在线办理").first.is_visible()
    assert not page.get_by_text("打印本指南").is_visible()
    page.get_by_role("link", name="在线办理").first.click()
    assert "/apply/" in page.url


def test_back_to_a_form_that_was_refused_shows_the_form_and_sends_nothing_again(browser, site):
    page = browser.new_page()
    page.goto(f"{site}/progress/")
    page.locator("main input[name=number]").fill("123")
    page.locator("main input[name=code]").fill("x")
    page.locator("main form button").first.click()
    page.wait_for_selector(".govuk-error-summary")
    page.goto(f"{site}/accessibility/")

    back = page.go_back()

    assert page.url == f"{site}/progress/"
    assert back is None or back.request.method == "GET"  # None: the page was still there as it stood
    page.close()
