"""Sign-in in Chromium: passkeys with a virtual authenticator, and every page readable at every width."""

import os
import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from mingqu.identity.models import User
from mingqu.identity.services import codes, second_factor
from mingqu.identity.tests import factories
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
WIDTHS = (320, 1280)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def site(committed_db, settings) -> Iterator[str]:
    """The product on localhost (browsers know passkeys there without TLS), on a database of its own."""
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.MINGQU_SITE = settings.MINGQU_SITE | {"name": "清禾区政务服务网", "region_name": "澜州市 清禾区"}
    server = Server(("localhost", 0), Quiet)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def people(site) -> dict[str, User]:
    """Made before the browser starts: its event loop forbids the database in this thread."""
    first, second = factories.post(None, "window_clerk", name="综合窗口"), factories.post(None, "reviewer")
    fresh, known = factories.staff_user("周敏", first, second), factories.staff_user("吴岚", first)
    second_factor.seed_totp(
        user_id=known.id, secret=SECRET, by=factories.SYSTEM, at=factories.NOON, key=new_id()
    )
    return {"fresh": fresh, "known": known, "citizen": factories.citizen("欧阳明禾")[0]}


@pytest.fixture
def browser(people):
    if not os.path.exists(CHROMIUM):
        pytest.skip("no Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def watched(browser, site):
    """A page whose errors and refused loads are collected."""
    page = browser.new_context(base_url=site, locale="zh-CN").new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page, wrong


def give_password(page, user, after=""):
    page.goto(f"/staff/sign-in/{after}")
    page.get_by_label("账号", exact=True).fill(user.username)
    page.get_by_label("密码", exact=True).fill(factories.PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def with_virtual_key(page) -> None:
    """An authenticator with a finger that is always right."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_set_up_and_signs_in_by_itself(browser, people, site):
    page, wrong = watched(browser, site)
    with_virtual_key(page)
    give_password(page, people["fresh"], "?next=/staff/posts/")
    page.get_by_role("button", name="在这台设备上设置通行密钥").click()

    page.wait_for_url("**/recovery-codes/**")
    assert page.locator("ul.mq-code li").count() == 10
    page.get_by_role("link", name="已经保存好，继续").click()
    assert wrong == []
    page.get_by_role("button", name="退出", exact=True).click()

    page.goto("/staff/sign-in/?next=/staff/posts/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.get_by_role("heading", name="切换岗位").wait_for()


def test_a_passkey_is_also_a_second_factor_after_the_password(browser, people, site):
    page, _ = watched(browser, site)
    with_virtual_key(page)
    give_password(page, people["fresh"], "?next=/staff/posts/")
    page.get_by_role("button", name="在这台设备上设置通行密钥").click()
    page.wait_for_url("**/recovery-codes/**")
    page.get_by_role("link", name="已经保存好，继续").click()
    page.get_by_role("button", name="退出", exact=True).click()

    give_password(page, people["fresh"], "?next=/staff/posts/")
    page.get_by_role("button", name="用通行密钥验证").click()
    page.get_by_role("heading", name="切换岗位").wait_for()


def test_another_devices_passkey_is_refused_with_a_sentence(browser, people, site):
    page, _ = watched(browser, site)
    with_virtual_key(page)
    page.goto("/staff/sign-in/")
    page.get_by_role("button", name="用通行密钥登录").click()

    page.get_by_text("没有完成。请再试一次，或用另一种方式。").wait_for()
    assert page.url.endswith("/staff/sign-in/")


def looked_at(page, name: str, seen: dict[str, object]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if shots := os.environ.get("MINGQU_SHOTS"):
            page.screenshot(path=f"{shots}/identity-{name}-{width}.png", full_page=True)
        found = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]})
        seen[f"{name} {width}"] = (
            page.evaluate("document.documentElement.scrollWidth") <= width,
            [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found.response["violations"]],
        )


@pytest.mark.long  # tests/test_pages.py looks at every page in every state each time
def test_the_pages_of_citizens_are_readable_by_everyone(browser, people, site, monkeypatch):
    sent: list[str] = []
    monkeypatch.setattr(codes, "_sender", [lambda *, phone, code, minutes, at: sent.append(code)])
    page, wrong = watched(browser, site)
    seen: dict[str, object] = {}
    look: Callable[[str], None] = lambda name: looked_at(page, name, seen)  # noqa: E731

    page.goto("/sign-in/?next=/my/profile/")
    look("sign-in")
    page.get_by_label("手机号码").fill("12345")
    page.get_by_role("button", name="获取验证码").click()
    look("sign-in-wrong")
    page.get_by_label("手机号码").fill("1990000 9999")
    page.get_by_role("button", name="获取验证码").click()
    page.wait_for_url("**/code/")
    look("code")
    page.get_by_label("短信里的6位验证码").fill(sent[0])
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/identity/**")
    look("declare")
    page.get_by_label("姓名").fill("欧阳明禾")
    page.get_by_label("公民身份号码").fill(factories.citizen_number())
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/my/profile/")
    look("profile")
    page.goto("/my/profile/phone/")
    look("phone")
    page.goto("/sign-in/closed/")
    look("closed")

    assert seen == {name: (True, []) for name in seen}
    assert [text for text in wrong if "status of 40" not in text] == []


@pytest.mark.long  # tests/test_pages.py looks at every page in every state each time
def test_the_pages_of_staff_are_readable_by_everyone(browser, people, site):
    page, wrong = watched(browser, site)
    seen: dict[str, object] = {}
    page.goto("/staff/sign-in/")
    looked_at(page, "staff-sign-in", seen)
    give_password(page, people["fresh"])
    looked_at(page, "set-up", seen)
    page.context.clear_cookies()
    give_password(page, people["known"], "?next=/staff/posts/")
    looked_at(page, "second-factor", seen)
    page.get_by_label("动态口令").fill(second_factor.code_at(SECRET, timezone.now()))
    page.get_by_role("button", name="继续").click()
    page.get_by_role("heading", name="切换岗位").wait_for()
    looked_at(page, "posts", seen)
    page.goto("/staff/second-factor/recovery-codes/")
    looked_at(page, "recovery-codes", seen)
    page.goto("/staff/password/")
    looked_at(page, "password", seen)

    assert seen == {name: (True, []) for name in seen}
    assert wrong == []
