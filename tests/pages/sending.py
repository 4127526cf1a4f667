"""A page's form as a browser without scripts sends it: what stands in it, and what was typed."""

from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.http import HttpResponse
from django.test import Client

Field = tuple[str, str]


class _Forms(HTMLParser):
    """The posted forms of `main`: where each goes, its names, and the values it would send untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, set[str], list[Field]]] = []
        self._in_main = self._in_form = False
        self._select, self._text, self._chosen = "", "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._in_main = True
        elif tag == "form":
            self._in_form = self._in_main and given.get("method", "").lower() == "post"
            if self._in_form:
                self.forms.append((given.get("action", ""), set(), []))
        elif self._in_form and tag in {"input", "textarea", "select", "button"} and given.get("name"):
            self._field(tag, given)
        elif tag == "option" and self._select and ("selected" in given or not self._chosen):
            self._chosen = given.get("value", "") or self._chosen

    def _field(self, tag: str, given: dict[str, str]) -> None:
        _action, names, values = self.forms[-1]
        names.add(given["name"])
        kind = given.get("type", "text")
        if tag == "select":
            self._select, self._chosen = given["name"], ""
        elif tag == "textarea":
            self._text = given["name"]
            values.append((self._text, ""))
        elif tag == "input" and (kind not in {"radio", "checkbox", "submit", "file"} or "checked" in given):
            values.append((given["name"], given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._text:
            self.forms[-1][2][-1] = (self._text, data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._in_main = False
        elif tag == "form":
            self._in_form = False
        elif tag == "textarea":
            self._text = ""
        elif tag == "select" and self._select:
            self.forms[-1][2].append((self._select, self._chosen))
            self._select = ""


def sent(client: Client, address: str, typed: Mapping[str, str]) -> HttpResponse:
    """The answer to the first form that has one of the fields typed, or to the first one."""
    page = client.get(address)
    reader = _Forms()
    reader.feed(page.content.decode())
    action, _names, values = next((one for one in reader.forms if one[1] & set(typed)), reader.forms[0])
    data: dict[str, list[str]] = {}
    for name, value in values:
        data.setdefault(name, []).append(value)
    return client.post(urljoin(address, action), data | {name: [value] for name, value in typed.items()})
