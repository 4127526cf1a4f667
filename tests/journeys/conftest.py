"""One running installation and one browser for all journeys; staff sign in once and stay."""

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from mingqu.ui.tests.browsing import CHROMIUM, FLAGS
from tests.journeys.people import Desks, everyone
from tests.kill.installation import installation


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys first: a worker that begins them late would be the last to end."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)


@pytest.fixture(scope="package")
def site() -> Iterator[str]:
    """A demo installation with all its parts, or the one named by MINGQU_JOURNEY_URL."""
    if given := os.environ.get("MINGQU_JOURNEY_URL"):
        yield given
        return
    with installation() as made:
        yield made.url


# A browser driven from this thread leaves an event loop running in it until it ends, and Django refuses to touch a
# database under a running loop. So it ends with the last journey of its worker, before that worker takes any
# other test: a package's fixtures do not outlive its tests.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture(scope="package")
def desk(browser: Browser, site: str) -> Iterator[Desks]:
    at_work = Desks(browser, site)
    yield at_work
    at_work.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Generator[None, Any, Any]:
    """What each person saw when a journey failed."""
    report = yield
    if report.when == "call" and report.failed:
        for one in everyone:
            try:
                seen = one.page.locator("body").inner_text(timeout=5000)[:3000]
            except Error as lost:  # the page is gone, perhaps with the whole browser: that is what to say
                seen = str(lost)
            report.sections.append((one.page.url, seen))
    return report
