"""A window with its devices in Chromium: the page speaks with the program on this computer, or with nobody."""

import os
import threading

import pytest
from django.utils import timezone

from mingqu.hall.bridge.double import CARD, Double, serve
from mingqu.hall.tests import factories as halls
from mingqu.identity.models import User
from mingqu.workbench.tests.test_pages_in_a_browser import (  # noqa: F401  fixtures
    beside_playwright,
    browser,
    session_of,
    site,
)

pytestmark = [pytest.mark.browser, pytest.mark.long]


def shot(page, name):
    if folder := os.environ.get("MINGQU_SHOTS"):
        page.screenshot(path=f"{folder}/devices-{name}.png", full_page=True)


def test_a_card_is_read_into_the_page_and_typed_where_the_reader_fails(site, browser):  # noqa: F811  fixtures
    now = timezone.now()
    made = halls.hall_from_tomorrow()
    double = Double("", site, (), lambda answer: None)
    server = serve(double, 0)  # a port of its own
    paired = halls.devices(made, at=now, port=server.server_address[1])
    double.secret, double.devices = paired.secret, paired.devices
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    session = session_of(User.objects.get(pk=made.clerk.user_id))
    context.add_cookies([{"name": "mingqu_session", "value": session, "url": site}])
    page = context.new_page()
    wrong = []
    page.on("pageerror", lambda failed: wrong.append(str(failed)))
    try:
        page.goto(f"{site}/desk/window/queue/")
        page.get_by_role("button", name="1号窗口").click()
        page.goto(f"{site}/desk/window/")
        page.get_by_text("身份证阅读器 在线").wait_for()
        double.faults["id_reader"] = "no_card"
        page.get_by_role("button", name="读身份证").click()
        page.get_by_text("没有放证件").wait_for()
        shot(page, "no-card-1280")
        double.faults.clear()
        page.get_by_role("button", name="读身份证").click()
        page.get_by_text("已读出").wait_for()
        assert page.get_by_label("证件号码").input_value() == CARD["number"]
        shot(page, "read-1280")
        page.keyboard.press("Space")
        page.get_by_role("button", name="下一步").click()
        page.get_by_role("heading", name="登记申请人").wait_for()
        assert page.get_by_label("证件上的姓名").input_value() == CARD["name"]
        server.shutdown()
        server.server_close()
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(f"{site}/desk/window/")
        page.get_by_text("身份证阅读器 离线").wait_for()
        assert page.get_by_role("button", name="读身份证").is_hidden()
        shot(page, "offline-390")
    finally:
        context.close()
    assert wrong == []
