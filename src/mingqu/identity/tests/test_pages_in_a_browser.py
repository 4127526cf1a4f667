"""Sign-in in Chromium: passkeys with a virtual authenticator."""

from collections.abc import Iterator

import pytest

from mingqu.identity.models import User
from mingqu.identity.services import second_factor
from mingqu.identity.tests import factories
from mingqu.kernel.ids import new_id
from mingqu.ui.tests.browsing import chromium, serving, watched

pytestmark = pytest.mark.browser

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def site(committed_db, settings) -> Iterator[str]:
    """The product on localhost (browsers know passkeys there without TLS), on a database of its own."""
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.MINGQU_SITE = settings.MINGQU_SITE | {"name": "清禾区政务服务网", "region_name": "澜州市 清禾区"}
    with serving() as address:
        yield address


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
    with chromium() as opened_browser:
        yield opened_browser


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
