"""Every page in every state it can be in: the list is complete, and each is readable by everyone and light."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client

from mingqu.identity.web import rule_of
from mingqu.ui.language import ENGLISH, LANGUAGE_COOKIE, is_only_chinese
from mingqu.ui.menu import Navigation
from mingqu.ui.tests.browsing import chromium, serving
from tests import stage as stages
from tests.architecture.test_routes import routes
from tests.axe import axe_file, by_axe
from tests.english import unmarked_chinese, wide_marks, wrongly_marked
from tests.pages import PAGES, Page, State
from tests.pages.sending import sent
from tests.scales import HEAVIEST, Scales
from tests.stage import Stage

WIDTHS = (320, 1280)
MORE_WIDTHS = (768, 1920)  # a tablet, a wall or a television: in the long run
DESK_LINK = re.compile(r'<a [^>]*?href="(/(?:desk|staff)/[^"?#]*)')
AXE = "/axe.min.js"
SEND = """([fields]) => {
  const names = Object.keys(fields);
  const forms = [...document.querySelectorAll("main form[method=post]")];
  const form = forms.find(f => names.some(n => f.elements[n])) || forms[0];
  for (const [name, value] of Object.entries(fields)) {
    const input = form.elements[name] || form.appendChild(Object.assign(document.createElement("input"), {name}));
    input.value = value;
  }
  form.noValidate = true;
  HTMLFormElement.prototype.submit.call(form);
}"""


def size(width: int) -> dict[str, int]:
    return {"width": width, "height": 900}


WIDEST = """width => [...document.querySelectorAll("main :not(thead, thead *)")]
  .filter(e => e.getBoundingClientRect().right > width).slice(0, 2).map(e => e.outerHTML.slice(0, 120))"""
# Taken home or laid into a file: looked at as paper too, as wide as what is printed of an A4 sheet.
PRINTED = {
    "portal:guide",
    "cases:paper_form",
    "law:law",
    "workbench:window_filed",
    "workbench:across_one",
    "workbench:archive_list",
    "workbench:dossier",
    "workbench:chain",
    "workbench:paper_case",
    "workbench:paper_slip",
    "certificates:show",
}
PAPER = {"width": 627, "height": 971}  # CSS pixels: 210 and 297 mm less the margins of print.css
ON_PAPER = """() => [
  ...[...document.querySelectorAll("header, footer, nav, button, .mq-btn, .mq-noprint, .mq-rail, .mq-tabbar")]
    .filter(e => e.checkVisibility() && e.innerText.trim()).map(e => `on paper: ${e.outerHTML.slice(0, 120)}`),
  ...[...document.querySelectorAll("main table tr")]
    .filter(e => e.checkVisibility() && getComputedStyle(e).display !== "table-row")
    .slice(0, 1).map(e => `no table on paper: ${e.innerText.slice(0, 80)}`),
  ...[...document.querySelectorAll("main h1")].some(e => e.checkVisibility()) ? [] : ["no heading on paper"],
  ...document.documentElement.scrollWidth > innerWidth ? [`${document.documentElement.scrollWidth} px on paper`] : [],
]"""


def test_the_list_has_every_address_once_and_no_other():
    listed = [page.url_name for page in PAGES]

    assert sorted(listed) == sorted(routes())


def test_every_page_is_listed_with_its_states():
    assert [page.url_name for page in PAGES if (page.kind == "page") != bool(page.states)] == []
    assert {page.url_name for page in PAGES if page.url_name in PRINTED} == PRINTED


@pytest.mark.timeout(600)
def test_every_other_state_of_a_full_house_answers_as_the_list_says(full_stage):
    """Without a browser; the first state of each page is looked at by one in the same run, and its answer with it."""
    _, others = looks("full")
    assert wrong_answers(full_stage, [*others, *also_in_english("full")]) == []


def wrong_answers(stage: Stage, states: list[tuple[Page, State]]) -> list[str]:
    wrong, known = [], dict[str, SimpleCookie]()
    for page, state in states:
        client = visitor(stage, state, known)  # before what is taken back: it signs in for all states
        with taken_back():
            answer = answer_of(client, stage, page, state)
        name = f"{page.url_name} {state.name} as {state.who or 'nobody'} {state.fields or ''}"
        if answer.status_code != state.status:
            wrong.append(f"{name}: {answer.status_code}, not {state.status}")
        if state.name == "English" and answer["Content-Language"] == ENGLISH:  # staff pages stay Chinese
            shown = answer.content.decode()
            if left := unmarked_chinese(shown) + wide_marks(shown):
                wrong.append(f"{name} ?{state.query}: in Chinese, and not marked as such: {left}")
            if left := wrongly_marked(shown):
                wrong.append(f"{name} ?{state.query}: marked as Chinese, and there is English of it: {left}")
    return wrong


@pytest.mark.timeout(600)
def test_no_page_of_the_desk_leads_where_its_reader_may_not_go(full_stage):
    """A link that answers 403 is a dead end: it is not shown, or the page it leads to is for this reader too."""
    shut, known = set[str](), dict[str, SimpleCookie]()
    for page, state in all_states("full"):
        if state.fields is not None or state.status != 200 or state.way:
            continue
        answer = visitor(full_stage, state, known).get(page.address(full_stage, state))
        actor = getattr(answer.wsgi_request, "actor", None)
        if actor is None or actor.kind != "staff" or "text/html" not in answer["Content-Type"]:
            continue
        for address in set(DESK_LINK.findall(answer.content.decode())):
            if not Navigation(answer.wsgi_request).opens(address):
                shut.add(f"{page.url_name} as {state.who} leads to {address}")
    assert sorted(shut) == []


def also_in_english(house: str) -> list[tuple[Page, State]]:
    """What somebody who reads English meets after a mistake, and on a page whose states name no English look."""
    read = [
        (page, state)
        for page, state in all_states(house)
        if not is_only_chinese(routes()[page.url_name].callback)
    ]
    seen = {page.url_name for page, state in read if state.name == "English"}
    found = []
    for page, state in read:
        if (state.fields is not None and state.name == "error") or page.url_name not in seen:
            found.append((page, replace(state, name="English")))
            seen.add(page.url_name)
    return found


@contextmanager
def taken_back() -> Iterator[None]:
    """What was sent leaves nothing to the next state."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answer_of(client: Client, stage: Stage, page: Page, state: State) -> HttpResponse:
    to = (state.way(client, stage) if state.way else None) or page.address(stage, state)
    if state.name == "English":
        client.cookies[LANGUAGE_COOKIE] = ENGLISH  # who becomes somebody else on the way has another browser
    return client.get(to) if state.fields is None else sent(client, to, state.fields)


