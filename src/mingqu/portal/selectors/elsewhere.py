"""What a search finds besides services: laws, articles in force, entries of the lists."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from mingqu.catalogue.directory import selectors as lists
from mingqu.law import selectors as law
from mingqu.portal.selectors.lists import kind_name, region_name
from mingqu.portal.types import Elsewhere, EntryLine, SearchPage


def words_for(page: SearchPage, words: str) -> str:
    """Laws and lists are written in official words: the first that everyday ones were read as, else what was asked."""
    return page.said[0][1].split(" / ")[0] if page.said else words


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
