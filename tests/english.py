"""What a reader of English pages must not meet: Chinese that is not marked as Chinese."""

import re
from html.parser import HTMLParser

from mingqu.ui.language import has_chinese

SPOKEN = ("aria-label", "alt", "placeholder", "title")  # attributes a screen reader says
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# A title can hold no mark: the name of a service stands in it as it is. What somebody typed is theirs, in any language.
SILENT = {"script", "style", "title", "textarea"}


def only_chinese(words: str) -> bool:
    """An attribute can hold no mark: a Chinese name in an English sentence stays as it is."""
    return has_chinese(words) and not re.search("[A-Za-z]", words)


class _Reader(HTMLParser):
    """Follows the language of the element at hand."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = [("", True)]  # tag, whether its text must be English
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        language = given.get("lang")
        english = self.open[-1][1] if language is None else not language.startswith("zh")
        english = english and tag not in SILENT
        if english:
            said = {name: given.get(name) or "" for name in SPOKEN}
            self.found += [f"{name}={words}" for name, words in said.items() if only_chinese(words)]
        if tag not in VOID:
            self.open.append((tag, english))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass  # an element whose end may be left out (li, p)

    def handle_data(self, data: str) -> None:
        if self.open[-1][1] and has_chinese(data):
            self.found.append(" ".join(data.split()))


def unmarked_chinese(page: str) -> list[str]:
    """Every piece of Chinese, text or spoken attribute, outside elements marked lang="zh…"."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found
