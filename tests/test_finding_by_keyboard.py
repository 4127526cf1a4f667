"""The pages of finding a service on a phone and a desk: readable by everyone, and usable without a mouse."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from mingqu.cases.tests import factories as f
from mingqu.portal.tests import samples
from mingqu.ui.tests.browsing import WCAG
from tests.axe import VIOLATIONS
from tests.test_pages import AXE, beside_playwright, browser, site

__all__ = ["beside_playwright", "browser", "site"]  # fixtures

WIDTHS = (390, 1280)
PAGES = {
    "results": "/search/?q=食品经营",
    "nothing": "/search/?q=没有这种事",
    "services": "/services/",
    "letters": "/services/letters/",
}


def some_services() -> None:
    try:
        f.world()
        samples.many(30)
    finally:
        connections.close_all()


def wrong_on(tab, name: str) -> list[str]:
    found = []
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        if tab.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{name} is too wide at {width}")
        violations = tab.evaluate(VIOLATIONS, {"runOnly": WCAG, "resultTypes": ["violations"]})
        found += [f"{name}: {one['id']} at {width}" for one in violations]
        if shots := os.environ.get("MINGQU_SHOTS"):
            tab.screenshot(path=f"{shots}/finding-{name}-{width}.png", full_page=True)
    return found


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.timeout(300)
def test_finding_works_on_a_phone_and_with_the_keyboard_alone(site, browser):
    with ThreadPoolExecutor(1) as another:  # Playwright's event loop runs in this thread
        another.submit(some_services).result()
    tab = browser.new_page(locale="zh-CN")
    wrong = []
    for name, address in PAGES.items():
        tab.goto(site + address)
        tab.add_script_tag(url=AXE)
        wrong += wrong_on(tab, name)
    tab.goto(site + "/search/")
    tab.add_script_tag(url=AXE)
    box, answers = tab.locator(".mq-ask input[type=search]"), tab.locator(".mq-suggestions a")
    box.focus()
    tab.keyboard.type("食品经营")
    answers.first.wait_for()
    wrong += wrong_on(tab, "suggestions")
    focused = "document.activeElement === document.querySelector('{}')"

    assert wrong == []
    tab.keyboard.press("ArrowDown")
    assert tab.evaluate(focused.format(".mq-suggestions a"))
    tab.keyboard.press("ArrowUp")
    assert tab.evaluate(focused.format(".mq-ask input[type=search]"))
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Escape")
    assert answers.count() == 0
    assert tab.evaluate(focused.format(".mq-ask input[type=search]"))
    box.fill("食品经营许可")
    answers.first.wait_for()
    tab.keyboard.press("ArrowDown")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    assert "/services/" in tab.url
    tab.close()
