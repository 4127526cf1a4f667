"""The gallery in Chromium: no WCAG 2.1 AA violation, no sideways scrolling, nothing refused by the CSP."""

import functools
import http.server
import threading
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from mingqu.kernel.middleware import CONTENT_SECURITY_POLICY
from mingqu.ui.tests import gallery
from mingqu.ui.tests.browsing import chromium, looked_at, watched

pytestmark = pytest.mark.browser
STATIC = Path(__file__).resolve().parent.parent / "static"

PAGES = {
    "public": functools.partial(gallery.render, "ui/public_page.html"),
    "signed-in": functools.partial(gallery.render, "ui/public_page.html", actor="citizen", aside=True),
    "errors": functools.partial(gallery.render, "ui/public_page.html", wrong=True),
    "elder": functools.partial(
        gallery.render, "ui/public_page.html", elder=True, wrong=True, actor="citizen"
    ),
    "staff": functools.partial(gallery.render, "ui/staff_page.html", actor="staff", wrong=True),
}


class GalleryServer(http.server.ThreadingHTTPServer):
    pages: dict[str, str]
    daemon_threads = True


class Handler(http.server.SimpleHTTPRequestHandler):
    server: GalleryServer

    def do_GET(self) -> None:
        name = self.path.strip("/")
        if name not in self.server.pages:
            return super().do_GET()
        body = self.server.pages[name].encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """A switch of the header: back to the page it names."""
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(302)
        self.send_header("Location", sent["next"][0])
        self.end_headers()

    def translate_path(self, path: str) -> str:
        return str(STATIC / path.removeprefix("/static/").partition("?")[0])

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def address(sample_links, settings):
    settings.MINGQU_SITE = settings.MINGQU_SITE | {
        "name": "清禾区政务服务网", "region_name": "澜州市 清禾区", "organiser": "清禾区人民政府办公室"
    }  # fmt: skip
    server = GalleryServer(("127.0.0.1", 0), Handler)
    server.pages = {name: make() for name, make in PAGES.items()}
    server.pages["accessibility"] = server.pages["public"]  # where a switch of its header leads
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_readable_by_everyone_at_every_width(browser, address, name, width):
    page, wrong = watched(browser, address)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/{name}", wait_until="networkidle")

    assert wrong + looked_at(page, name, width=width) == []
    page.context.close()


def test_without_javascript_everything_is_there_and_nothing_that_needs_it(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/staff")

    assert page.get_by_role("button", name="保存并继续").is_visible()
    assert page.get_by_text("已把2件转给李*").is_visible()
    assert page.get_by_role("link", name="撤销").is_visible()
    for needs_script in ("[data-mq-close]", "[data-mq-keys]", ".mq-wait"):
        assert page.locator(needs_script).count() == 1
        assert page.locator(needs_script).is_hidden()
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_on_a_narrow_screen_the_rail_is_a_menu_that_opens_and_closes(browser, address, script):
    context = browser.new_context(java_script_enabled=script, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{address}/staff")
    rail = page.get_by_role("navigation", name="工作台")

    assert not rail.is_visible()
    page.get_by_role("link", name="菜单", exact=True).click()
    assert rail.get_by_role("link", name="全科办件").is_visible()
    assert rail.get_by_role("heading", name="科室").is_visible()
    rail.get_by_role("link", name="收起菜单").click()
    assert not rail.is_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    assert rail.is_visible() and not page.get_by_role("link", name="菜单", exact=True).is_visible()
    context.close()


def test_a_letter_key_only_moves_the_focus_and_can_be_switched_off(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/staff", wait_until="networkidle")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("b")
    assert page.evaluate("document.activeElement.dataset.mqKey") == "b"
    assert page.url == f"{address}/staff"

    page.get_by_role("button", name="快捷键：开").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("b")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.close()


@pytest.mark.parametrize("switch", ["English", "长者版", "法人"])
def test_what_is_typed_and_not_sent_comes_along_when_a_switch_loads_the_page_anew(browser, address, switch):
    page = browser.new_page()
    page.goto(f"{address}/accessibility", wait_until="networkidle")
    page.get_by_label("经营场所面积").fill("86.5")
    page.get_by_label("热食类").check()
    page.get_by_label("商住楼，有专用烟道").check()
    page.get_by_label("补充说明").fill("两层，\n有电梯")
    page.evaluate("document.querySelector('[name=opening_year]').dataset.mqSecret = ''")
    page.locator("[name=opening_year]").fill("2026")
    with page.expect_navigation():
        page.locator(".mq-header").get_by_role("button", name=switch).click()

    assert page.get_by_label("经营场所面积").input_value() == "86.5"
    assert page.get_by_label("热食类").is_checked() and not page.get_by_label("冷食类").is_checked()
    assert page.get_by_label("商住楼，有专用烟道").is_checked()
    assert page.get_by_label("补充说明").input_value() == "两层，\n有电梯"
    assert page.locator("[name=opening_year]").input_value() == ""
    assert page.evaluate("sessionStorage.getItem('mq-switched')") is None
    page.reload(wait_until="networkidle")
    assert page.get_by_label("经营场所面积").input_value() == ""
    page.close()


def test_in_large_text_a_link_in_words_is_as_high_as_a_finger(browser, address):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{address}/elder", wait_until="networkidle")
    links = page.evaluate(
        """() => [...document.querySelectorAll("main a, .mq-help a, .mq-brand, .govuk-breadcrumbs a")]
          .filter(a => a.checkVisibility() && a.getBoundingClientRect().height > 1)
          .map(a => [a.innerText, Math.round(a.getBoundingClientRect().height)])"""
    )

    assert len(links) > 8
    assert [one for one in links if one[1] < 44] == []
    page.close()


def test_a_message_can_be_closed(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/public", wait_until="networkidle")
    page.get_by_role("button", name="关闭").click()

    assert page.locator("[data-mq-toast]").count() == 0
    page.close()


def test_a_name_is_signed_by_hand_wiped_and_signed_again(browser, address):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{address}/public", wait_until="networkidle")
    box = page.locator("[data-mq-sign]")
    field, canvas = box.locator("input"), box.locator("canvas")

    def write():
        canvas.scroll_into_view_if_needed()
        at = canvas.bounding_box()
        page.mouse.move(at["x"] + 40, at["y"] + 30)
        page.mouse.down()
        page.mouse.move(at["x"] + 160, at["y"] + 80, steps=6)
        page.mouse.up()

    assert box.get_by_role("status").inner_text() == "还没有手写签名"
    write()
    assert field.input_value().startswith("data:image/png;base64,")
    assert box.get_by_role("status").inner_text() == "已签名"
    box.get_by_role("button", name="重写").click()
    assert field.input_value() == ""
    write()
    assert field.input_value() != ""
    page.close()


def test_without_javascript_there_is_no_pad_and_a_word_about_the_name(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/public")

    assert page.locator("[data-mq-sign] canvas").is_hidden()
    assert page.get_by_text("这个浏览器不能手写签名，请填写姓名。").is_visible()
    context.close()