def visitor(stage: Stage, state: State, known: dict[str, SimpleCookie] | None = None) -> Client:
    """A browser of whoever looks. Signing in costs as much as a page: who is in `known` has, and then everybody is."""
    known = {} if known is None else known
    if state.who not in known:
        known[state.who] = stage.client(state.who).cookies
    client = Client()
    client.cookies = deepcopy(known[state.who])
    if state.name == "English":
        client.cookies[LANGUAGE_COOKIE] = ENGLISH
    return client


def all_states(house: str) -> list[tuple[Page, State]]:
    return [(page, state) for page in PAGES for state in page.states if state.house == house]


def looks(house: str) -> tuple[list[tuple[Page, State]], list[tuple[Page, State]]]:
    """The first state of every page in Chinese, where its list begins with another; and all the others."""
    shown: dict[str, tuple[Page, State]] = {}
    for page, state in sorted(all_states(house), key=lambda one: one[1].name == "English"):
        shown.setdefault(page.url_name, (page, state))
    first = list(shown.values())
    return first, [one for one in all_states(house) if one not in first]


# In the browser -----------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def beside_playwright(monkeypatch):
    """Playwright keeps an event loop in this thread, which Django takes for a call from asynchronous code."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def site(committed_db, settings) -> Iterator[str]:
    """The product on a database of its own."""
    with served(settings) as address:
        yield address


@pytest.fixture
def full_site(committed_house, settings) -> Iterator[tuple[str, Stage]]:
    """The product on a full house of its own, and who and what is in that."""
    with served(settings) as address:
        yield address, committed_house


@contextmanager
def served(settings) -> Iterator[str]:
    """Under the name the test client uses too."""
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    settings.DEBUG = False
    settings.MINGQU_SITE = settings.MINGQU_SITE | {
        "name": "清禾区政务服务网", "region_name": "澜州市 清禾区", "organiser": "清禾区人民政府办公室"
    }  # fmt: skip
    with serving(with_axe) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


def empty_house() -> Stage:
    """In a thread of its own: Playwright's event loop runs in this one."""

    def build() -> Stage:
        try:
            return stages.empty_house()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as another:
        return another.submit(build).result()


def with_axe(app: Callable[..., Any]) -> Callable[..., Any]:
    """The site and, beside it, the checker: from an address the browser compiles it once, not for every page."""
    script = axe_file().read_bytes()

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if environ["PATH_INFO"] != AXE:
            return app(environ, start)
        start("200 OK", [("Content-Type", "text/javascript"), ("Cache-Control", "max-age=3600")])
        return [script]

    return answer


