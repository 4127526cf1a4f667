"""A site to show and a browser to look at it: what every test in Chromium stands on."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

# The shell is the same browser without its windows, and needs two thirds of the time.
CHROMIUM = next(filter(os.path.exists, ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")), "")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Quiet."""


@contextmanager
def serving(around: Callable[[Any], Any] = lambda app: app) -> Iterator[str]:
    """
    The product in threads of this process; its address. `around` wraps the application.

    On "localhost", where browsers know passkeys without TLS. What a test wants seen must be committed.
    """
    server = Server(("localhost", 0), Quiet)
    server.set_app(around(StaticFilesHandler(get_wsgi_application())))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser (playwright's `Browser`), or a skip where there is none. Its event loop forbids the database here."""
    if not CHROMIUM:
        pytest.skip("no Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def watched(browser: Any, site: str, **cookies: str) -> tuple[Any, list[str]]:
    """A tab whose errors and refused loads are collected."""
    context = browser.new_context(base_url=site, locale="zh-CN")
    if cookies:
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page, wrong


def looked_at(page: Any, name: str, *, width: int) -> list[Any]:
    """What axe finds and what does not fit at this width; a picture is kept where MINGQU_SHOTS names a folder."""
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    if shots := os.environ.get("MINGQU_SHOTS"):
        page.screenshot(path=f"{shots}/{name}-{width}.png", full_page=True)
    found = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]}).response["violations"]
    faults: list[Any] = [(name, width, v["id"], [n["html"][:160] for n in v["nodes"]]) for v in found]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return faults + ([(name, width, f"{wide} px wide")] if wide > width else [])
