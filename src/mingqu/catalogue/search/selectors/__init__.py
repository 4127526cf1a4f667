"""Questions to search: what is found, lists without a question, what was asked in vain, sayings."""

from mingqu.catalogue.search.lexemes import EVENTS, ORGANS, THEMES
from mingqu.catalogue.search.selectors.asked import asked_in_vain, by_day
from mingqu.catalogue.search.selectors.browsing import (
    buckets,
    counted,
    counts,
    listed,
    number,
    of_letters,
    region_counts,
)
from mingqu.catalogue.search.selectors.finding import find, suggestions
from mingqu.catalogue.search.selectors.sayings import sayings

__all__ = [
    "EVENTS",
    "ORGANS",
    "THEMES",
    "asked_in_vain",
    "buckets",
    "by_day",
    "counted",
    "counts",
    "find",
    "listed",
    "number",
    "of_letters",
    "region_counts",
    "sayings",
    "suggestions",
]
