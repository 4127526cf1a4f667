"""PRT-10: front page, search, guide and progress on a television: read from afar, walked with the four arrows."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from mingqu.cases.tests import factories as f
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from tests.test_pages import beside_playwright, browser, site

__all__ = ["beside_playwright", "browser", "site"]  # fixtures

TELEVISION = {"width": 1920, "height": 1080}
READ_FROM_AFAR = 24  # CSS pixels of ordinary text
ARROWS = ("ArrowDown", "ArrowRight", "ArrowLeft", "ArrowUp")
# Every place the arrows lead to from the first one, tried key by key; then what of the page's own was not met.
PLACES = """() => {
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
  return all.map((e, i) => (e.dataset.place = i, {
    place: i,
    main: !!e.closest("main"),
    shown: e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 2,
  }));
}"""
HERE = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return {
    place: Number(e.dataset.place ?? -1),
    seen: box.top >= 0 && box.bottom <= innerHeight + 1 || box.height > innerHeight,
    marked: style.outlineStyle !== "none" || style.boxShadow !== "none",
  };
}"""


def prepared() -> dict[str, str]:
    """A service, and somebody's case: address by page, and her cookies."""
    try:
        w = f.world()
        case = f.accepted_case(w)
        client = people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        return {"progress": f"/cases/{case.number}/progress/", **cookies}
    finally:
        connections.close_all()


def walked(tab) -> tuple[set[int], list[str]]:
    """Places reached by the arrows alone, and what was wrong on the way."""
    places = {one["place"]: one for one in tab.evaluate(PLACES)}
    tab.keyboard.press("ArrowDown")
    here = tab.evaluate(HERE)
    reached, waiting, wrong = {here["place"]}, [here["place"]], []
    while waiting:
        place = waiting.pop()
        for arrow in ARROWS:
            tab.evaluate(f"document.querySelector('[data-place=\"{place}\"]').focus()")
            tab.keyboard.press(arrow)
            here = tab.evaluate(HERE)
            if not (here["seen"] and here["marked"]):
                wrong.append(f"{here['place']} is not seen after {arrow} from {place}")
            if here["place"] not in reached:
                reached.add(here["place"])
                waiting.append(here["place"])
    missed = {number for number, one in places.items() if one["main"] and one["shown"]} - reached
    return missed, wrong


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.timeout(600)
def test_what_one_looks_up_is_read_from_afar_and_walked_with_four_arrows(site, browser):
    with ThreadPoolExecutor(1) as another:  # Playwright's event loop runs in this thread
        made = another.submit(prepared).result()
    context = browser.new_context(locale="zh-CN", viewport=TELEVISION, has_touch=True, is_mobile=True)
    context.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in made.items() if name != "progress"]
    )
    tab, wrong = context.new_page(), {}
    pages = {
        "front": "/",
        "search": "/search/?q=食品经营",
        "guide": "/services/QH-SPJYXK/",
        "progress": made["progress"],
    }
    for name, address in pages.items():
        tab.unroute_all()
        tab.goto(site + address, wait_until="networkidle")
        tab.route("**/*", lambda route: route.abort())  # what a page fetches anew would move the places
        size = tab.evaluate(
            "parseFloat(getComputedStyle(document.querySelector('main p, main li')).fontSize)"
        )
        wide = tab.evaluate("document.documentElement.scrollWidth")
        if shots := os.environ.get("MINGQU_SHOTS"):
            tab.screenshot(path=f"{shots}/television-{name}.png")
        missed, said = walked(tab)
        wrong[name] = (size < READ_FROM_AFAR, wide > TELEVISION["width"], sorted(missed), said)
    context.close()

    assert {name: found for name, found in wrong.items() if any(found)} == {}
