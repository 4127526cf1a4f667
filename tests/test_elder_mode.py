"""
长者版 of every public page on a phone, measured: 22 px, targets of 60 px, one column, nothing wider than the screen
(look/README: elder mode). Poorer in nothing: it is the same page.
"""

import pytest

from mingqu.identity.web import rule_of
from mingqu.ui.context import ELDER_COOKIE
from tests.architecture.test_routes import routes
from tests.pages import PAGES, Page, State
from tests.stage import Stage
from tests.test_pages import (  # noqa: F401 - fixtures
    SEND,
    WIDEST,
    beside_playwright,
    browser,
    full_site,
    looks,
    visitor,
)

PHONE = {"width": 390, "height": 844}
# What is pressed, and what stands beside what. A link inside a sentence is text; what is only for the keyboard is not
# pressed with a finger.
MEASURE = """() => {
  const seen = e => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(e).visibility !== "hidden" && e.checkVisibility();
  };
  const told = e => e.outerHTML.replace(/\\s+/g, " ").slice(0, 120);
  const height = e => {
    const label = e.matches("input[type=radio], input[type=checkbox]") && e.closest("div, label, li");
    return (label || e).getBoundingClientRect().height;
  };
  const pressed = ["button:not(.mq-linkbtn)", ".mq-btn", "select", "summary", ".mq-tabbar a",
    "input:not([type=hidden]):not([type=file])", "textarea"].join(", ");
  const found = [...document.querySelectorAll(pressed)].filter(seen);
  const small = found.filter(e => height(e) < 59.5).map(e => `${Math.round(height(e))} px high: ${told(e)}`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const tiny = new Set();
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    // Four words of the bar at the foot stand in a row on the narrowest phone (base.css).
    const drawn = e.closest("svg, script, style, .mq-vh, .govuk-visually-hidden, .mq-water, .mq-tabbar");
    if (!walker.currentNode.data.trim() || drawn || !seen(e)) continue;
    const size = parseFloat(getComputedStyle(e).fontSize);
    if (size < 21.5) tiny.add(`${size} px of text: ${told(e)}`);
  }
  const beside = [];
  for (const e of document.querySelectorAll("main .mq-panel, main section, main aside")) {
    const next = e.nextElementSibling;
    if (!next || !seen(e) || !seen(next) || !next.matches(".mq-panel, section, aside")) continue;
    const [a, b] = [e.getBoundingClientRect(), next.getBoundingClientRect()];
    if (b.top < a.bottom - 2 && b.left > a.left + 2) beside.push(`beside another: ${told(next)}`);
  }
  return [...small, ...tiny, ...beside];
}"""


def public_looks() -> list[tuple[Page, State]]:
    """The first state of every page that is not for staff."""
    kinds = {name: rule_of(route.callback).kind for name, route in routes().items()}
    first, _ = looks("full")
    return [(page, state) for page, state in first if kinds[page.url_name] != "staff"]


def test_there_are_public_pages_to_look_at():
    assert len(public_looks()) > len(PAGES) / 6


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.timeout(600)
def test_every_public_page_is_large_and_in_one_column_in_elder_mode(full_site, browser):  # noqa: F811
    context = browser.new_context(locale="zh-CN", viewport=PHONE)
    found = {}
    for page, state in public_looks():
        if wrong := measured(context, *full_site, page, state):
            found[f"{page.url_name} {state.name}"] = wrong
    context.close()

    assert found == {}


def measured(context, site, stage: Stage, page: Page, state: State) -> list[str]:
    client = visitor(stage, state)
    client.cookies[ELDER_COOKIE] = "on"
    to = state.way(client, stage) if state.way else None
    client.cookies[ELDER_COOKIE] = "on"  # who becomes somebody else on the way has another browser
    context.clear_cookies()
    context.add_cookies(
        [{"name": name, "value": one.value, "url": site} for name, one in client.cookies.items()]
    )
    tab = context.new_page()
    tab.goto(site + (to or page.address(stage, state)), wait_until="load")
    if state.fields is not None and tab.locator("main form[method=post]").count():
        with tab.expect_navigation():
            tab.evaluate(SEND, [dict(state.fields)])
    if tab.locator("body.mq-staff").count():  # of everybody who signs in: seen here by a member of staff
        tab.close()
        return []
    wrong = [] if tab.locator("html.elder").count() else ["is not in elder mode"]
    if (wide := tab.evaluate("document.documentElement.scrollWidth")) > PHONE["width"]:
        wrong.append(f"{wide} px wide: {tab.evaluate(WIDEST, PHONE['width'])}")
    wrong += tab.evaluate(MEASURE)
    tab.close()
    return wrong