class Look:
    """One state in `tab`, whose context is given the cookies of whoever looks."""

    def __init__(self, tab, site: str, stage: Stage, page: Page, state: State, scales: Scales | None) -> None:
        self.tab, self.page, self.state = tab, page, state
        self.wrong: list[str] = []
        client = visitor(stage, state)
        to = state.way(client, stage) if state.way else None
        tab.context.clear_cookies()
        tab.context.add_cookies(
            [{"name": name, "value": morsel.value, "url": site} for name, morsel in client.cookies.items()]
        )
        self.tab.on("console", self._heard)
        self.tab.on("pageerror", self._failed)
        if scales:
            self.tab.on("response", scales.put)
        self.status = self.tab.goto(site + (to or page.address(stage, state)), wait_until="load").status
        if scales:  # what a form loads after it is no first visit
            self.tab.remove_listener("response", scales.put)
        if state.fields is not None:
            self._send(dict(state.fields))

    def _heard(self, said) -> None:
        self.wrong += [said.text] if said.type == "error" else []

    def _failed(self, error) -> None:
        self.wrong.append(str(error))

    def _send(self, fields: dict[str, str]) -> None:
        if not self.tab.locator("main form[method=post]").count():
            self.wrong.append(f"answers {self.status} and has no form to send")
            return
        with self.tab.expect_navigation() as answered:
            self.tab.evaluate(SEND, [fields])
        self.status = answered.value.status

    def findings(self, axe_at: int, colours: set[str]) -> list[str]:
        """
        Overflow at every width, axe at one of them: its run is what costs, and three quarters of it are contrasts.

        Those are looked for where a page has a combination of colours that is not among `colours`; then it is.
        """
        found = []
        self.tab.add_script_tag(url=AXE)
        if self.status != self.state.status:
            found.append(f"answers {self.status}, not {self.state.status}")
        widths = WIDTHS if axe_at == WIDTHS[0] else (*WIDTHS, *MORE_WIDTHS)
        here = self.tab.viewport_size["width"]
        for width in sorted(widths, key=lambda one: one != here):  # a change is waited for
            if width != here:
                self.tab.set_viewport_size(size(width))
            if (wide := self.tab.evaluate("document.documentElement.scrollWidth")) > width:
                found.append(f"{wide} px wide at {width}: {self.tab.evaluate(WIDEST, width)}")
            if width == axe_at:
                found += by_axe(self.tab, width, colours)
            if shots := os.environ.get("MINGQU_SHOTS"):
                name = f"{self.page.url_name.replace(':', '-')}-{self.state.name}-{self.state.who}-{width}"
                self.tab.screenshot(path=f"{shots}/{name}.png", full_page=True)
        if self.page.url_name in PRINTED:
            found += self.on_paper()
        # An answer 4xx is an error to Chromium; nothing else may be.
        found += [said for said in self.wrong if "status of 4" not in said]
        self.tab.remove_listener("console", self._heard)
        self.tab.remove_listener("pageerror", self._failed)
        return found

    def on_paper(self) -> list[str]:
        """Nothing of the frame, nothing to press, nothing cut off at the edge."""
        self.tab.emulate_media(media="print")
        self.tab.set_viewport_size(PAPER)
        if shots := os.environ.get("MINGQU_SHOTS"):
            name = f"{self.page.url_name.replace(':', '-')}-{self.state.name}-{self.state.who}-paper"
            self.tab.screenshot(path=f"{shots}/{name}.png", full_page=True)
        found = self.tab.evaluate(ON_PAPER)
        self.tab.emulate_media(media="screen")
        return found


def look_at_all(
    browser, site, stage: Stage, states: list[tuple[Page, State]], *, axe_at: int, contrasts: bool = True
) -> dict[str, list[str]]:
    """What is wrong by state; `contrasts`: of every state, not only of those that bring new colours."""
    wrong: dict[str, list[str]] = defaultdict(list)
    colours: set[str] = set()
    static: dict[str, int] = {}
    public = {name for name, route in routes().items() if rule_of(route.callback).kind == "public"}
    # One tab: what it has compiled it does not compile again.
    again = browser.new_page(locale="zh-CN", viewport=size(axe_at))
    for page, state in states:
        scales = Scales(static) if page.url_name in public and not state.who else None
        tab = browser.new_page(locale="zh-CN", viewport=size(axe_at)) if scales else again
        seen = Look(tab, site, stage, page, state, scales)
        name = f"{page.url_name} {state.name} as {state.who or 'nobody'}"
        wrong[name] += seen.findings(axe_at, set() if contrasts else colours)
        if scales:
            tab.close()
            if (bytes_in_all := sum(scales.bytes.values())) > HEAVIEST:
                wrong[name].append(f"{bytes_in_all} bytes at a first visit")
    again.close()
    return {name: found for name, found in wrong.items() if found}


# A state costs a second and there are hundreds: each run looks at every page once,
# the long one at every state.
@pytest.mark.browser
@pytest.mark.timeout(900)
@pytest.mark.parametrize("half", [0, 1])
def test_every_page_of_a_full_house_is_readable_by_everyone_on_a_small_screen(full_site, browser, half):
    first, _ = looks("full")
    assert look_at_all(browser, *full_site, first[half::2], axe_at=320, contrasts=False) == {}


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("half", [0, 1])
def test_every_other_state_of_a_full_house_is_readable_by_everyone_on_a_small_screen(
    full_site, browser, half
):
    _, others = looks("full")
    assert look_at_all(browser, *full_site, others[half::2], axe_at=320) == {}


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.timeout(1800)
def test_every_page_of_a_full_house_is_readable_by_everyone_on_a_wide_screen(full_site, browser):
    assert look_at_all(browser, *full_site, all_states("full"), axe_at=1280) == {}


@pytest.mark.browser
@pytest.mark.timeout(600)
def test_every_page_of_an_empty_house_is_readable_by_everyone_on_a_small_screen(site, browser):
    assert look_at_all(browser, site, empty_house(), all_states("empty"), axe_at=320, contrasts=False) == {}
