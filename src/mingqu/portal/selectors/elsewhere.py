"""
What a search finds besides services: laws, articles in force, entries of the lists, decisions that are open, figures.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.directory import selectors as lists
from mingqu.law import selectors as law
from mingqu.portal.selectors import results
from mingqu.portal.selectors.lists import kind_name, region_name
from mingqu.portal.types import Elsewhere, EntryLine, SearchPage

SHOWN = 3  # decisions


@dataclass(frozen=True)
class Opened:
    """Decisions to whom, or with the 文号, the words name; else those of the item, whose figures are open too."""

    lines: tuple[results.ResultLine, ...]
    query: str  # of the page with all of them
    item: str
    item_name: str


def words_for(page: SearchPage, words: str) -> str:
    """Laws and lists are written in official words: the first that everyday ones were read as, else what was asked."""
    return page.said[0][1].split(" / ")[0] if page.said else words


def address(page: SearchPage, words: str) -> str:
    """The query that goes on from a page of results: official words, and the first service that was found."""
    items = (
        one.code for one in page.services if reverse("portal:opened", args=["item", one.code]) in one.url
    )
    item = next(items, "")
    return urlencode({"q": words_for(page, words), **({"item": item} if item else {})})


def opened(words: str, item: str) -> Opened:
    """A firm or a 文号 first, then the item; eight statements at most."""
    name = results.item_name(item) if catalogue.listed_codes([item]) else ""
    asked = results.Asked(words=words)
    lines = results.page(asked, "").lines
    if not lines and name:
        asked = results.Asked(item=item)
        lines = results.page(asked, "").lines
    query = urlencode({"item": asked.item} if asked.item else {"q": words})
    return Opened(lines[:SHOWN], query, item if name else "", name)


def found(words: str, on: date) -> Elsewhere:
    """The first few of each kind; six statements at most, and one for each region whose lists are shown."""
    called, articles = law.mentions(words, on=on)
    rows = lists.found(words, on=on)
    regions = {row.edition.region_code: "" for row in rows}
    regions = {code: region_name(code) for code in regions}
    entries = [_entry(row, regions[row.edition.region_code]) for row in rows]
    return Elsewhere(tuple(called), tuple(articles), tuple(entries))


def _entry(row: Any, region: str) -> EntryLine:
    of = row.edition
    place = reverse("portal:list_entry", args=[of.kind, of.region_code, of.number])
    return EntryLine(
        row.name, f"{place}?{urlencode({'code': row.code})}", kind_name(of.kind), region, row.organ_name
    )
