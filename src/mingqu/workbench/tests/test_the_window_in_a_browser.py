"""The window in Chromium: from the document to the slip by keyboard alone."""

import pytest

from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.workbench.tests.pages import url
from mingqu.workbench.tests.test_pages_in_a_browser import (  # noqa: F401  fixtures
    beside_playwright,
    browser,
    session_of,
    site,
)

pytestmark = pytest.mark.browser
KEYS_IN_THREE_MINUTES = 360  # two a second, slow for who types all day


class Keyboard:
    """Presses keys and counts them."""

    def __init__(self, page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def send(self) -> None:
        with self.page.expect_navigation(wait_until="networkidle"):
            self.press("Enter")

    def arrived(self, name: str, path: str) -> None:
        assert path in self.page.url, (name, self.page.url, self.page.inner_text("main")[:600])


def test_from_the_document_to_the_slip_by_keyboard_alone(site, browser):  # noqa: F811  fixtures
    w = f.world()
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    session = session_of(User.objects.get(pk=w.clerk.user_id))
    context.add_cookies([{"name": "mingqu_session", "value": session, "url": site}])
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site}/desk/window/", wait_until="networkidle")
    hand = Keyboard(page)

    hand.arrived("window-find", "/desk/window/")
    hand.type(people.citizen_number())
    hand.press("Tab", "Tab", "Space")
    hand.send()
    hand.arrived("window-register", "/desk/window/")
    hand.type("禾小满")
    hand.press("Tab", "Tab", "Tab", "Space")  # past telephone and document to her consent
    hand.send()
    hand.arrived("window-person", "/desk/window/person/")
    hand.type("spjyxk")
    hand.send()
    hand.arrived("window-items", "/desk/window/person/?item=")
    hand.send()  # the first that was found has the focus
    hand.arrived("window-start", "/desk/window/start/QH-SPJYXK/")
    hand.press("1", "2", "2", "1")
    hand.send()
    hand.arrived("window-page", "/page/1/")
    for text in ("清禾小馆", "", "青澜街道示例路1号", "60", "20"):
        hand.type(text)
        hand.press("Tab")
    hand.send()
    hand.arrived("window-page-2", "/page/2/")
    hand.type("禾小满")
    hand.press("Tab")
    hand.type("19900001234")
    hand.send()
    hand.arrived("window-materials", "/materials/")
    hand.press("1", "2", "+", "+", "-", "1")  # of the second, three copies on the table, then one taken back
    hand.send()
    hand.arrived("window-check", "/check/")
    hand.press("y", "Space")
    hand.send()
    hand.arrived("window-filed", "/desk/window/filed/")
    hand.press("a")
    hand.send()

    case = Case.objects.get()
    assert page.url == f"{site}{url('accept', case)}"
    assert (case.channel, case.status) == ("window", "received")
    assert [*case.materials.order_by("position").values_list("how", "copies")] == [
        ("paper", 1),
        ("copy", 2),
        ("paper", 1),
    ]
    assert hand.pressed < KEYS_IN_THREE_MINUTES
    assert errors == []
    context.close()
