"""
People at their browsers while parts are killed: an officer who accepts cases, a citizen who reads messages.

Plain HTTP, as a browser without scripts would: cookies, the form's fields, the answer's status. A broken answer
is asked for again, with the key that stands in the form.
"""

import http.client
import http.cookiejar
import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 120.0
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


class Broken(Exception):
    """No answer, or one that says the server is not well: to be asked again."""


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Browser:
    def __init__(self, base: str) -> None:
        self.base = base
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), _Stay())

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, text, where to. Raises Broken."""
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        request = urllib.request.Request(self.base + path, data, {"Referer": self.base + path})
        try:
            with self.opener.open(request, timeout=20) as answer:
                return answer.status, answer.read().decode(), ""
        except urllib.error.HTTPError as error:
            with error:
                if error.code >= 500:
                    raise Broken(f"{path}: {error.code}") from error
                return error.code, error.read().decode(), error.headers.get("Location", "")
        except (OSError, http.client.HTTPException) as error:
            raise Broken(f"{path}: {error}") from error

    def insist(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Ask until there is an answer."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.ask(path, fields)
            except Broken:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of the page's forms, the CSRF token among them."""
        status, text, where = self.insist(path)
        assert status == 200, f"{path} answers {status} {where}"
        found = {}
        for tag in HIDDEN.findall(text):
            pair = dict(ATTRIBUTE.findall(tag))
            if "name" in pair:
                found[pair["name"]] = pair.get("value", "")
        return found

    def sign_in_staff(self, username: str, password: str, code: Callable[[], str]) -> None:
        self.insist(
            "/staff/sign-in/", {**self.form("/staff/sign-in/"), "username": username, "password": password}
        )
        status, _, _ = self.insist(
            "/staff/second-factor/", {**self.form("/staff/second-factor/"), "code": code()}
        )
        assert status == 302, "the officer is in"

    def sign_in_citizen(self, phone: str) -> None:
        """With the code that was sent, read from the double where the demo shows it."""
        self.insist("/sign-in/", {**self.form("/sign-in/"), "phone": phone})
        _, text, _ = self.insist("/double/sms/")
        code = re.findall(r"(?<!\d)\d{6}(?!\d)", text.partition(phone[-4:])[2])[0]
        status, _, _ = self.insist("/sign-in/code/", {**self.form("/sign-in/code/"), "code": code})
        assert status == 302, "the citizen is in"


class Desk(threading.Thread):
    """Accepts what clients filed for the desk, one after the other; notes each answer as a client does."""

    def __init__(self, browser: Browser, journals: list[Path], own: Path) -> None:
        super().__init__(name="desk")
        self.browser, self.journals, self.own = browser, journals, own
        self.stopping = threading.Event()
        self.seen: set[str] = set()
        self.failed: BaseException | None = None

    def run(self) -> None:
        try:
            with self.own.open("a", encoding="utf-8") as journal:
                while not self.stopping.is_set():
                    for root, number in self.waiting():
                        self.accept(root, number, journal)
                    self.browser.insist("/desk/")
                    self.stopping.wait(0.2)
        except BaseException as error:
            self.failed = error
            raise

    def waiting(self) -> list[tuple[str, str]]:
        found = []
        for path in self.journals:
            for text in path.read_text("utf-8").splitlines(keepends=True):
                line = json.loads(text) if text.endswith("\n") else {}
                if line.get("way") == "desk" and line["root"] not in self.seen:
                    self.seen.add(line["root"])
                    found.append((line["root"], line["number"]))
        return found

    def accept(self, root: str, number: str, journal: Any) -> None:
        path = f"/desk/cases/{number}/acceptance/"
        fields = self.browser.form(path)
        status, text, _ = self.browser.insist(path, {**fields, "stage": "do"})
        assert status == 302, f"accepting {number}: {status} {text[:2000]}"
        said = {"what": "done", "name": "case.accept", "root": root, "key": fields["key"], "result": None}
        journal.write(json.dumps(said) + "\n")
        journal.flush()

    def stop(self) -> None:
        self.stopping.set()
        self.join(PATIENCE + 30)
        assert not self.is_alive(), "the desk waits for ever"
        assert self.failed is None, f"the desk: {self.failed!r}"
