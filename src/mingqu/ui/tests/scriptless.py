"""
A browser without scripts over Django's test client: it follows the links that are there and sends the fields that the
page's forms have, with the button that was pressed. What only a script could do, it can't.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client

VOID = {"input", "br", "img", "hr", "meta", "link"}


@dataclass
class Field:
    name: str
    kind: str
    value: str
    on: bool = True


@dataclass
class Button:
    words: str
    name: str = ""
    value: str = ""
    action: str = ""


@dataclass
class Form:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.open: list[tuple[str, dict[str, str]]] = []
        self.words: dict[int, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.form)
        elif tag == "input" and self.form and "disabled" not in given:
            self._field(given)
        if tag not in VOID:
            self.open.append((tag, given))
            self.words[len(self.open)] = ""

    def _field(self, given: dict[str, str]) -> None:
        assert self.form is not None
        kind = given.get("type", "text")
        if kind == "submit":
            self.form.buttons.append(
                Button(given.get("value", ""), given.get("name", ""), given.get("value", ""))
            )
        elif given.get("name"):
            picked = kind not in ("checkbox", "radio") or "checked" in given
            value = given.get("value", "on" if kind == "checkbox" else "")
            self.form.fields.append(Field(given["name"], kind, value, picked))

    def handle_data(self, data: str) -> None:
        for depth in self.words:
            self.words[depth] += data

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            name, given = self.open[-1]
            words = " ".join(self.words.pop(len(self.open)).split())
            self.open.pop()
            self._closed(name, given, words)
            if name == tag:
                break

    def _closed(self, name: str, given: dict[str, str], words: str) -> None:
        if name == "a" and "href" in given:
            self.links.append((words, given["href"]))
        elif name == "form":
            self.form = None
        elif self.form is None:
            return
        elif name == "button" and given.get("type", "submit") == "submit" and "hidden" not in given:
            self.form.buttons.append(
                Button(words, given.get("name", ""), given.get("value", ""), given.get("formaction", ""))
            )
        elif name == "textarea" and given.get("name"):
            self.form.fields.append(Field(given["name"], "textarea", words))
        elif name == "option" and "selected" in given:
            select = next(one for tag, one in reversed(self.open) if tag == "select")
            self.form.fields.append(Field(select["name"], "select", given.get("value", words)))


class Scriptless:
    """Someone whose browser runs no scripts."""

    def __init__(self, client: Client) -> None:
        self.client, self.url, self.body, self.status = client, "/", "", 0

    def go(self, url: str) -> None:
        self._take(self.client.get(url, follow=True), url)

    def _take(self, answer, url: str) -> None:
        chain = getattr(answer, "redirect_chain", [])
        self.url = urljoin(url, chain[-1][0]) if chain else url
        self.status, self.body = answer.status_code, answer.content.decode()
        parsed = _Page()
        parsed.feed(self.body)
        self.links, self.forms = parsed.links, parsed.forms

    def follow(self, words: str) -> None:
        found = next((href for text, href in self.links if words in text), None)
        assert found, f"no link “{words}” on {self.url}: {[text for text, _ in self.links]}"
        self.go(urljoin(self.url, found))

    def follow_to(self, end: str) -> None:
        """The link whose address ends like this."""
        found = next((href for _, href in self.links if href.endswith(end)), None)
        assert found, f"no link to “{end}” on {self.url}"
        self.go(urljoin(self.url, found))

    def press(self, words: str, **typed: object) -> None:
        """Send the form with this button: what it holds, with what was typed or chosen; `files` by field name too."""
        form, button = self._find(words)
        data: dict[str, object] = {}
        for one in form.fields:
            if one.on and one.kind != "file" and one.name not in typed:
                data.setdefault(one.name, []).append(one.value)
        known = {one.name for one in form.fields} | set(data)
        for name, value in typed.items():
            assert name in known or self._has(name), f"no field {name} on {self.url}"
            data[name] = value
        if button.name:
            data[button.name] = button.value
        url = urljoin(self.url, button.action or form.action or self.url)
        if form.method == "post":
            self._take(self.client.post(url, data, follow=True), url)
        else:
            self._take(self.client.get(urlsplit(url).path, data, follow=True), url)

    def _has(self, name: str) -> bool:
        return re.search(rf'<select[^>]* name="{re.escape(name)}"', self.body) is not None

    def _find(self, words: str) -> tuple[Form, Button]:
        for form in self.forms:
            for button in form.buttons:
                if words in button.words:
                    return form, button
        raise AssertionError(
            f"no button “{words}” on {self.url}: {[b.words for f in self.forms for b in f.buttons]}"
        )

    def names(self, kind: str) -> list[str]:
        """Fields of this kind on the page."""
        return [one.name for form in self.forms for one in form.fields if one.kind == kind]

    def sees(self, *words: str) -> None:
        text = re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", self.body))
        for one in words:
            assert re.sub(r"\s+", "", one) in text, f"“{one}” is not on {self.url}"
