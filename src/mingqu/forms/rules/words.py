"""Sentences and days about answers, in the language of the page at hand."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from mingqu.kernel.errors import spoken, to_citizens

_MONTHS: Final = (
    to_citizens("{year}年1月{day}日"),
    to_citizens("{year}年2月{day}日"),
    to_citizens("{year}年3月{day}日"),
    to_citizens("{year}年4月{day}日"),
    to_citizens("{year}年5月{day}日"),
    to_citizens("{year}年6月{day}日"),
    to_citizens("{year}年7月{day}日"),
    to_citizens("{year}年8月{day}日"),
    to_citizens("{year}年9月{day}日"),
    to_citizens("{year}年10月{day}日"),
    to_citizens("{year}年11月{day}日"),
    to_citizens("{year}年12月{day}日"),
)


def _(sentence: str, **told: Any) -> str:
    """The sentence with what is told in it; named so that the catalogue finds it (tools/messages.py)."""
    return spoken(sentence).format(**told)


def day_words(day: date) -> str:
    """2026年11月9日, or 9 November 2026."""
    return _(_MONTHS[day.month - 1], year=day.year, day=day.day)
