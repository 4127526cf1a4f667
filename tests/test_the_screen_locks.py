"""锁屏 in a browser: what was typed is hidden at once, is there afterwards, and no other tab gets round it."""

import pytest

from mingqu.identity.services import second_factor
from tests.test_pages import beside_playwright, browser, full_site

__all__ = ["beside_playwright", "browser", "full_site"]  # fixtures

TYPED = "收错了事项，正在写理由"


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_what_was_typed_is_there_after_the_screen_was_locked(full_site, browser, monkeypatch):
    site, stage = full_site
    user = stage.users["own_clerk"]
    right = lambda user_id, code, *, at: object() if (user_id, code) == (user.pk, "135790") else None  # noqa: E731
    monkeypatch.setattr(second_factor, "check_code", right)
    both = browser.new_context(locale="zh-CN")
    tab, other = both.new_page(), both.new_page()
    cookies = stage.client("own_clerk").cookies.items()
    both.add_cookies([{"name": name, "value": one.value, "url": site} for name, one in cookies])
    address = f"{site}/desk/cases/{stage.numbers['by_window']}/voiding/"
    tab.goto(address)
    reason = tab.locator("textarea[name=reason]")
    reason.fill(TYPED)

    with tab.expect_response("**/staff/screen/lock/"):
        tab.keyboard.press("Alt+l")
    dialog = tab.locator("dialog.mq-lock")
    dialog.wait_for()
    assert not reason.is_visible()
    tab.keyboard.press("Escape")
    assert dialog.is_visible()
    other.goto(f"{site}/desk/")
    assert other.url.startswith(f"{site}/staff/screen/")
    dialog.locator("input[name=code]").fill("000000")
    tab.keyboard.press("Enter")
    dialog.locator("[role=alert]").wait_for()

    dialog.locator("input[name=code]").fill("135790")
    tab.keyboard.press("Enter")
    reason.wait_for()
    assert reason.input_value() == TYPED
    assert not dialog.is_visible()
    other.goto(f"{site}/desk/")
    assert other.url == f"{site}/desk/"
    both.close()
