"""What a reader of English pages must not meet: Chinese that is not marked as Chinese, or English that is."""

import re
from functools import cache
from html.parser import HTMLParser
from typing import NamedTuple

from tools import messages

from mingqu.ui.language import has_chinese

# Marks as wide as a Chinese character: 、。，：；？！（）. English has its own.
WIDE = re.compile("[\u3001\u3002\uff01-\uff5e]")
WORD = re.compile("[a-z]{3,}")
SPOKEN = ("aria-label", "alt", "placeholder", "title")  # attributes a screen reader says
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# A title can hold no mark: the name of a service stands in it as it is. What somebody typed is theirs, in any language.
DRAWN = {"text", "title"}  # of a flowchart: names of steps
SILENT = {"script", "style", "title", "textarea"}


def only_chinese(words: str) -> bool:
    """An attribute can hold no mark: a Chinese name in an English sentence stays as it is."""
    return has_chinese(words) and not re.search("[A-Za-z]", words)


class _Open(NamedTuple):
    """An element at hand: whether English is due in it, or Chinese, and how many pieces of text it holds itself."""

    tag: str
    english: bool
    chinese: bool
    pieces: list[str]


class _Reader(HTMLParser):
    """Follows the language of the element at hand."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [_Open("", True, False, [])]
        self.found: list[str] = []
        self.wide: list[str] = []
        self.marked: list[
            tuple[str, list[str]]
        ] = []  # what is marked as Chinese, and all that stands beside it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given, above = dict(attrs), self.open[-1]
        language = given.get("lang")
        english, chinese = above.english, above.chinese
        if language is not None:
            english, chinese = not language.startswith("zh"), language.startswith("zh")
        english, chinese = english and tag not in SILENT, chinese and tag not in SILENT
        if english:
            said = {name: given.get(name) or "" for name in SPOKEN}
            self.found += [f"{name}={words}" for name, words in said.items() if only_chinese(words)]
        if tag not in VOID:
            self.open.append(_Open(tag, english, chinese, above.pieces if tag == "span" else []))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop().tag != tag:
            pass  # an element whose end may be left out (li, p)

    def handle_data(self, data: str) -> None:
        here, words = self.open[-1], " ".join(data.split())
        if here.english and has_chinese(data):
            self.found.append(words)
        elif here.english and WIDE.search(data):
            self.wide.append(words)
        if words:
            here.pieces.append(words)
        if here.chinese and words and here.tag not in DRAWN:
            self.marked.append((words, here.pieces))


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


def unmarked_chinese(page: str) -> list[str]:
    """Every piece of Chinese, text or spoken attribute, outside elements marked lang="zh…"."""
    return read(page).found


def wide_marks(page: str) -> list[str]:
    """Text in English with a mark as wide as a Chinese character."""
    return read(page).wide


def wrongly_marked(page: str) -> list[str]:
    """What is marked as Chinese and is English; what stands alone and has its English in a catalogue."""
    return [
        words
        for words, beside in read(page).marked
        if (len(beside) == 1 and words in translated()) or (WORD.search(words) and not has_chinese(words))
    ]


@cache
def translated() -> frozenset[str]:
    """Every sentence that comes in English."""
    return frozenset(words for _context, words in messages.translated() if has_chinese(words))
