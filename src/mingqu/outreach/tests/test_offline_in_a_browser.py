"""
A day without a line, in Chromium: the page opens again with the line cut, drafts wait on the device unreadable, and
come in once, although an answer is lost on the way.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.tests import factories as f
from mingqu.identity import selectors as identity
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.outreach.models import Errand
from mingqu.outreach.tests import factories as made
from mingqu.ui.tests.browsing import chromium, serving
from mingqu.workbench.tests.test_pages_in_a_browser import session_of

pytestmark = pytest.mark.browser
WORDS = "青澜社区2026"
LOST = 2  # the answer to this one is lost on its way


@dataclass
class Line:
    """What reaches the server; the answer to one draft is lost after it was taken in."""

    seen: list[str] = field(default_factory=list)
    synced: int = 0
    lost: int = LOST
    waits: threading.Event | None = None  # until then no answer comes

    @property
    def asked(self) -> int:
        """How often, but for the browser's own look for a newer worker, which no context holds back."""
        return sum(not path.endswith("/worker.js") for path in self.seen)

    def around(self, app: Any) -> Any:
        def between(environ: Any, start: Any) -> Any:
            path = environ["PATH_INFO"]
            self.seen.append(path)
            if not path.endswith("/sync/"):
                return app(environ, start)
            self.synced += 1
            if self.waits is not None:
                self.waits.wait(20)
            if self.synced != self.lost:
                return app(environ, start)
            list(app(environ, lambda *_given: None))
            start("502 Bad Gateway", [("Content-Type", "text/plain")])
            return [b""]

        return between


@dataclass
class Stage:
    session: str
    numbers: list[str]


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def site(committed_db, settings, line) -> Iterator[str]:
    settings.ALLOWED_HOSTS = ["localhost"]
    with serving(line.around) as address:
        settings.MINGQU_BASE_URL = address
        yield address


@pytest.fixture
def stage(site) -> Stage:
    p = made.place(f.world(), at=timezone.now())
    numbers = [people.citizen_number() for _ in range(30)]
    return Stage(session_of(User.objects.get(pk=p.agent.user_id)), numbers)


def write(page: Any, place: int, number: str) -> None:
    page.get_by_label("证件上的姓名").fill(f"田桂{'一二三四五六七八九十'[place % 10]}")
    page.get_by_label("公民身份号码").fill(number)
    page.get_by_label("要办的事").select_option(index=1)
    page.get_by_label("店名").fill(f"早点{place}")
    page.get_by_label("本人在场").check()
    page.get_by_role("button", name="保存到这台设备").click()
    page.get_by_text(f"{place + 1}份没有同步").wait_for()


def a_day(page: Any, line: Line, numbers: list[str]) -> list[str]:
    """Prepared in the morning, written without a line, sent in the evening; the numbers that came back."""
    url = reverse("outreach:offline")
    page.goto(url)
    page.locator("#offline[data-ready=yes]").wait_for()
    page.context.set_offline(True)
    before = line.asked
    page.reload()
    page.get_by_label("口令（至少").fill(WORDS)
    page.get_by_role("button", name="打开").click()
    for place, number in enumerate(numbers):
        write(page, place, number)
    stored = page.evaluate(
        """() => new Promise((done) => { const asked = indexedDB.open(document.getElementById("offline")
        .dataset.owner && "mingqu-errands-" + document.getElementById("offline").dataset.owner);
        asked.onsuccess = () => { const all = asked.result.transaction("drafts").objectStore("drafts").getAll();
        all.onsuccess = () => done(all.result.map((one) => JSON.stringify(one) +
        new TextDecoder().decode(one.data)).join()); }; })"""
    )
    assert "田桂" not in stored and numbers[0] not in stored
    page.get_by_role("button", name="同步", exact=True).click()
    page.get_by_text("现在没有网络，草稿都还在").wait_for()
    assert line.asked == before, "nothing reached the server"

    page.get_by_label("网络恢复时自动同步").uncheck()
    page.context.set_offline(False)
    for _ in range(2):
        page.get_by_role("button", name="同步", exact=True).click()
        page.locator("[data-at=sync-state]:not(:text('正在同步'))").wait_for()
        page.wait_for_function("!document.querySelector('[data-state=sending]')")
    page.get_by_text("同步完了").wait_for()
    page.get_by_text("没有要同步的").wait_for()
    return [text for text in page.locator("[data-state=taken] a").all_inner_texts() if text]


@pytest.mark.parametrize("many", [2, pytest.param(30, marks=pytest.mark.long)])
def test_drafts_of_a_day_without_a_line_come_in_once(site, stage, line, many, tmp_path):
    with chromium() as browser:
        context = browser.new_context(base_url=site, locale="zh-CN", viewport={"width": 390, "height": 844})
        context.add_cookies([{"name": "mingqu_session", "value": stage.session, "url": site}])
        numbers = a_day(context.new_page(), line, stage.numbers[:many])

    assert len(set(numbers)) == many
    assert line.synced == many + 1, "the one whose answer was lost was sent again"
    assert sorted(Errand.objects.values_list("number", flat=True)) == sorted(numbers)


@pytest.mark.long
def test_what_is_changed_while_others_are_being_sent_comes_in_as_it_stands_then(site, stage, line):
    line.waits, line.lost = threading.Event(), 0
    with chromium() as browser:
        context = browser.new_context(base_url=site, locale="zh-CN", viewport={"width": 390, "height": 844})
        context.add_cookies([{"name": "mingqu_session", "value": stage.session, "url": site}])
        page = context.new_page()
        page.goto(reverse("outreach:offline"))
        page.get_by_label("口令（至少").fill(WORDS)
        page.get_by_role("button", name="打开").click()
        for place, number in enumerate(stage.numbers[:2]):
            write(page, place, number)
        with page.expect_request("**/sync/") as sent:
            page.get_by_role("button", name="同步", exact=True).click()
        first = sent.value.post_data_json["id"]
        other = page.locator(f"[data-draft]:not([data-draft='{first}'])")
        other.get_by_role("button", name="改").click()
        page.get_by_label("证件上的姓名").fill("石大海")
        page.get_by_role("button", name="保存到这台设备").click()
        page.wait_for_function("!document.getElementById('o-name').value")
        line.waits.set()
        page.get_by_text("同步完了").wait_for()
        page.get_by_text("没有要同步的").wait_for()

    names = set(identity.names_of(Errand.objects.values_list("person_id", flat=True)).values())
    assert len(names) == 2 and "石大海" in names
