"""The staff pages in Chromium where an officer acts: without scripts, by keyboard alone."""

import pytest
from django.test import Client

from mingqu.cases.tests import factories as f
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.ui.tests.browsing import chromium, serving
from mingqu.workbench.tests.pages import url

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def beside_playwright(monkeypatch):
    """Playwright keeps an event loop in this thread, which Django takes for a call from asynchronous code."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def site(committed_db, settings):
    """The site on a database of its own; requests run in threads, so what they see is committed."""
    settings.DEBUG = False
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


def session_of(user: User) -> str:
    return people.signed_in(Client(), user).cookies["mingqu_session"].value


def test_without_javascript_a_case_is_accepted(site, browser):
    w = f.world()
    case = f.received_case(w)
    context = browser.new_context(java_script_enabled=False)
    session = session_of(User.objects.get(pk=w.clerk.user_id))
    context.add_cookies([{"name": "mingqu_session", "value": session, "url": site}])
    page = context.new_page()
    page.goto(f"{site}{url('case', case)}")
    page.get_by_role("link", name="受理", exact=False).first.click()
    page.get_by_role("button", name="确认受理").click()

    assert page.url == f"{site}/desk/?tab=received"
    page.get_by_text("已受理，办理时限开始计算").wait_for()
    case.refresh_from_db()
    assert case.status == "accepted"
    context.close()


def test_a_case_is_accepted_by_keyboard_alone(site, browser):
    w = f.world()
    case = f.received_case(w)
    context = browser.new_context()
    session = session_of(User.objects.get(pk=w.clerk.user_id))
    context.add_cookies([{"name": "mingqu_session", "value": session, "url": site}])
    page = context.new_page()
    page.goto(f"{site}{url('case', case)}", wait_until="networkidle")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/acceptance/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("y")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address.endswith("/desk/?tab=received"))

    case.refresh_from_db()
    assert case.status == "accepted"
    context.close()


def test_the_keys_go_from_case_to_case_and_can_be_switched_off(site, browser):
    """WCAG 2.1.4: single-letter keys have a switch."""
    w = f.world()
    cases = [f.received_case(w), f.received_case(w)]
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    session = session_of(User.objects.get(pk=w.clerk.user_id))
    context.add_cookies([{"name": "mingqu_session", "value": session, "url": site}])
    page = context.new_page()
    page.goto(f"{site}/desk/?tab=received")

    focused = "document.activeElement.getAttribute('href')"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(focused) == url("case", cases[1])
    page.keyboard.press("k")
    assert page.evaluate(focused) == url("case", cases[0])
    page.keyboard.press("?")
    assert page.locator("[data-mq-help]").get_attribute("open") is not None
    page.get_by_role("button", name="快捷键：开").click()
    page.keyboard.press("j")
    assert page.evaluate(focused) is None
    page.get_by_role("button", name="快捷键：关").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url('case', cases[0])}")

    # The case by keys: the materials turn in place, a mark takes nothing of the page away, N leads to the next case.
    page.wait_for_load_state("networkidle")
    first = page.locator("#materials h3").inner_text()
    page.get_by_label("用途").select_option(index=1)
    page.keyboard.press("Escape")
    page.locator("#materials h2").click()
    page.keyboard.press("]")
    page.wait_for_function("first => document.querySelector('#materials h3').innerText !== first", arg=first)
    page.get_by_label("有什么问题").fill("第二行看不清")
    page.get_by_role("button", name="有问题", exact=True).click()
    page.get_by_text("标注整份：第二行看不清").wait_for()
    assert page.get_by_label("用途").evaluate("list => list.selectedIndex") == 1, (
        "the rest of the page stood still"
    )
    page.locator("#materials h2").click()
    page.keyboard.press("n")
    page.wait_for_url(f"**{url('case', cases[1])}")
    context.close()
